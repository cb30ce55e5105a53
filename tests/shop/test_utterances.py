"""What customers type comes to trainers masked and grouped, the least certain first, and goes with the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from shop import (
    audit,
    conversation,
    dossier,
    hearing,
    mailbox,
    orders,
    privacy,
    retention,
    understood,
    utterances,
)
from shop.conversation import By, Kind, Said
from shop.db import Database
from shop.errors import BadInput, NotFound
from shop.models import Customer, Heard, Utterance
from shop.replies import Image, Text, to_json
from shop.understood import Understood
from shop.verdicts import Verdict
from tests.factories import NOW, make_channel, make_customer, make_order, make_reply, make_shop, make_variant

DAY = timedelta(days=1)
_numbers = count(1)
PLOY = {"by": "ploy@example.com", "now": NOW}
NOBODY_KNOWS = Understood("nlu_fallback", 0.7, (), ({"intent": "ask_price", "confidence": 0.3},))


def meant(intent: str, confidence: float = 0.9, second: float = 0.02, **marks: tuple[int, int]) -> Understood:
    """As the door gives it: the model is so sure of `intent`."""
    return Understood(
        intent,
        confidence,
        tuple({"entity": kind, "start": start, "end": end} for kind, (start, end) in marks.items()),
        ({"intent": intent, "confidence": confidence}, {"intent": "help", "confidence": second}),
    )


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """With the shop and two customers: Nok, who is 1, and Mali, who is 2."""
    with database.transaction() as session:
        make_shop(session, keep_chats_days=90)
        channel = make_channel(session)
        make_customer(session, channel)
        make_customer(session, channel, "mali", "มะลิ หอมดี")
        yield session


def event(session: Session, text: str, at: Any = NOW, customer_id: int = 1) -> int:
    """A customer's words, as the gateway keeps them; the event's id."""
    customer = session.get_one(Customer, customer_id)
    row = mailbox.open_event(
        account_id="100",
        key=f"mid:{next(_numbers)}",
        channel_id=1,
        conversation=customer.conversation,
        kind="message",
        raw={},
        now=at,
    )
    [event_id] = mailbox.keep_events(session, [row])
    storable = text.encode("utf-8", "ignore").decode().replace("\x00", "")
    conversation.keep(session, customer_id, event_id, Said(Kind.WORDS, storable), at)
    return event_id


def hear(
    session: Session, text: str, what: Understood = NOBODY_KNOWS, at: Any = NOW, customer_id: int = 1
) -> int:
    event_id = event(session, text, at, customer_id)
    hearing.hear(session, customer_id, event_id, text, "th", what, at)
    return event_id


def every(session: Session) -> list[Utterance]:
    session.expire_all()
    return list(session.scalars(select(Utterance).order_by(Utterance.id)))


def test_what_was_heard_is_kept_with_what_the_model_made_of_it(session: Session) -> None:
    hear(session, "เอาดำ M 1", meant("buy_now", 0.81, 0.1, colour=(3, 5), size=(6, 7)))
    [one] = every(session)
    assert (one.text, one.language, one.intent, one.confidence, one.certainty) == (
        "เอาดำ M 1",
        "th",
        "buy_now",
        0.81,
        0.81,
    )
    assert [one.text[mark["start"] : mark["end"]] for mark in one.entities] == ["ดำ", "M"]
    assert one.guesses[1] == {"intent": "help", "confidence": 0.1}
    assert (one.times, one.last_heard_at, one.verdict, one.decided_at) == (1, NOW, Verdict.OPEN, None)


def test_the_same_words_are_one_and_the_newest_model_counts_until_somebody_decides(session: Session) -> None:
    hear(session, "ส่งกี่วันคะ", meant("ask_price", 0.4))
    hear(session, "ส่งกี่วันนน คะ?", meant("ask_shipping", 0.9), NOW + DAY, customer_id=2)
    [one] = every(session)
    assert (one.text, one.intent, one.times, one.last_heard_at) == (
        "ส่งกี่วันนน คะ?",
        "ask_shipping",
        2,
        NOW + DAY,
    )
    utterances.teach(session, one.id, text="ส่งกี่วันคะ", intent="ask_shipping", entities=[], **PLOY)
    hear(session, "ส่งกี่วันคะ", meant("help", 0.3), NOW + 2 * DAY)
    [one] = every(session)
    assert (one.verdict, one.intent, one.confidence, one.times) == (Verdict.TAUGHT, "ask_shipping", 0.9, 3)


def test_an_event_counts_once_however_often_it_is_done(session: Session) -> None:
    event_id = hear(session, "hello")
    for _ in range(2):
        hearing.hear(session, 1, event_id, "hello", "en", NOBODY_KNOWS, NOW)
    assert [one.times for one in every(session)] == [1]
    assert session.scalar(select(func.count()).select_from(Heard)) == 1


def test_two_gateways_that_hear_the_same_words_in_other_orders_do_not_stop_each_other(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    with database.transaction() as session:
        make_shop(session)
        make_customer(session, make_channel(session))
        hear(session, "hello")
        hear(session, "ราคาเท่าไหร่")
        events = [event(session, "again") for _ in range(4)]
    with database.transaction() as one, database.transaction() as other:
        for session in (one, other):
            session.execute(sql("SET LOCAL lock_timeout = '2s'"))
        turns = [(one, "hello"), (other, "ราคาเท่าไหร่"), (one, "ราคาเท่าไหร่"), (other, "hello")]
        for (session, words), event_id in zip(turns, events, strict=True):
            hearing.hear(session, 1, event_id, words, "th", NOBODY_KNOWS, NOW)
    with database.reading() as session:
        # Who would have to wait does not count; but that it was typed is known.
        assert [found.times for found in every(session)] == [2, 2]
        assert session.scalar(select(func.count()).select_from(Heard)) == 6
    database.close()


def test_names_and_numbers_are_masked_and_marks_keep_their_place(session: Session) -> None:
    order = make_order(session, session.get_one(Customer, 2), make_variant(session))
    orders.set_delivery(
        session, order.id, recipient="Anna Meyer", phone="0812345678", address="99 ถนนสุขุมวิท 10110"
    )
    text = "  คุณมะลิ\u202e กับ anna\x00 ถาม TL-483920 โทร 081-234-5678 \ud83d"
    start = text.index("TL-")
    hear(session, text, meant("view_orders", order_number=(start, start + 9)), customer_id=2)
    [one] = every(session)
    assert one.text == "คุณxxxx กับ xxxx ถาม TL-000000 โทร 000-000-0000"
    [mark] = one.entities
    assert one.text[mark["start"] : mark["end"]] == "TL-000000"


@pytest.mark.parametrize(
    "text",
    [
        "99/1 หมู่ 5 ต.บางพูด อ.ปากเกร็ด 11120",
        "ก" * 301,
        "",
        " \n",
        "\x00",
        "\ud83d",
        "\ufffe",
        "สมชาย ใจดี 0812345678",
    ],
)
def test_addresses_stories_and_nothing_are_not_kept(session: Session, text: str) -> None:
    hearing.hear(session, 1, event(session, "x"), text, "th", meant("buy_now"), NOW)
    assert every(session) == []


def test_what_is_taken_for_details_of_somebody_is_not_kept(session: Session) -> None:
    guess = Understood("nlu_fallback", 0.7, (), ({"intent": "give_details", "confidence": 0.3},))
    hear(session, "ศรีสุดา วงศ์สกุลทอง", guess)
    hear(session, "ศรีสุดา วงศ์สกุลทอง", meant("give_details"))
    assert every(session) == []


@pytest.mark.parametrize(
    "text", ["\ufdfa" * 300, "👨\u200d👩\u200d👧", "a\u0301" * 150, "\U000e0001a", "'; --"]
)
def test_strange_texts_fit_into_both_databases(session: Session, text: str) -> None:
    hear(session, text, meant("buy_now", product=(0, len(text)), size=(5, 2), colour=(0, 9000)))
    assert len(every(session)) == 1


@given(text=st.text(max_size=320), start=st.integers(-5, 330), length=st.integers(-5, 330))
def test_places_stay_inside_the_text_and_nothing_raises(text: str, start: int, length: int) -> None:
    row = understood.kept(text, "th", meant("buy_now", product=(start, start + length)), ["Nok"])
    for mark in row["entities"] if row else ():
        assert 0 <= mark["start"] < mark["end"] <= len(row["text"])
    if row:
        assert row["text"] == row["text"].strip()
        row["text"].encode()
        assert "\x00" not in row["text"]


def test_a_text_that_breaks_the_masking_costs_no_turn(
    session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any) -> None:
        raise ValueError("my secret words")

    monkeypatch.setattr(understood, "kept", breaks)
    hear(session, "my secret words")
    assert every(session) == []
    assert "ValueError" in caplog.text and "secret" not in caplog.text


def test_certainty_is_low_where_the_model_guessed_or_nobody_was_helped() -> None:
    sure, near, fallback = meant("ask_price", 0.95), meant("ask_price", 0.5, 0.45), NOBODY_KNOWS
    strange, unlikely = meant("out_of_scope", 0.95), meant("ask_price", 0.35, 0.1)
    assert understood.certainty(sure) > utterances.UNSURE > understood.certainty(unlikely)
    assert max(map(understood.certainty, (near, fallback, strange))) < 0.3
    assert understood.certainty(Understood("greet", 0.0)) == 0.0
    assert 0 <= understood.certainty(Understood("greet", 7.0)) <= 1


def test_the_least_certain_come_first_page_by_page(session: Session) -> None:
    for number in range(7):
        hear(
            session,
            "word" + "ab"[number % 2] * (number + 1),
            meant("help" if number % 2 else "greet", 0.9 - number % 3 / 10),
        )
    made = every(session)
    expected = [one.id for one in sorted(made, key=lambda one: (one.certainty, one.id))]
    found: list[int] = []
    page = utterances.unsure(session, limit=3)
    found += [one.id for one in page.utterances]
    while page.more:
        page = utterances.unsure(session, after=page.more, limit=3)
        found += [one.id for one in page.utterances]
    assert found == expected
    only = utterances.unsure(session, intent="help", limit=30)
    assert {one.intent for one in only.utterances} == {"help"} and only.more == ""


@pytest.mark.parametrize("more", ["-", "x", "1", "1-", "-1", "nan-1", "9" * 40 + "-1", "๑-๑", "1-1-1"])
def test_a_place_that_is_none_is_passed_over(session: Session, more: str) -> None:
    hear(session, "hello")
    assert len(utterances.unsure(session, after=more).utterances) == 1
    assert utterances.decided(session, Verdict.TAUGHT, before=more).utterances == []


def test_decisions_newest_first_and_lessons_oldest_first(session: Session) -> None:
    for text in ("one", "two", "three", "four"):
        hear(session, text)
    ids = [one.id for one in every(session)]
    for number, utterance_id in enumerate(ids[:3]):
        lesson = {"text": f"lesson {number}", "intent": "greet", "entities": []}
        utterances.teach(session, utterance_id, **lesson, by="ploy", now=NOW + number * DAY)
    utterances.ignore(session, ids[3], **PLOY)
    first = utterances.decided(session, Verdict.TAUGHT, limit=2)
    second = utterances.decided(session, Verdict.TAUGHT, before=first.more, limit=2)
    assert [one.id for one in [*first.utterances, *second.utterances]] == [ids[2], ids[1], ids[0]]
    assert second.more == ""
    assert [one.taught_text for one in utterances.taught(session)] == ["lesson 0", "lesson 1", "lesson 2"]
    assert [one.id for one in utterances.decided(session, Verdict.IGNORED).utterances] == [ids[3]]
    assert utterances.unsure(session).utterances == []


def test_a_lesson_can_be_changed_and_taken_back(session: Session) -> None:
    hear(session, "เอาดำ")
    [one] = every(session)
    mark = {"entity": "colour", "start": 4, "end": 6, "confidence": 0.5}
    lesson = utterances.teach(session, one.id, text=" เอาดำ ", intent="buy_now", entities=[mark], **PLOY)
    assert (lesson.verdict, lesson.taught_text, lesson.taught_intent) == (Verdict.TAUGHT, "เอาดำ", "buy_now")
    assert lesson.taught_entities == [{"entity": "colour", "start": 3, "end": 5}]
    assert (lesson.decided_by, lesson.decided_at) == ("ploy@example.com", NOW)
    utterances.ignore(session, one.id, by="chai", now=NOW + DAY)
    [one] = every(session)
    assert (one.verdict, one.taught_text, one.taught_entities, one.decided_by) == (
        Verdict.IGNORED,
        "",
        [],
        "chai",
    )
    utterances.reopen(session, one.id, by="chai", now=NOW + DAY)
    assert [found.id for found in utterances.unsure(session).utterances] == [one.id]
    assert utterances.taught(session) == []


def test_joined_emoji_can_be_taught(session: Session) -> None:
    hear(session, "👩\u200d👧 เท่าไร")
    [one] = every(session)
    lesson = utterances.teach(session, one.id, text=one.text, intent="ask_price", entities=[], **PLOY)
    assert lesson.taught_text == "👩\u200d👧 เท่าไร"


def test_of_two_who_decide_at_once_one_is_told_that_somebody_was_quicker(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session, keep_chats_days=90)
        make_customer(session, make_channel(session))
        hear(session, "เอาดำ")
        [one] = every(session)
        seen = utterances.standing(one)
    together = Barrier(2)

    def decide(by: str) -> bool:
        together.wait()
        with database.transaction() as session:
            if utterances.was_quicker(session, one.id, seen=seen, by=by):
                return False
            utterances.ignore(session, one.id, by=by, now=NOW)
            return True

    with ThreadPoolExecutor(2) as threads:
        did = dict(zip(("ploy", "chai"), threads.map(decide, ("ploy", "chai")), strict=True))
    assert sorted(did.values()) == [False, True]
    with database.reading() as session:
        [now] = every(session)
        assert now.decided_by is not None and did[now.decided_by]
        standing = utterances.standing(now)
    with database.transaction() as session:
        for by in ("ploy", "chai"):
            assert not utterances.was_quicker(session, one.id, seen=standing, by=by), (
                "who has seen it may change it"
            )


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"text": "  "}, "text", "missing"),
        ({"text": "ก" * 301}, "text", "long"),
        ({"text": "\x00"}, "text", "missing"),
        ({"text": "a\nb"}, "text", "lines"),
        ({"text": "a\u202eb"}, "text", "lines"),
        ({"intent": ""}, "intent", "missing"),
        ({"intent": "nlu_fallback"}, "intent", "unknown"),
        ({"intent": "a: b\n- intent"}, "intent", "unknown"),
        ({"entities": [("price", 0, 2)]}, "entities", "unknown"),
        ({"entities": [("size", 0, 99)]}, "entities", "place"),
        ({"entities": [("size", -1, 2)]}, "entities", "place"),
        ({"entities": [("size", 2, 2)]}, "entities", "place"),
        ({"entities": [("size", 0, 3)]}, "entities", "place"),  # a space at its edge
        ({"entities": [("size", 0, 2), ("colour", 1, 4)]}, "entities", "overlap"),
    ],
)
def test_what_cannot_be_taught_is_refused(
    session: Session, change: dict[str, Any], field: str, reason: str
) -> None:
    hear(session, "hello")
    [one] = every(session)
    lesson = {"text": "xx yyy", "intent": "greet", "entities": [], **change}
    lesson["entities"] = [
        {"entity": kind, "start": start, "end": end} for kind, start, end in lesson["entities"]
    ]
    with pytest.raises(BadInput) as refused:
        utterances.teach(session, one.id, **lesson, **PLOY)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert every(session)[0].verdict == Verdict.OPEN


def test_a_lesson_is_written_without_needless_spaces(session: Session) -> None:
    hear(session, "hello")
    [one] = every(session)
    mark = {"entity": "colour", "start": 7, "end": 9}
    utterances.teach(session, one.id, text="  เอา  ดำ  ❤\u200d🔥 ", intent="buy_now", entities=[mark], **PLOY)
    [one] = every(session)
    assert one.taught_text == "เอา ดำ ❤\u200d🔥"
    assert [one.taught_text[mark["start"] : mark["end"]] for mark in one.taught_entities] == ["ดำ"]


def test_what_is_said_twice_is_one_decision(session: Session) -> None:
    hear(session, "hello")
    [one] = every(session)
    later = {"by": "chai", "now": NOW + DAY}
    lesson = {"text": "hello", "intent": "greet", "entities": []}
    steps = [
        lambda who: utterances.teach(session, one.id, **lesson, **who),
        lambda who: utterances.ignore(session, one.id, **who),
        lambda who: utterances.reopen(session, one.id, **who),
    ]
    for step in steps:
        step(PLOY)
        assert audit.record(session, "utterance.x", by="ploy", now=NOW) is not None
        step(later)
        assert audit.record(session, "utterance.x", by="chai", now=NOW) is None
        assert (every(session)[0].decided_by, every(session)[0].decided_at) == (PLOY["by"], NOW)
    utterances.teach(session, one.id, **lesson, **PLOY)
    utterances.teach(session, one.id, **{**lesson, "intent": "thank"}, **later)
    assert every(session)[0].decided_by == "chai"


@pytest.mark.parametrize("utterance_id", [1, 0, -1, 2**70])
def test_what_does_not_exist_is_not_found(session: Session, utterance_id: int) -> None:
    for use_case in (utterances.ignore, utterances.reopen):
        with pytest.raises(NotFound):
            use_case(session, utterance_id, **PLOY)
    with pytest.raises(NotFound):
        utterances.get(session, utterance_id)
    with pytest.raises(NotFound):
        utterances.around(session, utterance_id)


def test_the_menu_counts_those_the_model_was_unsure_about_and_not_for_ever(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(session, "sure", meant("greet", 0.99))
    hear(session, "ignored")
    utterances.ignore(session, every(session)[1].id, **PLOY)
    for letter in "abc":
        hear(session, letter * 2)
    assert utterances.count_open(session) == 3
    monkeypatch.setattr(utterances, "MOST_COUNTED", 2)
    assert utterances.count_open(session) == 2


def answer(session: Session, text: str, at: Any, customer_id: int = 1) -> None:
    row = {
        "cause": f"{text}{at}",
        "part": 0,
        "channel_id": 1,
        "customer_id": customer_id,
        "conversation": "1:nok",
        "notice_id": None,
        "body": to_json(Text(text)),
        "page": 0,
        "created_at": at,
    }
    mailbox.queue_messages(session, [row])


def test_the_conversation_around_is_shown_masked(session: Session) -> None:
    minute = timedelta(minutes=1)
    event(session, "long before", NOW - 9 * minute)
    hear(session, "Nok ถามเรื่อง TL-483920 ค่ะ", at=NOW - 2 * minute)
    answer(session, "สวัสดีคุณ Nok ขอชื่อผู้รับด้วยค่ะ", NOW - 2 * minute)
    event(session, "ศรีสุดา วงศ์ทอง", NOW - minute)  # answered a question: the gateway hears nothing
    hear(session, "มีของไหม", customer_id=2)
    hear(session, "ส่งกี่วัน")
    answer(session, "ส่งไปที่ 99/1 หมู่ 5 ต.บางพูด ใช่ไหมคะ", NOW)
    event(session, "ใช่", NOW + minute)
    answer(session, "long after", NOW + 2 * minute)
    wanted = next(one for one in every(session) if one.text == "ส่งกี่วัน")
    found = utterances.around(session, wanted.id, before=3, after=2)
    assert found is not None
    assert [(entry.by, entry.text) for entry in found.entries] == [
        (By.CUSTOMER, "xxx ถามเรื่อง TL-000000 ค่ะ"),
        (By.BOT, "สวัสดีคุณ xxx ขอชื่อผู้รับด้วยค่ะ"),
        (By.CUSTOMER, "xxxxxxx xxxxxxx"),
        (By.CUSTOMER, "ส่งกี่วัน"),
        (By.BOT, "xxxxxxxx 00/0 xxxx 0 x.xxxxxx xxxxxxxx"),
        (By.CUSTOMER, "xxx"),
    ]
    assert found.marked == found.entries[3].id


def test_trainers_see_that_a_picture_was_sent_and_not_the_picture(session: Session) -> None:
    hear(session, "มีสีแดงไหม")
    picture = {"picture": "public/chats/a.jpg", "picture_width": 40, "picture_height": 30}
    make_reply(session, 1, Image("https://shop.example/media/public/chats/a.jpg"), NOW, **picture)
    found = utterances.around(session, every(session)[0].id)
    assert found is not None
    assert (found.entries[-1].shows_picture, found.entries[-1].picture) == (True, None)


def test_the_latest_conversation_is_the_one_that_is_shown(session: Session) -> None:
    hear(session, "ส่งกี่วัน", at=NOW)
    event(session, "before it", NOW + DAY, customer_id=2)
    hear(session, "ส่งกี่วัน", at=NOW + DAY, customer_id=2)
    found = utterances.around(session, every(session)[0].id)
    assert found is not None and len(found.entries) == 2


def test_erasing_a_customer_forgets_what_only_they_said(session: Session) -> None:
    hear(session, "both say it")
    hear(session, "both say it", customer_id=2)
    for text in ("only nok", "taught", "ignored"):
        hear(session, text)
    _, _, lesson, other = every(session)
    utterances.teach(session, lesson.id, text="taught", intent="greet", entities=[], **PLOY)
    utterances.ignore(session, other.id, **PLOY)
    privacy.erase(session, 1, now=NOW)
    assert [one.text for one in every(session)] == ["both say it", "taught", "ignored"]
    assert session.scalars(select(Heard.customer_id)).all() == [2]
    assert utterances.around(session, lesson.id) is None


def test_a_name_that_a_trainer_has_taken_out_goes_with_the_chat(session: Session) -> None:
    hear(session, "มายเอาสีดำ", meant("buy_now", colour=(8, 10)))
    hear(session, "มายเอาสีดำ", meant("buy_now", colour=(8, 10)), customer_id=2)
    [one] = every(session)
    marks = [{"entity": "colour", "start": 5, "end": 7}]
    utterances.teach(session, one.id, text="เอาสีดำ", intent="buy_now", entities=marks, **PLOY)
    privacy.erase(session, 1, now=NOW)
    session.expire_all()
    assert one.text == "มายเอาสีดำ"  # the other customer's chat leads to it still
    while retention.forget_chats(session, NOW + 91 * DAY):
        pass
    session.expire_all()
    assert (one.text, one.entities) == ("เอาสีดำ", marks)


def test_what_was_heard_goes_with_the_chats_in_small_steps(session: Session) -> None:
    for number in range(130):
        hear(session, "again and again", at=NOW + timedelta(seconds=number))
    hear(session, "only long ago")
    hear(session, "again and again", at=NOW + 30 * DAY)
    old = NOW + 91 * DAY
    # A hundred entries of chats, and a hundred that were heard.
    assert retention.forget_chats(session, old) == 200
    while retention.forget_chats(session, old):
        pass
    [one] = every(session)
    assert (one.text, one.times) == ("again and again", 131)
    assert session.scalar(select(func.count()).select_from(Heard)) == 1
    while retention.forget_chats(session, NOW + 121 * DAY):
        pass
    assert every(session) == []


def test_what_is_opened_again_when_nobody_leads_to_it_waits_as_long_as_a_chat_is_kept(
    session: Session,
) -> None:
    hear(session, "hello")
    [one] = every(session)
    utterances.teach(session, one.id, text="hello", intent="greet", entities=[], **PLOY)
    late = NOW + 100 * DAY
    while retention.forget_chats(session, late):
        pass
    utterances.reopen(session, one.id, by="ploy", now=late)
    hearing.forget_older(session, late, 100)
    assert len(every(session)) == 1
    hearing.forget_older(session, late + DAY, 100)
    assert every(session) == []


def test_the_customers_export_names_what_was_heard(session: Session) -> None:
    hear(session, "เบอร์ 0812345678 ค่ะ", meant("ask_price"))
    hear(session, "of mali", customer_id=2)
    held = dossier.of_customer(session, session.get_one(Customer, 1))
    assert [row["text"] for row in held["tables"]["heard"]] == ["เบอร์ 0000000000 ค่ะ"]
