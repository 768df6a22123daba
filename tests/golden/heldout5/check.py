"""Checks pages against answers with parsers of no relation to the reader: ``python -m tests.golden.heldout5.check``.

The checks are those of the fourth set, run over this folder; besides, no sentence may stand in another set or in a seed
(give the folder of the seeds as an argument). ``--set tests/golden/heldout6`` (to 9) checks a later set.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import yaml

from tests.golden.heldout4 import check as fourth
from tests.golden.heldout5.maker.make import set_folder


def sentences(text: str) -> set[str]:
    found = {fourth.squeezed(s) for s in re.split(r"[。；！？\n]", text)}
    return {s for s in found if len(s) > 16 and not s.startswith("==")}


def main() -> None:
    folder = set_folder()
    fourth.HERE = folder
    fourth.UNITS.update(("则", "项"))
    fourth.main()
    for path in sorted(folder.glob("[0-9]*.yaml")):
        answer = yaml.safe_load(path.read_text(encoding="utf-8"))
        stated = Counter(f["metric_id"] for f in answer["figures"])
        both = set(answer["tolerated"]) & (set(stated) | set(answer["cells"]) | set(answer["matrix"]))
        if both:
            print(path.stem, "stated and tolerated", both)
    prose = fourth.narratives()
    for name, text in prose.items():
        size, numbers = len(fourth.squeezed(text)), len(fourth.NUMBER.findall(text))
        if not 400 <= size <= 1200:
            print(name, "letters of prose", size, "numbers", numbers)
    foreign = [p.read_text(encoding="utf-8") for folder in sys.argv[1:] for p in Path(folder).glob("*.txt")]
    for name, text in prose.items():
        for sentence in sentences(text):
            if any(sentence in fourth.squeezed(other) for other in foreign):
                print(name, "stands elsewhere:", sentence)


if __name__ == "__main__":
    main()
