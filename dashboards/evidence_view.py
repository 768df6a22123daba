"""The component that shows a report's text beside its figures, each leading to the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


@cache
def _files() -> tuple[str, str]:
    return ((_HERE / "evidence.js").read_text("utf-8"), (_HERE / "evidence.css").read_text("utf-8"))


def show(data: dict[str, Any], key: str, clicked: Callable[[str], None]) -> None:
    """Draws ``data`` (key, blocks, figures, chosen, words); ``clicked`` is told a figure before the page runs again."""

    def heard() -> None:
        figure = st.session_state[key].get("figure")
        if figure is not None:
            clicked(str(figure))

    js, css = _files()
    component = st.components.v2.component("gongkai_evidence", html='<div class="reading"></div>', css=css, js=js)
    component(data=data, key=key, on_figure_change=heard)
