"""Notices to people through apprise (webhook, e-mail, chat): the gate refused, a source went quiet, a run failed.

The addresses (``GONGKAI_NOTIFY``) hold secrets: they are never logged, stored or shown, and a notice that cannot be
sent never breaks a run.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from flows.history import CANCELLED, FAILED, REFUSED, Summary

log = logging.getLogger("gongkai")
_LONGEST = 1_500  # characters: a message, not a report
_ISSUES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Notice:
    """One message."""

    title: str
    body: str


def notice_of(warehouse: Path, flow: str, summary: Summary | None, error: BaseException | None) -> Notice | None:
    """What people should know of a run that has ended; None where there is nothing to tell."""
    reasons, what = _reasons(summary, error)
    if not reasons:
        return None
    run = summary.run_id if summary else "not begun"
    lines = [f"warehouse: {warehouse}", f"run: {flow} {run}", *reasons]
    return Notice(f"Gongkai {flow}: {what}", "\n".join(lines)[:_LONGEST])


def _reasons(summary: Summary | None, error: BaseException | None) -> tuple[list[str], str]:
    reasons, what = [], ""
    if summary is not None:
        issues = summary.new_issues
        if issues:
            what = "a source has gone quiet" if len(issues) == 1 else f"{len(issues)} sources have gone quiet"
            reasons += [f"source: {issue}" for issue in issues[:_ISSUES_SHOWN]]
            reasons += [f"… and {len(issues) - _ISSUES_SHOWN} more"] if len(issues) > _ISSUES_SHOWN else []
        if summary.crashed_before:
            what = "a run before crashed"
            reasons.insert(0, f"crashed before: {', '.join(summary.crashed_before)}")
        if summary.outcome == REFUSED:
            what = "the gate refused the build"
            reasons.insert(0, f"reason: {summary.message}; what was published before stays")
        elif summary.outcome in (FAILED, CANCELLED):
            what = "the run failed" if summary.outcome == FAILED else "the run was stopped"
            reasons.insert(0, f"reason: {summary.message}")
    elif error is not None:
        what = "the run failed"
        reasons.append(f"reason: {error if str(error) else type(error).__name__}")
    return [" ".join(reason.split()) for reason in reasons], what


def send(notice: Notice, addresses: SecretStr | None) -> bool:
    """Sends ``notice`` to each of ``addresses``; False, with a warning in the log, where one did not take it."""
    urls = [url for url in re.split(r"[\s,]+", addresses.get_secret_value()) if url] if addresses else []
    failed = [number for number, url in enumerate(urls, 1) if not _sent(notice, url)]
    if failed:
        numbers = ", ".join(str(number) for number in failed)
        log.warning("the notice %r was not taken by address %s of GONGKAI_NOTIFY", notice.title, numbers)
    return not failed


def _sent(notice: Notice, url: str) -> bool:
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it would log addresses
    try:
        import apprise

        sender = apprise.Apprise()
        return sender.add(url) and bool(
            sender.notify(title=notice.title, body=notice.body, body_format=apprise.NotifyFormat.TEXT)
        )
    except Exception:  # whatever a plug-in does: its text may hold the address, so it is not logged
        return False
