"""Colours and style sheet of the pages. The colours stay apart for colour-blind eyes (Okabe and Ito)."""

from __future__ import annotations

BLUE, ORANGE, GREEN, RED, PURPLE, SKY = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9"
INK, QUIET, RULE, EMPTY = "#24292f", "#5c6670", "#c9d1d9", "#eceff2"
SERIES = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY)

STYLE = """
a, .stHtml a { color: #0b5c8f; overflow-wrap: anywhere; }
.stMainBlockContainer { padding: 1rem 1.2rem 2rem; max-width: 1280px; }
header[data-testid="stHeader"] { display: none; }
h1 { font-size: 1.6rem; padding: .2rem 0; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; padding: .9rem 0 .1rem; margin: 0; border-top: 1px solid #dfe4e8; overflow-wrap: anywhere; }
h3 { font-size: .95rem; padding: 0; margin: 0; }
.note, .source { color: #5c6670; font-size: .85rem; margin: .1rem 0 .3rem; overflow-wrap: anywhere; }
.sample { background: #fff3cd; border: 1px solid #e0b93c; border-radius: 4px; padding: .3rem .6rem; font-size: .85rem; }
.foot { border-top: 1px solid #dfe4e8; margin-top: 1.5rem; padding-top: .5rem; color: #5c6670; font-size: .8rem; }
.foot span { display: block; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; }
.tiles > div { border: 1px solid #dfe4e8; border-radius: 6px; padding: .5rem .7rem; background: #fff; }
.tiles b { display: block; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere; }
.tiles span { color: #5c6670; font-size: .82rem; }
.scroll { overflow-x: auto; max-height: 34rem; overflow-y: auto; }
table.rows { border-collapse: collapse; width: 100%; font-size: .86rem; }
table.rows th { text-align: left; color: #5c6670; font-weight: 600; border-bottom: 2px solid #dfe4e8;
  padding: .25rem .5rem; position: sticky; top: 0; background: #fff; white-space: nowrap; }
table.rows td { border-bottom: 1px solid #eceff2; padding: .25rem .5rem; vertical-align: top;
  max-width: 26rem; overflow-wrap: break-word; }
table.rows .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
table.rows td.w { min-width: 9rem; } table.rows td.s { white-space: nowrap; }
.facts, .stHtml .facts { display: grid; margin: 0; padding: 0;
  grid-template-columns: max-content 1fr; gap: .15rem .8rem; font-size: .88rem; }
.facts dt { color: #5c6670; } .facts dd { margin: 0; overflow-wrap: anywhere; }
.key { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .82rem; color: #24292f; margin: 0 0 .2rem; }
.key i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .3em;
  border: 1px solid #c9d1d9; }
.stElementContainer:has(> .stHtml) { min-width: 0; }
.badge { display: inline-block; border-radius: 4px; padding: 0 .4rem; font-size: .8rem; border: 1px solid #c9d1d9; }
.badge.good { border-color: #009e73; color: #00664b; } .badge.bad { border-color: #d55e00; color: #a34700; }
.badge.doubt { border-color: #b37b00; color: #7a5400; }
.diff { font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #dfe4e8; padding: .5rem; }
.diff ins { background: #d7f0e6; text-decoration: none; } .diff del { background: #fbe0d1; }
.diff ins::before { content: "+ "; } .diff del::before { content: "− "; }
.st-key-head { border-bottom: 1px solid #dfe4e8; }
"""
