"""Pages out of WARC and ARC files that others made: each answer ends as one ``Fetched``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from scrapers.archive.messages import BadMessage, Message, content_of, without_chunks
from scrapers.archive.reader import block_limit, kind_of, message_of, open_ordinary, record_date
from scrapers.archive.records import FILE_SCHEME, file_of_target
from scrapers.archive.scan import Damage, Record, scan
from scrapers.document import Page
from scrapers.fetch.addresses import BadUrl, web_address
from scrapers.fetch.bodies import is_wanted, looks_like_document, media_type
from scrapers.fetch.folder import FolderError, FolderLimits
from scrapers.fetch.outcomes import OUTCOME_TEXTS, Attempt, Exchange, Fetched, Outcome, Role
from scrapers.fetch.signs import sign_of

SOURCE_ID = "warc"
ENDINGS = (".warc", ".warc.gz", ".arc", ".arc.gz")
_GONE = (404, 410)


def read_warc_files(place: Path, limits: FolderLimits | None = None) -> Iterator[Fetched]:
    """The pages of a WARC or ARC file, or of all such files below a folder, by path; one page in memory at a time.

    Only answers with status 200 that may be a page or a document are pages; each other answer, and each stretch that
    cannot be read, is an attempt with its reason. Links are not followed. Raises FolderError where nothing is there.
    """
    files = _files(place)
    if not files:
        raise FolderError(f"{place}: no file that ends in {' '.join(ENDINGS)}")
    for name, path in files:
        reader = _FileReader(name, limits or FolderLimits())
        try:
            with open_ordinary(path) as file:
                for found in scan(file, block_limit(reader.largest)):
                    if isinstance(found, Record) and kind_of(found) == "sample":
                        yield reader.fault("holds the invented sample, which never goes among published reports")
                        break
                    fetched = reader.fetched(found)
                    if fetched is not None:
                        yield fetched
        except OSError as error:
            yield reader.fault(f"cannot be opened: {error.strerror or error}")
            continue
        if not reader.rows:
            yield reader.fault("holds no answer of a site")


def _files(place: Path) -> list[tuple[str, Path]]:
    """Names ("/" between parts) and paths of the files to read; hidden files and links are left out."""
    if not place.is_dir():
        return [(place.name, place)] if place.exists() else []
    found = []
    for folder, folders, names in os.walk(place):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if name.lower().endswith(ENDINGS) and not name.startswith(".") and not path.is_symlink():
                text = os.fsencode(path.relative_to(place).as_posix()).decode("utf-8", "backslashreplace")
                found.append((text, path))
    return sorted(found)


@dataclass(slots=True)
class _FileReader:
    """What the records of one file come to."""

    name: str
    limits: FolderLimits
    rows: int = 0  # attempts given so far

    @property
    def largest(self) -> int:
        return max(self.limits.max_bytes_html, self.limits.max_bytes_pdf)

    def fault(self, reason: str, offset: int | None = None) -> Fetched:
        """An attempt on the file itself, or on one place in it, that came to nothing."""
        self.rows += 1
        at = self.name if offset is None else f"{self.name} at offset {offset}"
        reason = f"{at}: {reason}"
        attempt = Attempt(
            SOURCE_ID, self.name, None, Outcome.unreadable_file, reason, datetime.now(UTC), role=Role.file
        )
        return Fetched(None, attempt)

    def fetched(self, found: Record | Damage) -> Fetched | None:
        """The end of one record; None for records that are about other records."""
        if isinstance(found, Damage):
            return self.fault(found.reason, found.offset)
        if found.record_type not in ("response", "resource", "revisit"):
            return None
        target = found.target or ""
        if target.split(":")[0].lower() in ("dns", "whois", "ntp"):
            return None
        self.rows += 1
        date = record_date(found)
        attempt = Attempt(
            SOURCE_ID, None, target or None, Outcome.ok, None, datetime.now(UTC), fetched_at=date, role=Role.report
        )
        try:
            return self._page(found, self._addressed(attempt, target))
        except BadUrl as error:
            return self._without(attempt, Outcome.bad_url, str(error), found)
        except BadMessage as error:
            return self._without(attempt, Outcome.unreadable_file, str(error), found)

    def _addressed(self, attempt: Attempt, target: str) -> Attempt:
        if target.startswith(FILE_SCHEME):
            return replace(attempt, source_url=None, source_file=file_of_target(target), role=Role.file)
        return replace(attempt, source_url=web_address(target))

    def _without(self, attempt: Attempt, outcome: Outcome, reason: str, record: Record) -> Fetched:
        reason = f"{self.name} at offset {record.offset}: {reason}"
        return Fetched(None, replace(attempt, outcome=outcome, reason=reason))

    def _page(self, record: Record, attempt: Attempt) -> Fetched:
        """Raises BadMessage."""
        if record.record_type == "revisit":
            date = record.header("warc-refers-to-date") or "an unknown date"
            return self._without(attempt, Outcome.not_html, f"the same bytes as the record of {date}", record)
        if record.block is None:
            return self._without(attempt, Outcome.too_large, f"a record of {record.block_size} bytes", record)
        if record.record_type == "resource":
            return self._content(record, attempt, record.header("content-type"), record.block, None)
        message = message_of(record)
        sort = message.header("content-type")
        attempt = replace(
            attempt, http_status=message.status, content_type=sort, etag=message.header("etag"),
            last_modified=message.header("last-modified"),
        )  # fmt: skip
        if message.status != 200:
            outcome = _outcome(message.status)
            return self._without(attempt, outcome, f"the site answered {message.status or 'without a status'}", record)
        if not is_wanted(media_type(sort)):
            return self._without(attempt, Outcome.not_html, f"{sort}, neither a page nor a document", record)
        content = content_of(message, self.largest)
        return self._content(record, attempt, sort, content, _exchange(record, message, attempt))

    def _content(
        self, record: Record, attempt: Attempt, sort: str | None, content: bytes, exchange: Exchange | None
    ) -> Fetched:
        attempt = replace(
            attempt, content_type=sort, byte_count=len(content), content_sha256=hashlib.sha256(content).hexdigest()
        )
        if not is_wanted(media_type(sort)):
            return self._without(attempt, Outcome.not_html, f"{sort}, neither a page nor a document", record)
        if not content.strip():
            return self._without(attempt, Outcome.empty, OUTCOME_TEXTS[Outcome.empty], record)
        limit = self.limits.max_bytes_pdf if looks_like_document(content[:64]) else self.limits.max_bytes_html
        if len(content) > limit:
            return self._without(attempt, Outcome.too_large, f"more than {limit / 1_000_000:g} MB", record)
        headers = httpx.Headers(list(exchange.response_headers)) if exchange else httpx.Headers()
        sign = sign_of(content, attempt.source_url or "", attempt.source_url or "", headers)
        if sign:
            return self._without(attempt, *sign, record)
        page = Page(content, attempt.source_file, attempt.source_url, sort)
        return Fetched(page, attempt, exchange)


def _outcome(status: int | None) -> Outcome:
    if status in _GONE:
        return Outcome.gone
    if status is not None and 300 <= status < 400:
        return Outcome.not_html  # a redirect: where it leads is a record of its own
    return Outcome.refused if status is not None and 400 <= status < 500 else Outcome.server_error


def _exchange(record: Record, message: Message, attempt: Attempt) -> Exchange:
    """The answer as it stands in the file; the request stands elsewhere and is not taken over."""
    return Exchange(
        url=attempt.source_url or "", request_line="", request_headers=(), status_line=message.first_line,
        response_headers=message.raw_headers, body=without_chunks(message), ip_address=record.header("warc-ip-address"),
        sent_at=record_date(record) or attempt.attempted_at,
    )  # fmt: skip
