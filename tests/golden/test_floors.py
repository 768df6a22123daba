"""The three sets of pages written blind: no figure may fall below its floor (raise a floor when the reader improves).

corpus: every trap at least twice. heldout, heldout2: natural pages, each measured once before the reader was tuned on it;
docs/accuracy.md keeps those first figures, which are the honest ones.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from scrapers.document import Page
from scrapers.read import read_page
from tests.golden.compare import differences, expected, expected_cells

HERE = Path(__file__).parent
FLOORS = {  # pages without a fault, words right, cells right, must-be-missing violations
    "corpus": (0.80, 0.97, 0.96, 0),
    "heldout": (0.78, 0.98, 1.0, 0),
    "heldout2": (0.72, 0.97, 1.0, 0),
}


def _measure(folder: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for path in sorted((HERE / folder).glob("[0-9]*.yaml")):
        answer = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        file = next(
            one for one in (HERE / folder / answer["file"], HERE / folder / "pages" / answer["file"]) if one.exists()
        )
        official = folder != "corpus" and "url" not in answer
        url = answer.get("url") or (f"http://{folder}.invalid{answer['url_path']}" if answer.get("url_path") else None)
        found = differences(
            answer, read_page(Page(file.read_bytes(), url=url, file_name=answer["file"], official=official))
        )
        counts["pages"] += 1
        counts["faultless"] += not found
        counts["words"] += sum(1 for key in expected(answer) if key[2] == "narrative")
        counts["cells"] += len(expected_cells(answer))
        counts["wrong_cells"] += sum(one.startswith("cell ") for one in found)
        counts["lost_evidence"] += sum("evidence is not the text" in one for one in found)
        counts["invented"] += sum("must be missing" in one for one in found)
        counts["wrong_words"] += sum(
            ": missing, answer" in one or ("from “" in one and "not in the answer" in one) or ".value:" in one
            for one in found
        )
    return counts


@pytest.mark.parametrize("folder", FLOORS)
def test_no_figure_falls_below_its_floor(folder: str) -> None:
    counts = _measure(folder)
    faultless, words, cells, invented = FLOORS[folder]
    assert counts["faultless"] / counts["pages"] >= faultless, counts
    assert 1 - counts["wrong_words"] / counts["words"] >= words, counts
    assert 1 - counts["wrong_cells"] / counts["cells"] >= cells, counts
    assert counts["invented"] <= invented, counts
    assert counts["lost_evidence"] == 0, counts
