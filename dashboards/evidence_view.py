"""The component that shows a report's text beside its figures, each leading to the other."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


@cache
def _files() -> tuple[str, str]:
    return ((_HERE / "evidence.js").read_text("utf-8"), (_HERE / "evidence.css").read_text("utf-8"))


def show(data: dict[str, Any], key: str) -> str | None:
    """Draws ``data`` (key, blocks, figures, chosen, words); gives the figure that was clicked just now."""
    js, css = _files()
    component = st.components.v2.component("gongkai_evidence", html='<div class="reading"></div>', css=css, js=js)
    result = component(data=data, key=key, on_figure_change=lambda: None)
    clicked = result.get("figure")
    return None if clicked is None else str(clicked)
