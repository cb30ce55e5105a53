"""What the gateway forgets by itself: old pictures of slips, what erasing has left, and silent conversations."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from sqlalchemy import create_engine, select, text

from gateway import forgetting
from gateway.service import Service
from shop import media, privacy
from shop.db import Database, utc_now
from shop.models import Channel, Leftover, Slip
from tests.factories import NOW, make_customer, make_shop, make_slip
from tests.gateway.waiting import until


def rasa_store(service: Service, conversations: dict[str, float]) -> None:
    engine = create_engine(service.settings.rasa_database_url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE rasa_conversations (id VARCHAR(255), events TEXT, changed_at FLOAT)")
        )
        for name, changed_at in conversations.items():
            row = {"id": name, "at": changed_at}
            connection.execute(text("INSERT INTO rasa_conversations VALUES (:id, '{}', :at)"), row)
    engine.dispose()


def remembered(service: Service) -> list[str]:
    engine = create_engine(service.settings.rasa_database_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id FROM rasa_conversations ORDER BY id")).scalars().all()
    engine.dispose()
    return list(found)


async def test_old_pictures_and_what_erasing_has_left_are_deleted(
    service: Service, database: Database, channel: int, tmp_path: Path
) -> None:
    store = service.store
    key = media.new_key(media.PRIVATE, "slips", "jpg")
    for name in (key, "private/slips/of-nok.jpg", "private/slips/young.jpg"):
        store.put(name, b"a picture")
    silent = time.time() - forgetting.SILENT.total_seconds() - 60
    rasa_store(service, {"1:nok": time.time(), "1:silent": silent, "1:talks": time.time()})
    with database.transaction() as session:
        make_shop(session, keep_slips_days=7)
        page = session.get_one(Channel, channel)
        nok, ploy = make_customer(session, page), make_customer(session, page, "ploy")
        make_slip(session, nok, "of-nok")
        make_slip(session, ploy, "old").picture = key
        make_slip(session, ploy, "young").received_at = utc_now()
        for slip in session.scalars(select(Slip).where(Slip.picture != "private/slips/young.jpg")):
            slip.received_at = NOW.replace(year=2020)
        privacy.erase(session, nok.id, now=utc_now())

    parts = (service.database, service.writer, store, service.conversations)
    chore = asyncio.create_task(forgetting.for_ever(*parts, every=0.1))

    def all_gone() -> bool:
        with database.reading() as session:
            return session.scalars(select(Leftover)).all() == [] and session.scalars(
                select(Slip.picture).where(Slip.picture != "")
            ).all() == ["private/slips/young.jpg"]

    try:
        await until(all_gone)
        await until(lambda: remembered(service) == ["1:talks"])
    finally:
        chore.cancel()
    assert [file.name for file in (tmp_path / "media/private/slips").iterdir()] == ["young.jpg"]


async def test_a_store_that_is_away_is_tried_again(
    service: Service, database: Database, channel: int, tmp_path: Path
) -> None:
    blocked = tmp_path / "media/private/slips/x.jpg/inside"  # a folder cannot be deleted as a file
    blocked.mkdir(parents=True)
    with database.transaction() as session:
        privacy.leave(session, privacy.PICTURE, ["private/slips/x.jpg"], utc_now())
    parts = (service.database, service.writer, service.store, service.conversations)
    chore = asyncio.create_task(forgetting.for_ever(*parts, every=0.05))
    try:
        await asyncio.sleep(0.3)
        with database.reading() as session:
            assert session.scalars(select(Leftover.key)).all() == ["private/slips/x.jpg"]
        blocked.rmdir()
        blocked.parent.rmdir()

        def crossed_off() -> bool:
            with database.reading() as session:
                return session.scalars(select(Leftover)).all() == []

        await until(crossed_off)
    finally:
        chore.cancel()
