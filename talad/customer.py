"""`talad customer`: everything held of one customer into a file, or out of the shop."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy.orm import Session

from gateway import leftovers
from gateway.conversations import Conversations
from shop import audit, dossier, privacy
from shop.db import Database, utc_now
from shop.errors import BadInput, NotFound
from shop.media import MediaStore
from shop.models import Customer
from talad.settings import Settings


def export(
    settings: Settings, database: Database, given: str, page: str | None, file: Path
) -> tuple[int, int]:
    """Write a ZIP with `customer.json`, `slips/<id>.jpg`, and what sellers sent as `sent/<id>.jpg`; only its owner can
    read it. (tables' rows, pictures).

    An existing file is not written over. Raises NotFound, ValueError, FileExistsError.
    """
    with database.reading() as session:
        customer = _find(session, given, page)
        held = dossier.of_customer(session, customer)
        conversation, subject = customer.conversation, str(customer.id)
    held["rasa_conversation"] = (
        Conversations(settings.rasa_database_url, settings.rasa_token).stored(conversation) or []
    )
    store, written, missing = MediaStore(settings.media_url), 0, []
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, key in dossier.pictures(held):
            try:
                archive.writestr(f"{name}.jpg", store.get(key))
                written += 1
            except FileNotFoundError:
                missing.append(name)
        held["pictures_missing"] = missing
        archive.writestr("customer.json", json.dumps(held, ensure_ascii=False, indent=1, default=_plain))
    with database.transaction() as session:
        audit.record(session, "customer.export", subject, by=audit.OPERATOR, now=utc_now())
    return sum(map(len, held["tables"].values())), written


def erase(settings: Settings, database: Database, given: str, page: str | None, *, force: bool) -> str:
    """Erase one customer, and say what was done. Raises OrdersOpen, BeingAnswered, ValueError."""
    with database.transaction() as session:
        try:
            customer = _find(session, given, page)
        except NotFound:
            emptied = privacy.forget_stranger(session, page, given, now=utc_now()) if page else 0
            said = f"nobody is known as {given}" + (f"; {emptied} old events were emptied" if page else "")
        else:
            privacy.erase(session, customer.id, now=utc_now(), force=force)
            audit.record(session, "customer.erase", str(customer.id), by=audit.OPERATOR, now=utc_now())
            said = f"customer {customer.id} is erased; orders keep their numbers, amounts and history"
    store, conversations = (
        MediaStore(settings.media_url),
        Conversations(settings.rasa_database_url, settings.rasa_token),
    )
    gone, kept = leftovers.delete_all(database, store, conversations)
    left = f"; {kept} could not be deleted, the gateway tries again" if kept else ""
    return f"{said}. Pictures and conversations deleted: {gone}{left}."


def _find(session: Session, given: str, page: str | None) -> Customer:
    try:
        return privacy.find(session, given, page)
    except BadInput as error:
        raise ValueError(
            f"several Pages have somebody with the id {given}; say which by --page ID"
        ) from error


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
