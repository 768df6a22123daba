"""The comparison itself is scrapers/accuracy/compare.py; here is what the mutation tests need of it."""

from __future__ import annotations

from scrapers.accuracy.identity import IDENTITY, PLACE

__all__ = ["IDENTITY", "PLACE"]
