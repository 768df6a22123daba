"""The entry of the dashboards: which page, in which language, on which build."""

from __future__ import annotations

import streamlit as st

from dashboards import address, shell
from dashboards.screens import jurisdiction, overview, quality, report

PAGES = {
    "overview": (overview.show, ""),
    "jurisdiction": (jurisdiction.show, "jurisdiction"),
    "report": (report.show, "report"),
    "quality": (quality.show, "quality"),
}


def main() -> None:
    """One run of a page."""
    words = shell.words_of_session()
    address.show()
    pages = {
        name: st.Page(shell.page(name, show), title=words(f"nav_{name}"), url_path=path, default=not path)
        for name, (show, path) in PAGES.items()
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    shell.begin(words, pages, chosen.title)
    chosen.run()


main()
