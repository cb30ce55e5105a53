"""Every row of the table of how a customer may be written to, and its edges."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from shop.reach import PERSONS_WINDOW, WINDOW, Author, Closed, Way, way
from tests.factories import NOW

SECOND = timedelta(seconds=1)
JUST, LATER, LONG = timedelta(hours=1), timedelta(hours=25), timedelta(days=8)
TEMPLATES = (None, "APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "REFUSED", "")


@pytest.mark.parametrize(
    ("author", "ago", "template", "expected"),
    [
        (Author.BOT, JUST, None, Way.RESPONSE),
        (Author.BOT, WINDOW, None, Way.RESPONSE),
        (Author.BOT, WINDOW + SECOND, "APPROVED", Closed.WINDOW),
        (Author.BOT, None, "APPROVED", Closed.WINDOW),
        (Author.NOTICE, JUST, None, Way.UPDATE),
        (Author.NOTICE, WINDOW, "APPROVED", Way.UPDATE),
        (Author.NOTICE, WINDOW + SECOND, "APPROVED", Way.UTILITY),
        (Author.NOTICE, LONG, "APPROVED", Way.UTILITY),
        (Author.NOTICE, None, "APPROVED", Way.UTILITY),
        (Author.NOTICE, LATER, None, Closed.NO_TEMPLATE),
        (Author.NOTICE, LATER, "PENDING", Closed.TEMPLATE_PENDING),
        (Author.NOTICE, LATER, "REJECTED", Closed.TEMPLATE_REJECTED),
        (Author.NOTICE, LATER, "PAUSED", Closed.TEMPLATE_REJECTED),
        (Author.PERSON, JUST, None, Way.RESPONSE),
        (Author.PERSON, WINDOW + SECOND, None, Way.HUMAN_AGENT),
        (Author.PERSON, PERSONS_WINDOW, None, Way.HUMAN_AGENT),
        (Author.PERSON, PERSONS_WINDOW + SECOND, "APPROVED", Closed.SEVEN_DAYS),
        (Author.PERSON, None, "APPROVED", Closed.SEVEN_DAYS),
    ],
)
def test_the_table(
    author: Author, ago: timedelta | None, template: str | None, expected: Way | Closed
) -> None:
    last = None if ago is None else NOW - ago
    assert way(author, last_inbound_at=last, now=NOW, template=template) == expected


def test_the_margins_keep_clear_of_what_the_platform_counts() -> None:
    assert timedelta(hours=23) < WINDOW < timedelta(hours=24)
    assert timedelta(days=6, hours=23) < PERSONS_WINDOW < timedelta(days=7)


def test_what_the_platform_says_about_the_24_hours_counts_more_than_our_clock() -> None:
    def refused(author: Author, template: str | None = None) -> Way | Closed:
        return way(author, last_inbound_at=NOW - JUST, now=NOW, template=template, is_refused=True)

    assert refused(Author.BOT) == Closed.WINDOW
    assert refused(Author.NOTICE) == Closed.NO_TEMPLATE
    assert refused(Author.NOTICE, "APPROVED") == Way.UTILITY
    assert refused(Author.PERSON) == Way.HUMAN_AGENT


@pytest.mark.parametrize("author", [Author.BOT, Author.NOTICE])
def test_the_bots_own_words_never_go_as_a_persons(author: Author) -> None:
    for hours, template, is_refused in product((None, *range(0, 400)), TEMPLATES, (False, True)):
        last = None if hours is None else NOW - timedelta(hours=hours)
        found = way(author, last_inbound_at=last, now=NOW, template=template, is_refused=is_refused)
        assert found != Way.HUMAN_AGENT
