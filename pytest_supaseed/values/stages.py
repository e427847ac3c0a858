"""In which order the columns of a row are made, so that some can follow others and none needs itself."""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_supaseed.constraints.literals import NUMBERS, TIMES
from pytest_supaseed.schema import Column
from pytest_supaseed.values.lifetimes import moment_rank
from pytest_supaseed.values.words import spelt

# The first that fits counts; what none fits is made first. Moments come about in the order of their ranks.
_TEXTS = (
    (7, r"_normalized_"),
    (6, r"_(slug|permalink|url|uri|link|website|homepage|domain)_|_value_$"),
    (5, r"_(email|mail)_|email_$"),
    (4, r"_(username|login|handle|nickname|nick)_"),
    (3, r"_(full|display)_name_|_(zip|postcode|currency|timezone|capital|continent|calling|nationality|tld|symbol|local"
        r"|native|alpha|iso|locale)_|_phone_code_"),
    (2, r"_(gender|sex|salutation|courtesy|country|model|mime|content_type|flag|emoji)_|_(meta|seo|og)_title_"
        r"|_legal_name_"),
    (1, r"_(state|region|province|county|state_code)_|^_name_$|_(code|label|extension|ext)_$"),
)  # fmt: skip
_NUMBERS = (
    (8, r"_(balance|due|outstanding|remaining|change)_"),
    (7, r"_(paid|used|redeemed|received)_"),
    (6, r"_(total|gross|grand|extended)_|^_amount_$"),
    (5, r"_(tax|vat)_(amount_)?(cents_)?$"),
    (4, r"_discount_|_discounted_"),
    (3, r"_(subtotal|net)_"),
    (2, r"_(yearly|annual|monthly_yearly)_|_age_|_nights_"),
    (1, r"_(max|maximum|high|upper|sale|cost|compare|list|msrp|original|regular|retail|old|special|rgt|longitude|lng"
        r"|lon|long|latitude|lat)_"),
)  # fmt: skip
_COMPILED = {
    kind: tuple((stage, re.compile(pattern)) for stage, pattern in rules)
    for kind, rules in (("text", _TEXTS), ("number", _NUMBERS))
}
# Beyond any rank of a moment.
_AFTER_MOMENTS = 100


def stage(column: Column) -> int:
    """Return the stage of a column: what is of a lower one is made first.

    Args:
        column: the column.
    """
    return _stage(column.name, column.type.name)


@lru_cache(maxsize=10_000)
def _stage(name: str, type_name: str) -> int:
    if type_name in TIMES:
        return moment_rank(name)
    words = spelt(name)
    kind = "number" if type_name in NUMBERS else "text"
    found = next((number for number, pattern in _COMPILED[kind] if pattern.search(words)), 0)
    return found if kind == "text" else _AFTER_MOMENTS * bool(found) + found
