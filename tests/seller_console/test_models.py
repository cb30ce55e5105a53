"""The pages about models of the bot: asking for one, how far it is, what came of it, publishing, going back."""

from __future__ import annotations

import asyncio
import io
import json

import pytest
from PIL import Image
from sqlalchemy import select

from seller_console import scores
from seller_console.scores import Figure
from shop import bot_making, bot_models
from shop.bot_models import Failure, Step
from shop.db import utc_now
from shop.models import AuditEntry, BotModel
from tests.seller_console.bot_models import make_compared, make_model, publish
from tests.seller_console.support import EMAIL

MODELS = "/training/models"


@pytest.fixture
def used(database):
    """The id of a model that answers customers."""
    with database.transaction() as session:
        return publish(make_model(session, asked_by="")).id


def compared(database, used, mistakes, wrong="", **changes):
    with database.transaction() as session:
        return make_compared(session, session.get_one(BotModel, used), mistakes, wrong, **changes).id


def in_use(database):
    with database.reading() as session:
        return bot_models.in_use(session).id


def log(database):
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("bot_models"))).all()
        return [(entry.action, entry.subject, entry.detail) for entry in entries]


async def test_before_the_first_training_the_page_says_what_answers(ploy):
    _, body = await ploy.get(MODELS)
    assert "No model has been made here yet" in body
    assert "Nothing new was taught since the last training" in body


async def test_asking_leads_to_the_page_that_shows_how_far_it_is(database, ploy):
    answer, _ = await ploy.post(MODELS)
    assert (answer.status, answer.headers["Location"]) == (303, f"{MODELS}/1")
    _, body = await ploy.get(f"{MODELS}/1")
    assert "Waiting for its turn" in body
    with database.transaction() as session:
        claim = bot_making.claim(session, utc_now())
        bot_making.progress(session, claim, Step.TRAIN, 0.42, utc_now())
    for page in (MODELS, f"{MODELS}/1"):
        _, body = await ploy.get(page)
        assert "The bot is learning" in body and 'value="42"' in body and "<noscript>" in body
    assert log(database) == [("bot_models.train", "", {})]


async def test_of_two_trainers_who_ask_at_once_one_is_told(database, ploy, visitor):
    chai = visitor()
    await chai.sign_in("chai@example.com")
    answers = await asyncio.gather(ploy.post(MODELS), chai.post(MODELS))
    assert sorted(answer.status for answer, _ in answers) == [303, 409]
    with database.reading() as session:
        assert len(bot_models.latest(session)) == 1


async def test_a_gateway_that_does_not_run_is_named_after_a_while(database, ploy):
    with database.transaction() as session:
        bot_models.ask(session, by=EMAIL, now=utc_now())
        session.query(BotModel).update({"asked_at": make_model(session).asked_at})
    _, body = await ploy.get(MODELS)
    assert "The gateway has not taken this up yet" in body


@pytest.mark.parametrize("why", Failure)
async def test_a_training_that_failed_says_what_to_do(database, ploy, why):
    with database.transaction() as session:
        make_model(session, state="failed", error=why, archive="", after={})
    for page in (MODELS, f"{MODELS}/1"):
        _, body = await ploy.get(page)
        assert "Could not be made" in body
        assert "rain again" in body or "sk your operator" in body or "train again" in body


async def test_a_better_model_is_published_and_taken_back(database, ploy, used):
    better = compared(database, used, 60)
    _, body = await ploy.get(f"{MODELS}/{better}")
    assert "Of 100 messages it had never seen it understood 96.5." in body
    assert "The model before: 92.9." in body
    assert "Nothing important got worse." in body
    answer, _ = await ploy.post(f"{MODELS}/{better}/publish")
    assert (answer.status, answer.headers["Location"]) == (303, f"{MODELS}/{better}?said=published")
    _, body = await ploy.get(answer.headers["Location"])
    assert "It answers customers since" in body and "no message is lost" in body
    assert in_use(database) == better
    _, body = await ploy.get(MODELS)
    assert "Use this one again" in body
    await ploy.post(f"{MODELS}/{used}/publish")
    assert in_use(database) == used
    assert log(database) == [
        ("bot_models.publish", str(better), {"model": [used, better]}),
        ("bot_models.publish", str(used), {"model": [better, used]}),
    ]
    await ploy.post(f"{MODELS}/{used}/publish")  # a second tap
    assert len(log(database)) == 2


async def test_one_that_got_worse_is_not_published_and_says_why_in_words(database, ploy, used):
    worse = compared(database, used, 130, "ask_price")
    _, body = await ploy.get(f"{MODELS}/{worse}")
    assert "something important got worse" in body
    assert "Messages that mean “Asks the price”:" in body
    assert "ask_price: 0." not in body
    answer, body = await ploy.post(f"{MODELS}/{worse}/publish")
    assert answer.status == 409 and "something important got worse" in body
    assert in_use(database) == used
    assert log(database) == []


async def test_one_of_other_files_one_compared_with_another_and_one_that_is_gone(database, ploy, used):
    other_files = compared(database, used, 60, files="beef")
    other = compared(database, used, 60)
    with database.transaction() as session:
        session.get_one(BotModel, other).compared_with = "talad-9999"
        gone = make_model(session, archive="").id
    for model, sentence in (
        (other_files, "made of other files"),
        (other, "Another model was published since it was examined"),
        (gone, "no longer kept"),
    ):
        _, body = await ploy.get(f"{MODELS}/{model}")
        assert sentence in body and '<button class="main">' not in body
        answer, body = await ploy.post(f"{MODELS}/{model}/publish")
        assert answer.status == 409 and sentence in body
    assert in_use(database) == used


async def test_one_that_rasa_could_not_load_says_so_and_the_one_before_is_in_use(database, ploy, used):
    better = compared(database, used, 60)
    await ploy.post(f"{MODELS}/{better}/publish")
    with database.transaction() as session:
        bot_models.refuse(session, better, "<b>broken</b> archive")
    _, body = await ploy.get(f"{MODELS}/{better}")
    assert "Rasa could not load it" in body and "&lt;b&gt;broken" in body
    assert in_use(database) == used


async def test_what_is_understood_otherwise_stands_with_what_got_worse_first(database, ploy, used):
    model = compared(database, used, 60)
    with database.transaction() as session:
        row = session.get_one(BotModel, model)
        worse = dict(row.changed[0], text="<i>เอาดำ</i>", better=False, before="buy_now", after="greet")
        row.changed = [*row.changed, worse]
    _, body = await ploy.get(f"{MODELS}/{model}")
    assert body.index("Understood worse now") < body.index("Understood better now")
    assert "&lt;i&gt;เอาดำ" in body and "<i>" not in body


async def test_a_page_full_of_figures_and_messages_stays_light(database, ploy, used):
    _, body = await ploy.get(f"{MODELS}/{compared(database, used, 130, 'ask_price')}")
    assert "more" in body.partition("Understood worse now")[2]
    assert await ploy.weight(body) < 100_000


async def test_a_model_of_the_files_was_not_examined(database, ploy):
    with database.transaction() as session:
        publish(make_model(session, asked_by="", after={}))
    for page in (MODELS, f"{MODELS}/1"):
        _, body = await ploy.get(page)
        assert "not examined here" in body and "from the files" in body


async def test_the_picture_is_kept_by_nobody_but_the_trainers_browser(database, store, ploy, stranger, used):
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    store.put("private/models/a.png", drawn.getvalue())
    model = compared(database, used, 60, picture="private/models/a.png")
    async with ploy.client.get(f"{ploy.url}{MODELS}/{model}/confusion") as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert answer.headers["Cache-Control"].startswith("private")
        assert await answer.read() == drawn.getvalue()
    answer, _ = await ploy.get(f"{MODELS}/{used}/confusion")
    assert answer.status == 404
    answer, _ = await stranger.get(f"{MODELS}/{model}/confusion")
    assert answer.status == 303


async def test_many_models_stand_on_several_pages(database, ploy):
    with database.transaction() as session:
        for _ in range(23):
            make_model(session, after={})
    _, body = await ploy.get(MODELS)
    assert f"{MODELS}/23" in body and f'"{MODELS}/3"' not in body
    _, body = await ploy.get(f"{MODELS}?before=4")
    assert f"{MODELS}/3" in body and f'"{MODELS}/4"' not in body


async def test_open_pages_hear_how_far_it_is(database, console, ploy):
    with database.transaction() as session:
        bot_models.ask(session, by=EMAIL, now=utc_now())
    async with ploy.client.get(f"{console.url}/events") as answer:
        lines = aiter(answer.content)

        async def told():
            """Wait until the page is told that something about a model is new; other news may come before."""
            async with asyncio.timeout(20):
                async for line in lines:
                    if line.startswith(b"data: ") and json.loads(line[6:])["models"]:
                        return

        await told()  # a page that has just been opened: any may have changed
        with database.transaction() as session:
            claim = bot_making.claim(session, utc_now())

        async def goes_on():
            for percent in range(1, 99):  # the console may not have looked for the first time yet
                with database.transaction() as session:
                    bot_making.progress(session, claim, Step.TRAIN, percent / 100, utc_now())
                await asyncio.sleep(0.3)

        training = asyncio.create_task(goes_on())
        await told()
        await told()
        training.cancel()


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("intents thai: 0.905, before 0.95", "What messages mean (Thai): 95.0 of 100 before, now 90.5"),
        ("intents dialect: 0.905, before 0.95", "What messages mean (dialect): 95.0 of 100 before, now 90.5"),
        ("intent buy_now: 0.8, before 0.9", "Messages that mean “Wants to buy”: 90.0 of 100 before, now 80.0"),
        ("entity colour: 0.8, before 0.9", "Finding what is named: Colour: 90.0 of 100 before, now 80.0"),
        ("entities: 0.8, before 0.9", "Finding what is named, all kinds: 90.0 of 100 before, now 80.0"),
        ("out of scope: 0.8, recorded 0.9",
         "Noticing what has nothing to do with the shop: 90.0 of 100 before, now 80.0"),
        ("understood: 0.8, before 0.9", "Not passing by what customers want: 90.0 of 100 before, now 80.0"),
        ("the moon is full", "the moon is full"),
    ],
)  # fmt: skip
def test_what_got_worse_is_said_in_words(sentence, words):
    assert scores.worse_words(sentence, "en") == words


def test_every_sentence_of_the_gate_has_words(database):
    with database.transaction() as session:
        used = publish(make_model(session))
        worse = make_compared(session, used, 700).worse
    assert len(worse) > 20
    for sentence in worse:
        assert scores.worse_words(sentence, "en") != sentence
        assert not {"_", "intent", "entity"} & {*scores.worse_words(sentence, "th")}, sentence


@pytest.mark.parametrize(
    ("now", "before", "moved"),
    [(95.04, 95.0, "same"), (95.1, 95.0, "better"), (94.9, 95.0, "worse"), (95.0, None, "")],
)
def test_a_figure_moved_as_far_as_one_can_read(now, before, moved):
    assert Figure(now, before).moved == moved
