"""Words, phrases and codes of all subjects, by the last words of a column's name: :data:`VOCABULARY`.

:data:`SUBJECT` is their meaning; :func:`rated` writes reviews that suit the rating of their row.
"""

from __future__ import annotations

import re
from functools import cache
from random import Random

from pytest_supaseed.model.identifiers import singular, spelt
from pytest_supaseed.model.type_families import is_number, is_string
from pytest_supaseed.values.meanings import identifiers, local_words, own_words, people
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.endings import Endings
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning
from pytest_supaseed.values.meanings.phrases import Phrases, slots_of
from pytest_supaseed.values.meanings.subjects import (
    animals,
    arts,
    attributes,
    commerce,
    education,
    general,
    industry,
    insurance,
    marketing,
    media,
    medical,
    personnel,
    prose,
    software,
    things,
    transport,
    travel,
)

_WITH_SLOTS = (
    commerce, education, media, medical, personnel, software, transport, insurance, travel, marketing, animals,
    industry, arts, general, prose,
)  # fmt: skip
SLOTS = slots_of([subject.SLOTS for subject in _WITH_SLOTS])
# What columns of any table say comes after the subjects.
SUBJECTS = (*_WITH_SLOTS[:-2], identifiers, general, prose, things)
VOCABULARY = Endings(tuple(subject.NAMES for subject in SUBJECTS), lambda text: Phrases(text, SLOTS))


ATTRIBUTES = Endings((attributes.NAMES,), lambda text: Phrases(text, SLOTS))


def _is_known(context: Context) -> bool:
    return _phrases(context) is not None


def _phrases(context: Context) -> Phrases | None:
    return VOCABULARY.find(context.words, context.about)


def _attribute(context: Context) -> Phrases | None:
    """The phrases of an attribute, None if it has none that may be short enough."""
    found = ATTRIBUTES.find(context.words, context.about)
    if found is None or context.most is None:
        return found
    return found if len(found.drawn(Random(0), context.most)) <= context.most else None  # noqa: S311 no secret


def _written(context: Context) -> Derived:
    phrases = _phrases(context)
    assert phrases is not None  # noqa: S101 for the type checker: _is_known comes first
    return _writer(context, phrases)


def _written_attribute(context: Context) -> Derived:
    phrases = _attribute(context)
    assert phrases is not None  # noqa: S101 for the type checker: where comes first
    return _writer(context, phrases)


def _writer(context: Context, phrases: Phrases) -> Derived:
    if any(map(own_words.names_own, phrases.alternatives)):
        phrases = phrases.with_slots(own_words.slots_about(context, SLOTS))
    titled = _TITLED.search(context.words) is not None
    person, is_text = phrases.is_person, phrases.is_text

    drawn = phrases.drawn
    is_reason = context.words.endswith("_reason_")
    in_words = is_text or _IN_WORDS.search(context.words) is not None
    continued = ((is_text and not titled) or _IN_WORDS.search(context.words) is not None) and not any(
        text.endswith("?") for text in phrases.alternatives
    )
    slots = own_words.slots_about(context, SLOTS)
    told = _DESCRIBES.search(context.words) is None
    remark = Phrases("{closing_remark}" if told else "{closing_detail}", slots)
    dated = Phrases("{closing_date}", slots)

    def write(ask: Ask) -> str:
        if person and not ask.english:
            return people.full_name(*ask.people(), ask.context.locale)
        if not ask.english and (titled or in_words or is_reason) and local_words.has_words(ask):
            if is_reason:
                return local_words.word(ask, "reason")
            if context.words == "_name_":
                return local_words.name(ask)
            return local_words.title(ask) if titled else local_words.sentences(ask)
        text = drawn(ask.faker.random, ask.most)
        if continued and phrases.is_repetitive and ask.faker.random.random() < _CONTINUED:
            is_sentence = text.endswith((".", "!"))
            if not is_sentence and not told:
                longer = text if _DETAILED.search(text) else f"{text}, {dated.one(ask.faker.random)}"
            else:
                end = "" if is_sentence or len(text) < _LEAST_SENTENCE else "."
                is_sentence = is_sentence or bool(end)
                longer = f"{text}{end} {remark.one(ask.faker.random)}" if is_sentence else text
            return longer if ask.most is None or len(longer) <= ask.most else text
        return text

    return write, ()


# How often a remark of any subject follows texts that would often be the same.
_CONTINUED = 0.8
# Names of what is put into words, whether in sentences or not, and the least characters of what may stand alone.
_IN_WORDS = re.compile(
    r"_(analysis|findings?|notes?|remarks?|done|resolution|opinion|summary|diagnos[ei]s|complaint|description|reply|message"
    r"|text|comments?|observations?|conclusions?|effectiveness_check|corrective_action|report|narrative|history)_$"
)
_LEAST_SENTENCE = 12
# What has a detail already needs no date.
_DETAILED = re.compile(r"[,\d]")
# Of these, what describes a thing; all others are what one person tells another.
_DESCRIBES = re.compile(
    r"_(description|details|summary|text|overview|about|narrative|abstract|instructions?|terms|conditions|highlights)_$"
)
# Names of titles; other texts are prose where they end in a full stop.
_TITLED = re.compile(r"_(title|subject|headline|heading|subtitle|tagline|slogan|motto|caption)_$|^_name_$")
_RATING = re.compile(r"^_(\w+_)?(rating|stars|score|overall_rating)_$")
_REVIEWED = frozenset(("review", "testimonial", "feedback", "rating", "product_review"))


@cache
def _reviewed() -> dict[str, str]:
    return {word: name for name, words in prose.REVIEWED.items() for word in words.split()}


def reviewed(context: Context) -> str:
    """What the table's reviews are of, as the end of the names of their slots; empty for articles of a shop.

    Example:
        A review that references a book gives ``_book``.
    """
    table = context.table
    words = [*spelt(table.name.separated).strip("_").split("_")]
    for key in table.foreign_keys:
        words += spelt(key.referenced.separated).strip("_").split("_")
    for column in table.columns:
        words += column.words.strip("_").split("_")
    found = [_reviewed()[one] for word in words if (one := singular(word)) in _reviewed()]
    return f"_{found[0]}" if found and all(found) else ""


# Of a person's or a program's work.
_APPRAISALS = frozenset(
    ("performance_review", "code_review", "peer_review", "annual_review", "security_review")
)


def _is_review(context: Context) -> bool:
    if not _APPRAISALS.isdisjoint(context.about):
        return False
    return not _REVIEWED.isdisjoint((context.subject, *context.things[:1])) or "_review_" in context.words


def _ratings(context: Context) -> tuple[str, ...]:
    """The column with the rating of the row."""
    found = [
        column.name
        for column in context.earlier
        if is_number(column.type) and not column.type.array and _RATING.search(column.words)
    ]
    return tuple(found[:1])


@cache
def _reviews(text: str) -> Phrases:
    return Phrases(text, SLOTS)


def _tone(ask: Ask) -> str:
    """Whether a review is good, mixed or bad, by the rating of its row, of 5, 10 or 100."""
    rating = next((ask.row.get(name) for name in _ratings(ask.context)), None)
    if not isinstance(rating, (int, float)) and not hasattr(rating, "as_tuple"):
        return str(ask.pick(("good", "good", "good", "mixed", "bad")))
    share = float(rating) / (5 if rating <= 5 else 10 if rating <= 10 else 100)  # type: ignore[arg-type,operator]
    return "good" if share > 0.7 else "mixed" if share > 0.45 else "bad"


def rated(ask: Ask) -> str:
    """A review, one to three sentences that suit the rating of the row."""
    if local_words.has_words(ask):
        return local_words.sentences(ask)
    tone = _tone(ask)
    return _reviews(f"+1-3 {{review_{tone}{reviewed(ask.context)}}}").drawn(ask.faker.random, ask.most)


def rated_title(ask: Ask) -> str:
    """The title of a review, which suits the rating of the row."""
    if local_words.has_words(ask):
        return local_words.title(ask)
    return _reviews(f"{{review_title_{_tone(ask)}}}").drawn(ask.faker.random, ask.most)


def rated_response(ask: Ask) -> str:
    """What the reviewed answers, which suits the rating of the row."""
    if local_words.has_words(ask):
        return local_words.sentences(ask, 1, 2)
    tone = "bad" if _tone(ask) == "bad" else "good"
    return _reviews(f"{{response_{tone}}}").drawn(ask.faker.random, ask.most)


# Reviews are written after numbers that stand behind them.
REVIEWS = (
    Meaning(
        "title of a review",
        r"^_(title|headline|heading|subject|summary)_$",
        rated_title,
        _ratings,
        where=_is_review,
        comments=False,
    ),
    Meaning(
        "answer to a review",
        r"^_(owner_|seller_|management_|host_)?(response|reply)_(text_)?$",
        rated_response,
        _ratings,
        where=_is_review,
        comments=False,
        stages={8: r"_(response|reply)_"},
    ),
    Meaning(
        "review",
        r"^_(\w+_)?(review|review_text|body|comment|comments|content|text|description|feedback|message)_$",
        rated,
        _ratings,
        where=_is_review,
        comments=False,
        stages={8: r"_(review|review_text|body|comments?|content|feedback|headline)_"},
    ),
)
SUBJECT = Meaning(
    "word or phrase of a subject", "", derive=_written, where=_is_known, types=is_string, comments=False
)
# The last of all meanings, as its names are wide.
ATTRIBUTE = Meaning(
    "attribute of any thing",
    "",
    derive=_written_attribute,
    where=lambda context: _attribute(context) is not None,
    types=is_string,
    comments=False,
)
