"""Folders of files that people write beside the models: corrections and takedowns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.settings import DBT_PROJECT
from scrapers.catalogue.loading import CatalogueError

_MOST_BYTES = 5_000_000


def entry_files(folder: Path) -> Iterator[tuple[str, str]]:
    """The name below dbt_project and the text of each *.yml of ``folder``, by name; none where there is no folder.

    Raises CatalogueError naming the file that cannot be used, also for one that would go unseen.
    """
    for path in sorted(folder.glob("*.yaml")):
        raise CatalogueError(f"{_shown(path)}: a file of {folder.name} ends in .yml; rename it")
    for path in sorted(folder.glob("*.yml")):
        yield f"{folder.name}/{path.name}", _text(path)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CatalogueError(f"{_shown(path)}: larger than {_MOST_BYTES} bytes; split it")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CatalogueError(f"{_shown(path)}: cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{_shown(path)}: not UTF-8 at byte {error.start}") from None


def _shown(path: Path) -> str:
    return f"{DBT_PROJECT.name}/{path.parent.name}/{path.name}"
