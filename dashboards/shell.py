"""What every page has around it: language, navigation, the notice of the sample, and where its figures come from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards import address
from dashboards.published import NothingPublished, OlderBuild, Published, open_published
from dashboards.server import WAREHOUSE
from dashboards.style import STYLE
from dashboards.tables import Link
from dashboards.texts import capital, escaped, label
from dashboards.words import LANGUAGES, Words
from flows.published import SAMPLE_NOTICE
from flows.status import read_status
from flows.warehouse.places import Places

_LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
_PAGES = "pages_of_run"
Show = Callable[[Published, Words], None]


def words_of_session() -> Words:
    """The texts in the language of the address, else of the session, else of the browser; the address then says it."""
    asked = address.get("lang") or st.session_state.get("lang") or (st.context.locale or "zh")[:2].lower()
    language = asked if asked in LANGUAGES else "en"
    st.session_state["lang"] = language
    address.put(lang=language)
    return Words(language)


def begin(words: Words, pages: dict[str, Any], title: str) -> None:
    """The head of every page: style, navigation, language."""
    st.set_page_config(page_title=f"{title} · {words('app_title')}", layout="wide", initial_sidebar_state="collapsed")
    st.html(f"<style>{STYLE}</style>")
    st.session_state[_PAGES] = pages
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        with st.container(horizontal=True, width="content", gap="small", key="navigation"):
            for name, page in pages.items():
                st.page_link(page, label=words(f"nav_{name}"), query_params={"lang": words.language})
        other = next(language for language in LANGUAGES if language != words.language)
        st.button(_LANGUAGE_NAMES[other], on_click=_speak, args=(other,), key="language", type="tertiary")


def _speak(language: str) -> None:
    st.session_state["lang"] = language
    address.put(lang=language)


def link(words: Words, page: str, text: str, **parameters: str | None) -> None:
    """A link to another page with what it shall show; ``text`` is plain text."""
    chosen = {name: value for name, value in parameters.items() if value}
    st.page_link(st.session_state[_PAGES][page], label=label(text), query_params={"lang": words.language, **chosen})


def report_link(words: Words, text: str | None, report_id: str | None, **parameters: str) -> Link | None:
    """A cell of a table that leads to a report; None where there is none."""
    if not report_id:
        return None
    return Link(text or report_id, "report", {"lang": words.language, "report": report_id, **parameters})


def places_of_environment() -> Places:
    """The warehouse that the server was started for."""
    return Places(Path(os.environ[WAREHOUSE]))


def page(name: str, show: Show) -> Callable[[], None]:
    """``show`` as a page: on the build of this moment, with notice and footer, or a sentence where there is none."""

    def run() -> None:
        words = words_of_session()
        places = places_of_environment()
        try:
            published = open_published(places)
        except NothingPublished:
            st.info(words("nothing_published", folder=label(places.root.name)))
            return
        except OlderBuild as older:
            st.info(words("older_build", build=label(older)))
            return
        if published.is_sample:
            st.html(f'<div class="sample" role="note">{escaped(SAMPLE_NOTICE)} · {escaped(words("sample"))}</div>')
        show(published, words)
        _footer(published, words, places)

    run.__name__ = name
    return run


def heading(text: str, note: str | None = None) -> None:
    """The title of a page; both texts may come from reports."""
    st.html(f"<h1>{escaped(text)}</h1>" + (f'<p class="note">{escaped(note)}</p>' if note else ""))


def part(text: str, note: str | None = None) -> None:
    """The title of a part of a page."""
    st.html(f"<h2>{escaped(capital(text))}</h2>" + (f'<p class="note">{escaped(note)}</p>' if note else ""))


def source_line(published: Published, words: Words) -> str:
    """Where figures of this build come from, for the foot of a chart or table."""
    return words("source_line_sample" if published.is_sample else "source_line", build=published.build_id)


def _footer(published: Published, words: Words, places: Places) -> None:
    status = read_status(places) or {}
    made = str(published.manifest.get("created_at") or "")[:16].replace("T", " ")
    run = status.get("last_run") or {}
    lines = [
        f"{words('build')} {published.build_id} · {words('made_at')} {made} UTC",
        f"{words('reader')} {published.manifest.get('reader_version') or '?'}",
        source_line(published, words),
        f"{words('gate_file')} published/gate.json",
    ]
    if run.get("run_id") and run.get("build_id") != published.build_id:
        lines.append(words("later_run", run=run["run_id"], outcome=words.code("outcome", run.get("outcome"))))
    st.html('<footer class="foot">' + "".join(f"<span>{escaped(line)}</span>" for line in lines) + "</footer>")
