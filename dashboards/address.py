"""What is chosen stands in the address: a widget shows what the address says and writes there what a person chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from dashboards.texts import capital


def get(name: str) -> str | None:
    """The value of a parameter of the address; None where there is none."""
    return st.query_params.get(name) or None


def put(**values: str | None) -> None:
    """Writes parameters into the address; None takes one away."""
    for name, value in values.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value


def show() -> None:
    """Makes the browser show the address of this run: a link from a page to itself would leave the old one there."""
    now = st.query_params.to_dict()
    if st.session_state.get("address") != now:
        st.session_state["address"] = now
        st.query_params.from_dict(now)


def _bound(name: str, value: str) -> str:
    """The key of the widget for ``name``, which will show ``value``."""
    key = f"address_{name}"
    st.session_state[key] = value
    return key


def _write(name: str) -> None:
    value = st.session_state.get(f"address_{name}")
    put(**{name: None if value in (None, "") else str(value)})


def current(name: str, options: Sequence[str], default: str | None = None) -> str:
    """What the address says for ``name`` if it is one of ``options``, else ``default``, else the first."""
    asked = get(name)
    if asked in options:
        return str(asked)
    return default if default is not None and default in options else options[0]


def select(
    label: str,
    name: str,
    options: Sequence[str],
    shown: Callable[[str], str],
    default: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """A select box for ``name``; ``options`` must not be empty."""
    key = _bound(name, current(name, options, default))
    st.selectbox(capital(label), options, format_func=shown, key=key, on_change=_write, args=(name,), width=width)
    return current(name, options, default)


def segments(
    label: str, name: str, options: Sequence[str], shown: Callable[[str], str], default: str | None = None
) -> str:
    """A row of buttons for ``name``, one of which is on."""
    key = _bound(name, current(name, options, default))
    st.segmented_control(capital(label), options, format_func=shown, key=key, on_change=_write, args=(name,))
    return current(name, options, default)


def text(label: str, name: str, placeholder: str) -> str:
    """A line to type ``name`` into."""
    key = _bound(name, get(name) or "")
    st.text_input(label, key=key, placeholder=placeholder, on_change=_write, args=(name,))
    return get(name) or ""
