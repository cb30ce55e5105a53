"""Greeting, help, thanks, languages, and whatever was not understood: always an answer, always a way on."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms, guesses, menu
from actions.catalogue import meant, products
from actions.labels import label
from actions.orders import show_order
from actions.registry import action
from actions.say import Say, tap
from actions.showcart import show_cart
from actions.turn import NOT_UNDERSTOOD, Events, Turn
from shop import addresses, carts, catalogue, customers, shipping
from shop.db import Database
from shop.models import Shop
from shop.replies import Button

#: Answers that end a thought; the menu under them would only push.
_WITHOUT_MENU = ("thank", "goodbye")
_ENGLISH, _THAI = ("อังกฤษ", "english", "eng"), ("ไทย", "thai")
_CANNOT = ("ไม่ออก", "ไม่เป็น", "ไม่ได้", "can't", "cannot", "don't")


@action("action_greet")
async def greet(turn: Turn, say: Say, db: Database) -> Events:
    """Greet in the shop's name and show the ways on."""

    def read(session: Session) -> tuple[Shop, list[Button]]:
        taps = menu.taps(session, turn.language) if turn.form is None else []
        return catalogue.the_shop(session), taps

    shop, taps = await db.read(read)
    say("utter_greet", taps, shop=shop.name_en if turn.language == "en" else shop.name_th)
    return forms.leave_choosing(turn)


@action("action_small_talk")
async def small_talk(turn: Turn, say: Say, db: Database) -> Events:
    """Answer with the response that has the intent's name: `thank` with `utter_thank`."""
    if turn.intent in NOT_UNDERSTOOD and turn.missed_before and turn.form is None:
        return _offer_person(turn, say)
    say(f"utter_{turn.intent}", await _ways_on(turn, db) if turn.intent not in _WITHOUT_MENU else ())
    return forms.back(turn)


@action("action_yes")
async def yes(turn: Turn, say: Say, db: Database) -> Events:
    """A "yes" to nothing in particular: with a full cart it is about the cart, but never an order by itself."""
    cart = await db.read(carts.lines, turn.customer_id)
    if turn.form is None and cart:
        await show_cart(turn, say, db)
        return []
    return await small_talk(turn, say, db)


@action("action_ask_shipping")
async def ask_shipping(turn: Turn, say: Say, db: Database) -> Events:
    """What sending costs and how long it takes, for each way to send."""

    def read(session: Session) -> str:
        currency = catalogue.the_shop(session).currency
        cart = carts.lines(session, turn.customer_id)
        province = addresses.read(turn.text).province if turn.text else None
        offered = shipping.quotes(
            session, subtotal=carts.total(cart), weight=carts.weight(cart), province=province
        )
        only = offered[0].method if len(offered) == 1 else None
        if only and only.free_from is None and only.days_from is None:
            return cards.shipping(offered[0].fee, currency, turn.language)
        return "\n".join(cards.shipping_method(quote, currency, turn.language) for quote in offered)

    say("utter_shipping", fee=await db.read(read))
    return forms.back(turn)


@action("action_not_understood")
async def not_understood(turn: Turn, say: Say, db: Database) -> Events:
    """No wish was recognised. An order's number or a product's name alone says enough to show it.

    Else the likeliest meanings are offered; whoever was not understood twice is offered a person, too.
    """
    if turn.form is None and "order_number" in turn.entities:
        return await show_order(turn, say, db)
    named = await db.read(meant, turn)
    if turn.form is None and named:
        return await products(turn, say, db)
    if turn.form is not None:
        say("utter_not_understood")
        return forms.back(turn)
    if turn.missed_before:
        return _offer_person(turn, say)
    if likely := guesses.taps(turn):
        say("utter_did_you_mean", [*likely, _person(turn)])
    else:
        say("utter_not_understood", await _ways_on(turn, db))
    return []


def _offer_person(turn: Turn, say: Say) -> Events:
    say("utter_not_understood_again", [_person(turn), *guesses.taps(turn)])
    return []


def _person(turn: Turn) -> Button:
    return tap(label("talk_to_seller", turn.language), "talk_to_seller")


@action("action_attachment")
async def attachment(turn: Turn, say: Say, db: Database) -> Events:
    """Something other than a picture came; a thumbs-up is a friendly sign and no mistake."""
    liked = turn.entities.get("attachment") in ("like", "sticker")
    say("utter_liked" if liked else "utter_unsupported_attachment")
    return forms.back(turn)


@action("action_switch_language")
async def switch_language(turn: Turn, say: Say, db: Database) -> Events:
    """Speak the other language from now on, or the one that was named. The next action says so, in that language."""
    language = _wanted_language(turn)
    if not await db.run(customers.speak, turn.customer_id, language):
        say("utter_only_language", await _ways_on(turn, db))
        return forms.back(turn)
    return [SlotSet("language", language), FollowupAction("action_language_switched")]


@action("action_language_switched")
async def language_switched(turn: Turn, say: Say, db: Database) -> Events:
    """Say, in the new language, that it is spoken now."""
    say("utter_language_switched", await _ways_on(turn, db))
    return forms.back(turn)


async def _ways_on(turn: Turn, db: Database) -> list[Button]:
    """The menu's taps, unless a form's own question follows."""
    return await db.read(menu.taps, turn.language) if turn.form is None else []


def _wanted_language(turn: Turn) -> str:
    if turn.entities.get("to") in ("th", "en"):
        return turn.entities["to"]
    text = (turn.text or "").casefold()
    english = max(text.rfind(word) for word in _ENGLISH)
    thai = max(text.rfind(word) for word in _THAI)
    if english == thai:  # neither was named
        return "th" if turn.language == "en" else "en"
    named_last, other = ("en", "th") if english > thai else ("th", "en")
    only_one = min(english, thai) < 0
    return other if only_one and any(word in text for word in _CANNOT) else named_last
