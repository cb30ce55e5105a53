"""Who has the chat with a customer: the bot, or a person.

A person has it from the moment the customer asks for one, or somebody writes from the Page's own inbox, until they
give it back, the customer calls the bot, or `handoff_hours` have gone by since the person's last word. Whoever taps one
of the bot's buttons calls it: it may have a question next, and must hear the answer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import alerts, customers, mailbox
from shop.models import Customer, Shop

#: Before every moment: what is later than this is found along an index, where SQLite takes none for `IS NOT NULL`.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Kind of the inbox event by which the bot hears that it has the chat again; its `raw` is empty.
BACK_EVENT = "bot_is_back"
#: Messenger lets the shop write for 24 hours after the customer's last word; later the bot comes back in silence.
_MAY_BE_TOLD = timedelta(hours=23)
_HOURS = 12


def ask_for_person(session: Session, customer_id: int, now: datetime) -> None:
    """The customer wants a person; asking again keeps the first time."""
    customer = session.get_one(Customer, customer_id)
    _wants_person(session, customer, now, now=now)
    customer.person_until = now + _hours(session)


def person_wrote(session: Session, channel_id: int, external_id: str, at: datetime) -> None:
    """A person of the shop wrote to the customer at `at`; somebody the shop has never met is passed over."""
    customer = customers.met(session, channel_id, external_id)
    if customer is not None:
        customer.wants_person_since, customer.unread = None, 0
        customer.person_until = max(at + _hours(session), customer.person_until or at)


def given_to_bot(session: Session, channel_id: int, external_id: str, at: datetime) -> None:
    """The platform passed the conversation back to the bot, which says so if a person had it."""
    customer = customers.met(session, channel_id, external_id)
    if customer is not None:
        hand_back_and_tell(session, customer.id, at)


def answered(session: Session, customer_id: int, now: datetime) -> bool:
    """A seller says that they see to the customer, who then waits no longer; whether it was not so already."""
    customer = customers.lock(session, customer_id)
    waited = customer.wants_person_since is not None or customer.unread > 0
    is_new = waited or not is_with_person(customer, now)
    customer.wants_person_since, customer.unread = None, 0
    customer.person_until = now + _hours(session)
    return is_new


def have_read(session: Session, customer_id: int, seen: int) -> None:
    """A person has looked at the `seen` messages that were unread; when more have come meanwhile, all stay unread.

    Whether the customer waits for an answer stays as it is.
    """
    theirs = update(Customer).where(Customer.id == customer_id, Customer.unread == seen)
    session.execute(theirs.values(unread=0))


def bot_goes_on(session: Session, customer_id: int, now: datetime) -> None:
    """The customer does something with the bot, which has the chat again. Who waits for an answer still does."""
    _bot_has(session, session.get_one(Customer, customer_id), now)


def hand_back(session: Session, customer_id: int) -> bool:
    """The bot has the chat again; whether a person had it. Of two who give it back at once, one finds it done."""
    customer = customers.lock(session, customer_id)
    had_it = customer.person_until is not None or customer.wants_person_since is not None
    customer.wants_person_since, customer.person_until, customer.unread = None, None, 0
    return had_it


def hand_back_and_tell(session: Session, customer_id: int, now: datetime) -> bool:
    """As `hand_back`, and the bot tells the customer that it is there again."""
    if not hand_back(session, customer_id):
        return False
    _tell(session, session.get_one(Customer, customer_id), now)
    return True


def hand_back_one(session: Session, now: datetime) -> bool:
    """Give the bot the chat whose person has been silent for longest; False when nobody's time is up.

    A customer who was never answered, or whose last words nobody has read, is on the list of those who wait.
    """
    customer = session.scalar(
        select(Customer)
        .where(Customer.person_until <= now)
        .order_by(Customer.person_until)
        .limit(1)
        .with_for_update(of=Customer, skip_locked=True)
    )
    if customer is None:
        return False
    _bot_has(session, customer, now)
    _tell(session, customer, now)
    return True


def is_with_person(customer: Customer, now: datetime) -> bool:
    """Whether the bot has to keep silent."""
    return customer.person_until is not None and customer.person_until > now


def _bot_has(session: Session, customer: Customer, now: datetime) -> None:
    customer.person_until = None
    if customer.unread:  # it was written to a person, and the bot does not answer it
        _wants_person(session, customer, customer.last_inbound_at, now=now)


def _wants_person(session: Session, customer: Customer, since: datetime | None, *, now: datetime) -> None:
    if customer.wants_person_since is None:
        customer.wants_person_since = since
        alerts.note(session, alerts.Kind.CALL, customer.id, by="customer", now=now)


def _tell(session: Session, customer: Customer, now: datetime) -> None:
    if customer.last_inbound_at is None or customer.last_inbound_at < now - _MAY_BE_TOLD:
        return
    event = mailbox.open_event(
        account_id=customer.channel.account_id,
        key=f"{BACK_EVENT}:{customer.id}:{int(now.timestamp() * 1000)}",
        channel_id=customer.channel_id,
        conversation=customer.conversation,
        kind=BACK_EVENT,
        raw={},
        now=now,
    )
    mailbox.keep_events(session, [event])


def _hours(session: Session) -> timedelta:
    # A Page may be connected, and its people write, before the shop is set up.
    hours = session.scalar(select(Shop.handoff_hours))
    return timedelta(hours=_HOURS if hours is None else hours)
