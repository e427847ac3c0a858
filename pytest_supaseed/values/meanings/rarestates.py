"""States that few rows are in, such as deleted or banned, by the word in the names of their columns.

:data:`RARE_STATES` says for each what its columns hold: booleans (``is_deleted``), moments (``deleted_at``) and other
optional columns (``deleted_by``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RareState:
    """A state that few rows are in.

    Attributes:
        word: as it stands in names of columns.
        false: whether a boolean named after it is false in ordinary rows.
        unset: whether a nullable date or time of it is NULL in most rows, whatever its table.
        last: whether its moment comes after all others in a row's life.
        mostly_null: whether any optional column named after it is NULL in most rows.
    """

    word: str
    false: bool = False
    unset: bool = False
    last: bool = False
    mostly_null: bool = False


RARE_STATES = (
    RareState("deleted", false=True, unset=True, last=True),
    RareState("archived", false=True, unset=True, last=True),
    RareState("removed", false=True, unset=True, last=True),
    RareState("revoked", false=True, unset=True, last=True),
    RareState("canceled", false=True, unset=True, last=True, mostly_null=True),
    RareState("cancelled", false=True, unset=True, last=True, mostly_null=True),
    RareState("banned", false=True, unset=True, last=True, mostly_null=True),
    RareState("suspended", false=True, unset=True, mostly_null=True),
    RareState("locked", false=True, unset=True, mostly_null=True),
    RareState("blocked", false=True, unset=True, mostly_null=True),
    RareState("disabled", false=True, unset=True),
    RareState("hidden", false=True),
    RareState("spam", false=True),
    RareState("deactivated", unset=True, last=True),
    RareState("expunged", unset=True),
    RareState("purged", last=True),
    RareState("died", last=True, mostly_null=True),
    RareState("death", last=True, mostly_null=True),
    RareState("deceased", last=True, mostly_null=True),
    *(
        RareState(word, mostly_null=True)
        for word in (
            "terminated", "termination", "resigned", "lockout", "error", "exception", "refunded", "cancel",
            "cancellation", "lost", "rejected", "rejection", "failure",
        )
    ),
)  # fmt: skip
# Alternatives of regular expressions.
FALSE_WORDS = "|".join(state.word for state in RARE_STATES if state.false)
UNSET_WORDS = "|".join(state.word for state in RARE_STATES if state.unset)
LAST_WORDS = "|".join(state.word for state in RARE_STATES if state.last)
MOSTLY_NULL_WORDS = "|".join(state.word for state in RARE_STATES if state.mostly_null)
