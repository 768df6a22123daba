"""What the words of a link say: the year of the report and the unit whose report it is."""

from __future__ import annotations

import re
from functools import lru_cache

from scrapers.clean.normalise import fold, script_of
from scrapers.extract.dates import years_in
from scrapers.extract.titles import agency_of_title, title_words

_MOST = 200  # characters of a link's words
_RANGE = re.compile(r"(?:19|20)\d\d\s?年?\s?[-—–~～至到]\s?(?:19|20)\d\d")
_LABEL = re.compile(r"^[\[【(（][^\]】)）]{1,12}[\]】)）]\s?")
_PLACE = re.compile(r"[一-鿿][省市县区旗州盟镇乡]$|街道$")


@lru_cache(maxsize=4_096)
def year_and_unit(words: str) -> tuple[int | None, str | None]:
    """The year and the unit (agency, town, county) that the words of a link name; None where they name none.

    Words that name several years tell none. Traditional characters are read as Simplified.
    """
    text = _LABEL.sub("", fold(words[:_MOST], script_of(words[:_MOST])).replace(" ", ""))
    years = set(years_in(text))
    year = years.pop() if len(years) == 1 and not _RANGE.search(text) else None
    unit = agency_of_title(text) if text else None
    named = unit is not None and (_PLACE.search(unit) or title_words().agency_end.search(unit))
    return year, unit if named else None
