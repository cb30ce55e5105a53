"""Deleting what an erased customer, or a slip that has become old, has left outside the database."""

from __future__ import annotations

import logging

from gateway.conversations import Conversations
from shop import privacy
from shop.db import Database, utc_now
from shop.media import MediaStore
from shop.models import Leftover

logger = logging.getLogger(__name__)


def delete_all(database: Database, store: MediaStore, conversations: Conversations) -> tuple[int, int]:
    """Delete every leftover: (how many are gone, how many would not go and are tried again another time).

    Blocks; call it in a thread. Harmless when somebody else does the same at the same time.
    """
    gone = kept = after = 0
    while True:
        with database.reading() as session:
            found = privacy.leftovers(session, utc_now(), after=after)
        if not found:
            return gone, kept
        after = found[-1].id
        done = [one.id for one in found if _delete(one, store, conversations)]
        with database.transaction() as session:
            privacy.are_gone(session, done)
        gone, kept = gone + len(done), kept + len(found) - len(done)


def _delete(one: Leftover, store: MediaStore, conversations: Conversations) -> bool:
    try:
        if one.kind == privacy.CONVERSATION:
            conversations.forget(one.key)
        else:
            store.delete(one.key)
    except FileNotFoundError:
        return True  # a crash came between deleting it and crossing it off
    except Exception as error:  # an object store raises its own kinds
        logger.warning("leftover %d could not be deleted: %s", one.id, type(error).__name__)
        return False
    return True
