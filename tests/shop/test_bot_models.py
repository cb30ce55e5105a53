"""Models of the bot: asked for once, made by one gateway, published when nothing got worse, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import bot_making, bot_models
from shop.bot_making import Claim, Made
from shop.bot_models import Failure, State, Step, ToRun
from shop.db import Database
from shop.errors import (
    ComparedWithAnother,
    GotWorse,
    MadeOfOtherFiles,
    NotFound,
    NotReady,
    TrainingGoesOn,
)
from shop.models import BotModel, Leftover, Utterance
from shop.verdicts import Verdict
from tests.factories import NOW

FILES = "1111aaaa"
TRAINER = "fern@example.com"
MADE = Made(
    name="talad-1",
    files=FILES,
    taught="nlu: []",
    taught_count=2,
    compared_with="talad-0",
    before={"messages": 3},
    after={"messages": 3},
    worse=[],
    changed=[],
    archive="private/models/1.tar.gz",
    picture="private/models/1.png",
)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def operators(session: Session, number: int = 0, files: str = FILES, minutes: float = 0) -> BotModel:
    """A model that `talad train` has made."""
    parts = {"taught": "", "taught_count": 0, "archive": f"private/models/{number}.tar.gz"}
    return bot_models.of_the_files(session, name=f"talad-{number}", files=files, now=at(minutes), **parts)


def trained(session: Session, number: int, compared_with: int = 0, **changes: object) -> BotModel:
    """A model that a trainer has asked for."""
    model = bot_models.ask(session, by=TRAINER, now=NOW)
    claim = bot_making.claim(session, NOW)
    assert claim is not None and claim.id == model.id
    made = replace(
        MADE,
        name=f"talad-{number}",
        compared_with=f"talad-{compared_with}",
        archive=f"private/models/{number}.tar.gz",
        picture=f"private/models/{number}.png",
    )
    assert bot_making.finish(session, claim, replace(made, **changes), NOW)  # type: ignore[arg-type]
    return model


def publish(session: Session, model: BotModel, minutes: float) -> None:
    bot_models.publish(session, model.id, by=TRAINER, now=at(minutes))


def names(session: Session) -> list[str]:
    return [model.name for model in bot_models.latest(session)]


def used(session: Session) -> str | None:
    model = bot_models.in_use(session, FILES)
    return model.name if model else None


def test_a_model_is_asked_for_claimed_by_one_followed_and_there(session: Session) -> None:
    model = bot_models.ask(session, by=TRAINER, now=NOW)
    assert (model.state, bot_models.under_way(session)) == (State.WAITING, model)
    assert bot_making.is_due(session, NOW)
    claim = bot_making.claim(session, NOW)
    assert claim == Claim(model.id, 1)
    assert not bot_making.is_due(session, NOW) and bot_making.claim(session, NOW) is None
    assert bot_making.progress(session, claim, Step.TRAIN, 0.4, at(0.9))
    session.refresh(model)
    assert (model.state, model.step, model.share) == (State.TRAINING, Step.TRAIN, 0.4)
    assert not bot_making.is_due(session, at(1.5))  # the word renewed the lease
    assert bot_making.progress(session, claim, Step.EXAMINE, 0.8, at(1))
    session.refresh(model)
    assert model.state == State.EXAMINING
    assert bot_making.finish(session, claim, MADE, at(2))
    assert (model.state, model.share, model.name, model.done_at) == (State.READY, 1.0, "talad-1", at(2))
    assert bot_models.under_way(session) is None and not bot_making.is_due(session, at(60))
    assert bot_models.get(session, model.id) is model


def test_one_is_made_at_a_time(session: Session) -> None:
    bot_models.ask(session, by=TRAINER, now=NOW)
    with pytest.raises(TrainingGoesOn):
        bot_models.ask(session, by="ploy@example.com", now=NOW)
    claim = bot_making.claim(session, NOW)
    assert claim is not None
    with pytest.raises(TrainingGoesOn):
        bot_models.ask(session, by=TRAINER, now=NOW)
    bot_making.fail(session, claim, Failure.TRAINING, NOW)
    assert bot_models.get(session, claim.id).error == Failure.TRAINING
    bot_models.ask(session, by=TRAINER, now=NOW)


def test_of_two_who_ask_at_once_one_is_told_that_it_goes_on(database: Database) -> None:
    together = Barrier(2)

    def ask(_: int) -> str:
        together.wait()
        try:
            with database.transaction() as session:
                bot_models.ask(session, by=TRAINER, now=NOW)
        except TrainingGoesOn:
            return "goes on"
        return "asked"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(ask, range(2))) == ["asked", "goes on"]


def test_of_two_gateways_at_once_one_makes_it(database: Database) -> None:
    with database.transaction() as session:
        bot_models.ask(session, by=TRAINER, now=NOW)
    together = Barrier(2)

    def claim(_: int) -> Claim | None:
        together.wait()
        with database.transaction() as session:
            return bot_making.claim(session, NOW)

    with ThreadPoolExecutor(2) as threads:
        assert sorted(claim is not None for claim in threads.map(claim, range(2))) == [False, True]


def test_one_whose_gateway_died_is_made_by_the_next_and_the_first_has_nothing_to_say(
    session: Session,
) -> None:
    model = bot_models.ask(session, by=TRAINER, now=NOW)
    first = bot_making.claim(session, NOW)
    second = bot_making.claim(session, at(1))
    assert first is not None and second == Claim(model.id, 2)
    assert not bot_making.progress(session, first, Step.TRAIN, 0.5, at(1))
    assert not bot_making.finish(session, first, MADE, at(1))
    left = {row.key for row in session.scalars(select(Leftover))}
    assert left == {MADE.archive, MADE.picture}
    assert not bot_making.fail(session, first, Failure.TRAINING, at(1))
    assert bot_making.finish(session, second, replace(MADE, name="talad-2"), at(2))
    assert names(session) == ["talad-2"]


def test_a_gateway_that_stops_gives_it_back_to_be_begun_at_once(session: Session) -> None:
    bot_models.ask(session, by=TRAINER, now=NOW)
    for time in range(1, 8):  # however often the shop is restarted
        claim = bot_making.claim(session, NOW)
        assert claim is not None and claim.fence == time
        assert bot_making.give_back(session, claim)


def test_what_takes_every_gateway_down_with_it_is_given_up(session: Session) -> None:
    model = bot_models.ask(session, by=TRAINER, now=NOW)
    claims = [bot_making.claim(session, at(2 * minutes)) for minutes in range(5)]
    assert [claim is not None for claim in claims] == [True, True, True, True, False]
    assert (model.state, model.error, model.under_way) == (State.FAILED, Failure.CRASHED, None)


def test_the_newest_that_was_published_is_in_use_and_an_earlier_one_comes_back(session: Session) -> None:
    assert used(session) is None
    first = operators(session)
    assert used(session) == "talad-0"
    second = trained(session, 1)
    assert used(session) == "talad-0"
    publish(session, second, 1)
    assert used(session) == "talad-1"
    publish(session, first, 2)
    assert used(session) == "talad-0"
    publish(session, second, 3)  # although it was made before the one in use was published
    assert used(session) == "talad-1"
    assert bot_models.to_run(session, FILES) == ToRun(second.id, "talad-1", "private/models/1.tar.gz")
    assert second.published_by == TRAINER


def test_what_understands_something_worse_is_not_published(session: Session) -> None:
    operators(session)
    model = trained(session, 1, worse=["intents thai: 0.800, before 0.900"])
    with pytest.raises(GotWorse) as refused:
        publish(session, model, 1)
    assert refused.value.worse == ["intents thai: 0.800, before 0.900"]
    assert used(session) == "talad-0"


def test_what_was_compared_with_another_than_the_one_in_use_is_not_published(session: Session) -> None:
    operators(session)
    one, two = trained(session, 1), trained(session, 2)
    publish(session, one, 1)
    with pytest.raises(ComparedWithAnother):
        publish(session, two, 2)


def test_what_is_not_ready_or_not_kept_or_not_there_is_not_published(session: Session) -> None:
    model = bot_models.ask(session, by=TRAINER, now=NOW)
    with pytest.raises(NotReady):
        publish(session, model, 1)
    claim = bot_making.claim(session, NOW)
    assert claim is not None and bot_making.fail(session, claim, Failure.EXAM, NOW)
    with pytest.raises(NotReady):
        publish(session, model, 1)
    with pytest.raises(NotReady):
        publish(session, trained(session, 1, archive=""), 1)
    with pytest.raises(NotFound):
        bot_models.publish(session, 99, by=TRAINER, now=NOW)


def test_after_an_upgrade_the_model_of_the_new_files_is_in_use(session: Session) -> None:
    operators(session)
    old = trained(session, 1)
    publish(session, old, 1)
    operators(session, 2, files="2222bbbb", minutes=2)
    current = bot_models.in_use(session)
    assert current is not None and current.name == "talad-2"
    with pytest.raises(MadeOfOtherFiles):
        publish(session, old, 3)
    assert used(session) == "talad-1"  # a machine that has the old files yet
    again = operators(session, 0, minutes=4)  # the upgrade is taken back
    assert bot_models.in_use(session) == again and len(names(session)) == 3


def test_an_upgrade_goes_on_from_what_a_person_published_last_or_was_taught(session: Session) -> None:
    operators(session)
    assert bot_models.taught_last(session) is None
    model = trained(session, 1)
    publish(session, model, 1)
    operators(session, 2, files="2222bbbb", minutes=2)  # by a gateway, which cannot teach it anything
    assert bot_models.taught_last(session) == model
    plain = operators(session, 3, files="2222bbbb", minutes=3)
    publish(session, operators(session, 4, files="2222bbbb", minutes=4), 4)
    publish(session, plain, 5)  # somebody wants nothing of what was taught
    assert bot_models.taught_last(session) == plain


def test_what_could_not_be_loaded_leaves_the_one_before_in_use(session: Session) -> None:
    operators(session)
    model = trained(session, 1)
    publish(session, model, 1)
    bot_models.refuse(session, model.id, "KeyError: 'x'")
    session.refresh(model)
    assert used(session) == "talad-0" and model.refused == "KeyError: 'x'"
    publish(session, model, 2)  # somebody tries it again
    assert used(session) == "talad-1" and model.refused == ""


def test_old_models_and_what_they_left_are_forgotten_but_none_that_may_be_wanted(session: Session) -> None:
    operators(session)
    for number in range(1, 30):
        trained(session, number)
    waiting = bot_models.ask(session, by=TRAINER, now=NOW)
    kept = bot_models.prune(session, NOW)
    assert "talad-0" in kept and used(session) == "talad-0"
    assert bot_models.under_way(session) == waiting
    assert set(names(session)) == kept | {""} and "talad-29" in kept and len(kept) < 12
    left = {row.key for row in session.scalars(select(Leftover))}
    assert "private/models/1.tar.gz" in left and "private/models/1.png" in left
    assert not {f"private/models/{name[6:]}.tar.gz" for name in kept} & left
    assert bot_models.prune(session, NOW) == kept


def test_one_that_is_being_published_again_is_not_forgotten_at_that_moment(database: Database) -> None:
    if database.is_sqlite:
        return  # there one of the two waits for the other
    with database.transaction() as session:
        first = operators(session, 0).id
        for number in range(1, 30):
            operators(session, number, minutes=number)
    with ThreadPoolExecutor(1) as gateway, database.transaction() as session:
        bot_models.publish(session, first, by=TRAINER, now=at(100))
        session.flush()
        kept = gateway.submit(prune, database).result(timeout=60)
    with database.reading() as session:
        assert used(session) == "talad-0" and "talad-0" in kept
        assert "talad-1" not in kept and "private/models/0.tar.gz" not in {
            row.key for row in session.scalars(select(Leftover))
        }


def prune(database: Database) -> set[str]:
    with database.transaction() as session:
        return bot_models.prune(session, NOW)


def test_the_mark_is_another_one_after_every_change_of_a_model(session: Session) -> None:
    marks = [bot_models.mark(session)]

    def changed() -> None:
        marks.append(bot_models.mark(session))
        assert marks[-1] != marks[-2]

    bot_models.ask(session, by=TRAINER, now=NOW)
    changed()
    operators(session, 1)  # a newer one comes meanwhile
    changed()
    claim = bot_making.claim(session, NOW)
    assert claim is not None
    changed()
    bot_making.progress(session, claim, Step.TRAIN, 0.3, NOW)
    changed()
    bot_making.finish(session, claim, replace(MADE, compared_with="talad-1"), at(1))
    changed()
    bot_models.publish(session, claim.id, by=TRAINER, now=at(2))
    changed()
    bot_models.refuse(session, claim.id, "broken")
    changed()
    assert bot_models.mark(session) == marks[-1]


def test_new_lessons_are_those_since_the_last_training_that_was_not_in_vain(session: Session) -> None:
    def teach(number: int, minutes: float, verdict: Verdict = Verdict.TAUGHT) -> None:
        sure = {"language": "th", "intent": "greet", "confidence": 0.4, "certainty": 0.4}
        said = {"key": f"k{number}", "text": f"k{number}", "verdict": verdict, "last_heard_at": NOW}
        session.add(Utterance(**sure, **said, decided_at=at(minutes)))
        session.flush()

    teach(1, 1)
    teach(2, 2)
    teach(3, 2, Verdict.IGNORED)
    assert bot_models.count_new_lessons(session) == 2
    operators(session, 1, minutes=3)  # teaches nothing new
    assert bot_models.count_new_lessons(session) == 2
    for minutes, in_vain in ((4, True), (5, False)):
        bot_models.ask(session, by=TRAINER, now=at(minutes))
        assert bot_models.count_new_lessons(session) == 0
        claim = bot_making.claim(session, at(minutes))
        assert claim is not None
        if in_vain:
            bot_making.fail(session, claim, Failure.TRAINING, at(minutes))
            assert bot_models.count_new_lessons(session) == 2
        else:
            bot_making.finish(session, claim, MADE, at(minutes))
    teach(4, 6)
    assert bot_models.count_new_lessons(session) == 1
