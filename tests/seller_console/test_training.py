"""Training: what waits, what one tap does, who was quicker, and what cannot be taught."""

from __future__ import annotations

import itertools
import re

import pytest
from sqlalchemy import select

from seller_console import deeds
from shop import people, understood
from shop.models import AuditEntry, Channel, ChatEntry, Customer, Heard, Utterance
from shop.roles import Role
from tests.factories import make_customer
from tests.seller_console.support import PASSWORD
from tests.seller_console.teaching import TYPED, say, some


@pytest.fixture
def typed(database):
    """The ids of some messages that Nok typed, least certain first."""
    with database.transaction() as session:
        return some(session, make_customer(session, session.get_one(Channel, 1)))


@pytest.fixture
async def tan(database, visitor):
    """A trainer who reads English."""
    return await trainer(database, visitor, "tan@example.com", "Tan")


async def trainer(database, visitor, email, name):
    with database.transaction() as session:
        people.add_user(session, email=email, name=name, password=PASSWORD, role=Role.TRAINER).language = "en"
    person = visitor()
    await person.sign_in(email)
    return person


def another(database, text, intent="ask_price", confidence=0.01, **more):
    with database.transaction() as session:
        return say(session, session.scalars(select(Customer)).one(), text, intent, confidence, **more).id


def saved(database, utterance_id):
    with database.reading() as session:
        return session.get_one(Utterance, utterance_id)


def log(database):
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("training.")))
        return [(entry.by, entry.action, entry.subject, entry.detail) for entry in entries]


def agreeing(body, utterance_id):
    """The fields of the form that agrees, as the page holds them."""
    form = re.search(rf'action="/training/{utterance_id}/teach".*?</form>', body, re.DOTALL)[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def seen(body):
    """What the page of one message says of its standing."""
    return re.search(r'name="seen" value="([^"]*)"', body)[1]


async def test_a_trainer_begins_here_and_sees_what_the_bot_was_least_sure_about_first(typed, tan):
    answer, _ = await tan.get("/")
    assert answer.headers["Location"] == "/training"
    _, body = await tan.get("/training")
    places = [body.index(f'id="message-{one}"') for one in typed]
    assert places == sorted(places)
    assert "only a guess · 31 %" in " ".join(body.split()) and "sure · 97 %" in body
    assert "<mark>ดำ" in body and "Colour" in body
    assert 'data-count="training"' in body and "/orders" not in body


async def test_a_seller_has_no_part_in_it(database, typed, visitor):
    with database.transaction() as session:
        people.add_user(session, email="lek@example.com", name="Lek", password=PASSWORD, role=Role.STAFF)
    lek = visitor()
    await lek.sign_in("lek@example.com")
    _, body = await lek.get("/orders")
    assert "/training" not in body


async def test_the_list_goes_on_from_page_to_page_and_keeps_its_filter(database, typed, tan):
    for one, other in itertools.islice(itertools.permutations("abcdefghij", 2), 65):
        another(database, f"how much is {one}{other}", confidence=0.1)
    seen, path = [], "/training?meant=ask_price"
    while path:
        _, body = await tan.get(path)
        seen += re.findall(r'id="message-(\d+)"', body)
        following = re.search(r'rel="next" href="([^"]+)"', body)
        path = following and following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 66


async def test_agreeing_teaches_what_was_seen_and_the_log_names_no_words(database, typed, tan):
    _, body = await tan.get("/training")
    fields = agreeing(body, typed[0])
    answer, _ = await tan.send(f"/training/{typed[0]}/teach", fields)
    assert answer.status == 303
    one = saved(database, typed[0])
    assert (one.verdict, one.taught_intent, one.decided_by) == ("taught", "ask_stock", "tan@example.com")
    assert [
        (mark["entity"], one.taught_text[mark["start"] : mark["end"]]) for mark in one.taught_entities
    ] == [
        ("colour", "ดำ"),
        ("size", "M"),
    ]
    (entry,) = log(database)
    assert entry[:3] == ("tan@example.com", "training.teach", str(typed[0]))
    assert entry[3]["intent"] == ["ask_stock", "ask_stock"] and "ดำ" not in str(entry)
    assert deeds.details(entry[3], "en") == ["meaning: Asks if it is there → Asks if it is there", "marks: 2"]
    _, body = await tan.get(answer.headers["Location"])
    assert "Learnt: Asks if it is there" in body and "Undo" in body

    await tan.post(f"/training/{typed[0]}/reopen")
    assert saved(database, typed[0]).verdict == ""
    await tan.post(f"/training/{typed[1]}/ignore", seen="")
    assert saved(database, typed[1]).verdict == "ignored"
    assert [entry[1] for entry in log(database)] == ["training.teach", "training.reopen", "training.ignore"]


async def test_of_two_trainers_the_quicker_one_counts(database, typed, tan, visitor):
    noi = await trainer(database, visitor, "noi@example.com", "Noi")
    _, hers = await noi.get("/training")
    _, his = await tan.get("/training")
    await noi.send(f"/training/{typed[0]}/teach", {**agreeing(hers, typed[0]), "intent": "buy_now"})
    for path, fields in (("teach", agreeing(his, typed[0])), ("ignore", {"csrf": tan.csrf, "seen": ""})):
        answer, _ = await tan.send(f"/training/{typed[0]}/{path}", fields)
        _, body = await tan.get(answer.headers["Location"])
        assert "Noi was quicker; nothing was changed." in body
    assert saved(database, typed[0]).taught_intent == "buy_now"
    assert len(log(database)) == 1
    _, body = await tan.get(f"/training/{typed[0]}")
    assert "Learnt: Wants to buy · Noi" in " ".join(body.split())
    again = {"csrf": tan.csrf, "seen": seen(body), "intent": "ask_price", "text": "เอาดำ M 1"}
    await tan.send(f"/training/{typed[0]}/teach", again)
    assert saved(database, typed[0]).taught_intent == "ask_price", "who has seen the lesson may change it"
    answer, _ = await noi.post(f"/training/{typed[0]}/reopen", seen=seen(body))
    assert "said=elsewhere" in answer.headers["Location"], "and nobody takes back what they have not seen"


async def test_a_second_click_of_the_same_person_does_no_harm(database, typed, tan):
    _, body = await tan.get("/training")
    for _ in range(2):
        answer, _ = await tan.send(f"/training/{typed[0]}/teach", agreeing(body, typed[0]))
        assert "said=taught" in answer.headers["Location"]
    assert saved(database, typed[0]).verdict == "taught"


async def test_when_the_bot_did_not_know_its_likeliest_guess_is_one_tap(database, typed, tan):
    lost = another(database, "asdf qwer", understood.FALLBACK, 0.2)
    with database.transaction() as session:
        silent = say(session, session.get_one(Customer, 1), "qwer zxcv", understood.FALLBACK, 0.2)
        silent.guesses = []
    _, body = await tan.get(f"/training?meant={understood.FALLBACK}")
    assert "The bot did not know; perhaps:" in body
    assert agreeing(body, lost)["intent"] == "buy_now"
    assert f'action="/training/{silent.id}/teach"' not in body and f'href="/training/{silent.id}?' in body
    for path in (lost, silent.id):
        _, body = await tan.get(f"/training/{path}")
        assert 'value="nlu_fallback"' not in body and "get_started" not in body


@pytest.mark.parametrize("intent", ["get_started", "nlu_fallback", "", "notice", "'; drop table utterance"])
async def test_nothing_can_be_taught_to_mean_what_is_only_tapped(database, typed, tan, intent):
    answer, body = await tan.post(f"/training/{typed[0]}/teach", text="เอาดำ", intent=intent, seen="")
    assert answer.status == 409 and "This meaning cannot be taught." in body
    assert saved(database, typed[0]).verdict == "" and log(database) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ", "There is no text left."),
        ("ก" * 301, "This is too long."),
        ("เอา[ดำ", "A square bracket is missing its partner."),
        ("เอา[ดำ](color)", "one of the words below"),
        ("เอา[ดำ](cause)", "one of the words below"),
        ("เอา\u202eดำ", "signs in it that nobody can see"),
    ],
)
async def test_a_text_that_cannot_be_used_comes_back_with_what_to_do(database, typed, tan, text, words):
    answer, body = await tan.post(f"/training/{typed[0]}/teach", text=text, intent="buy_now", seen="")
    assert answer.status == 409 and words in body
    assert text.strip() in body and 'aria-invalid="true"' in body
    assert saved(database, typed[0]).verdict == ""


async def test_one_tap_is_enough_for_signs_of_all_kinds(database, typed, tan):
    for text in ("👩‍👩‍👧 เท่าไหร่ 🖤", "[ดำ](colour) มีไหม", 'a "quote" & <tag>', "ราคา\n\nเท่าไร"):
        made = another(database, text, confidence=0.02)
        _, body = await tan.get("/training")
        fields = {name: value.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
                  for name, value in agreeing(body, made).items()}  # fmt: skip
        answer, body = await tan.send(f"/training/{made}/teach", fields)
        assert answer.status == 303, (text, body)


async def test_the_conversation_around_it_is_shown_while_it_is_kept(database, typed, tan):
    _, body = await tan.get(f"/training/{typed[1]}")
    assert "สนใจตัวไหนคะ" in body and "This message" in body and "shown as x and 0" in body
    with database.transaction() as session:
        session.query(Heard).delete()
        session.query(ChatEntry).delete()
    _, body = await tan.get(f"/training/{typed[1]}")
    assert "It is not kept any more" in body and TYPED[1][0] in body


async def test_what_there_is_not_is_not_found(typed, tan):
    for path in ("/training/999999", "/training/99999999999999999999"):
        answer, _ = await tan.get(path)
        assert answer.status == 404
    for deed in ("teach", "ignore", "reopen"):
        answer, _ = await tan.post(f"/training/999999/{deed}", text="x", intent="buy_now")
        assert answer.headers["Location"].startswith("/training?said=gone")
    _, body = await tan.get(answer.headers["Location"])
    assert "That message is not kept any more" in body
    answer, body = await tan.get("/training?said=taught&last=999999&after=x&meant=x")
    assert answer.status == 200 and "Show everything" in body


async def test_when_there_is_nothing_the_page_says_how_it_fills(database, tan):
    _, body = await tan.get("/training")
    assert "Nothing to teach now" in body and "appears here by itself" in body
