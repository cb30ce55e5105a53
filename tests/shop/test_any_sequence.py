"""Whatever customers and sellers do, in whatever order: stock, totals and payments stay right."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from shop import (
    attention,
    carts,
    expiry,
    fulfilment,
    ledger,
    order_lines,
    orders,
    payments,
    review,
    seller_orders,
    ways_to_pay,
)
from shop.db import Database
from shop.errors import ShopError
from shop.models import CartLine, Customer, Order, Slip, StockChange, Transfer, Transition, Variant
from shop.seller_orders import Wish
from shop.slips import intake
from shop.states import ORDER_MOVES, PAYMENT_MOVES
from tests.factories import NOW, make_channel, make_customer, make_shop, make_slip, make_variant, slip_text

_STOCK = {"SHIRT": 3, "HAT": 1, "BAG": 40}
#: Orders in these states have given their stock back.
_ENDED = ("cancelled", "expired")
#: What these lead to follows from the ledger, which is checked by itself.
_BY_LEDGER = ("accept", "accept_part", "undo", "refund", "keep")
_people = st.sampled_from((1, 2))
_quantities = st.integers(-1, 5)
_picks = st.integers(0, 50)


class AnySequence(RuleBasedStateMachine):
    """Two customers, three variants, a seller and a clock. Refusals are fine; wrong books are not."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.database = Database(f"sqlite:///{shutil.copy(self.template, self.folder / 'shop.db')}")
        self.now = NOW
        self.causes = 0
        with self.database.transaction() as session:
            make_shop(session, cash_on_delivery=True)
            channel = make_channel(session)
            self.customers = [make_customer(session, channel, name).id for name in ("nok", "chai")]
            self.variants = [make_variant(session, sku, 10000, stock).id for sku, stock in _STOCK.items()]
        for who in self.customers:  # most of what may go wrong happens to orders, so there always are some
            self.buy(who, 2, 1)

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def attempt(self, use_case, *args, **kwargs):
        """What the edges do: one transaction, rolled back when the shop refuses."""
        try:
            with self.database.transaction() as session:
                return use_case(session, *args, **kwargs)
        except ShopError:
            return None

    def some_order(self, pick: int) -> int | None:
        with self.database.reading() as session:
            ids = session.scalars(select(Order.id).order_by(Order.id)).all()
        return ids[pick % len(ids)] if ids else None

    @rule(who=_people, which=_picks, quantity=_quantities)
    def put_in_cart(self, who, which, quantity):
        self.attempt(carts.put, who, self.variants[which % 3], quantity)

    @rule(who=_people)
    def clear_cart(self, who):
        self.attempt(carts.clear, who)

    @rule(who=_people, which=_picks)
    def take_out_of_cart(self, who, which):
        self.attempt(carts.remove, who, self.variants[which % 3])

    @rule(who=_people)
    def look_at_cart(self, who):
        self.attempt(carts.review, who)

    @rule(who=_people, again=st.booleans())
    def confirm_order(self, who, again):
        self.causes += 1
        first = self.attempt(orders.place, who, cause=f"tap {self.causes}", now=self.now)
        if again and first is not None:
            second = self.attempt(orders.place, who, cause=f"tap {self.causes}", now=self.now)
            assert second.id == first.id

    @rule(who=_people, which=_picks, quantity=_quantities)
    def buy(self, who, which, quantity):
        self.attempt(carts.put, who, self.variants[which % 3], quantity)
        self.attempt(carts.review, who)
        self.causes += 1
        self.attempt(orders.place, who, cause=f"tap {self.causes}", now=self.now)

    @rule(who=_people, which=_picks, quantity=_quantities)
    def the_shop_makes_an_order(self, who, which, quantity):
        """A double click; the second is the first one's order."""
        self.causes += 1
        with self.database.reading() as session:
            cart = seller_orders.in_cart(session, who)
        wish = Wish({**cart, self.variants[which % 3]: quantity}, {}, cart)
        who_does = {"form": f"form {self.causes}", "by": "ploy", "now": self.now}
        first = self.attempt(seller_orders.make, who, wish, **who_does)
        if first is not None:
            second = self.attempt(seller_orders.make, who, wish, **who_does)
            assert (second[0].id, second[1]) == (first[0].id, False)

    @rule(pick=_picks)
    def cancel(self, pick):
        self.attempt(orders.cancel, self.some_order(pick), now=self.now)

    @rule(
        pick=_picks,
        step=st.sampled_from(
            (
                fulfilment.accept,
                fulfilment.pack,
                fulfilment.unpack,
                fulfilment.deliver,
                fulfilment.undeliver,
                fulfilment.unship,
                fulfilment.call_off,
                partial(fulfilment.call_off, put_back=False),
            )
        ),
    )
    def fulfil(self, pick, step):
        self.attempt(step, self.some_order(pick), by="ploy", now=self.now)

    @rule(pick=_picks, tracking=st.sampled_from(("TH0123", "EF123456789TH", "?")))
    def ship(self, pick, tracking):
        self.attempt(
            fulfilment.ship,
            self.some_order(pick),
            carrier="flash",
            tracking=tracking,
            by="ploy",
            now=self.now,
        )

    @rule(
        pick=_picks,
        reason=st.sampled_from((*fulfilment.CAME_BACK, "nonsense")),
        words=st.sampled_from(("", "lost")),
        put_back=st.booleans(),
    )
    def come_back(self, pick, reason, words, put_back):
        who = {"by": "ploy", "now": self.now}
        self.attempt(fulfilment.come_back, self.some_order(pick), reason, words, put_back=put_back, **who)

    @rule(pick=_picks)
    def keep_the_rest(self, pick):
        self.attempt(payments.keep, self.some_order(pick), "the fee", by="ploy", now=self.now)

    @rule(who=_people, pick=_picks)
    def order_again(self, who, pick):
        with self.database.reading() as session:
            numbers = session.scalars(select(Order.number).order_by(Order.id)).all()
        if numbers:
            self.attempt(orders.again, who, numbers[pick % len(numbers)])

    @rule(who=_people, transfer=st.integers(0, 4), choose=st.none() | _picks)
    def send_slip(self, who, transfer, choose):
        """Of one of four transfers, or without a code (0); for the one order that waits, or the chosen one."""
        self.causes += 1
        codes = (slip_text(f"016001093000BPP0000{transfer}"),) if transfer else ()
        with self.database.transaction() as session:
            slip = make_slip(session, session.get_one(Customer, who), f"photo {self.causes}", codes=codes).id
            order = session.get(Order, self.some_order(choose) or 0) if choose is not None else None
            number = order.number if order else None
        if number is None:
            self.attempt(intake.take, who, [slip], now=self.now)
        else:
            self.attempt(intake.take_for, who, number, [slip], now=self.now)

    @rule(pick=_picks, address=st.sampled_from(("9/1 สุเทพ เชียงใหม่ 50200", "9/1 Soi Ari, Bangkok 10400")))
    def say_where_to_send(self, pick, address):
        self.attempt(
            orders.set_delivery, self.some_order(pick), recipient="Nok", phone="0812345678", address=address
        )

    @rule(pick=_picks, method=st.sampled_from(payments.METHODS))
    def choose_how_to_pay(self, pick, method):
        self.attempt(ways_to_pay.choose, self.some_order(pick), method, by="customer", now=self.now)

    @rule(pick=_picks)
    def confirm_payment(self, pick):
        self.attempt(payments.confirm, self.some_order(pick), by="ploy", now=self.now)

    @rule(pick=_picks, amount=st.sampled_from((-1, 0, 1, 5000, 10000, 14000, 50000)), again=st.booleans())
    def accept_an_amount(self, pick, amount, again):
        """Two sellers who looked at the same ledger enter the same money once."""
        order_id = self.some_order(pick)
        with self.database.reading() as session:
            order = session.get(Order, order_id or 0)
            seen = ledger.shown(session, order) if order else None
            last = ledger.last_id(session, order_id or 0)
        for _ in range(2 if again else 1):
            self.attempt(payments.accept, order_id, amount, by="ploy", now=self.now, seen=seen)
        with self.database.reading() as session:
            entries = ledger.entries(session, order_id or 0)
        assert sum(entry.id > last for entry in entries) <= 1

    @rule(pick=_picks, reason=st.sampled_from((*payments.REASONS, "nonsense")))
    def reject_slips(self, pick, reason):
        self.attempt(payments.reject, self.some_order(pick), reason, "", by="ploy", now=self.now)

    @rule(pick=_picks, entry=_picks)
    def undo(self, pick, entry):
        order_id = self.some_order(pick)
        with self.database.reading() as session:
            entries = [entry.id for entry in ledger.entries(session, order_id or 0)]
        if entries:
            chosen = entries[entry % len(entries)]
            self.attempt(payments.undo, order_id, chosen, "a mistake", by="ploy", now=self.now)

    @rule(pick=_picks, amount=st.sampled_from((1, 5000, 10000, 14000, None)), put_back=st.booleans())
    def refund(self, pick, amount, put_back):
        order_id = self.some_order(pick)
        with self.database.reading() as session:
            order = session.get(Order, order_id or 0)
            everything = order.received if order else 0
        who = {"by": "ploy", "now": self.now, "put_back": put_back}
        self.attempt(payments.refund, order_id, amount or everything, "sent back", **who)

    @rule(pick=_picks, amount=st.sampled_from((0, 500, 10**7)))
    def give_discount(self, pick, amount):
        self.attempt(orders.set_discount, self.some_order(pick), amount, by="ploy", now=self.now)

    @rule(
        pick=_picks, wanted=st.dictionaries(st.integers(0, 2), _quantities, max_size=3), stale=st.booleans()
    )
    def edit_lines(self, pick, wanted, stale):
        order_id = self.some_order(pick)
        wanted = {self.variants[which]: quantity for which, quantity in wanted.items()}
        seen = {self.variants[0]: 5} if stale else None
        self.attempt(order_lines.edit, order_id, wanted, by="ploy", now=self.now, seen=seen)

    @rule(pick=_picks, slip=_picks)
    def look_again(self, pick, slip):
        order_id = self.some_order(pick)
        with self.database.reading() as session:
            slips = session.scalars(select(Slip.id).where(Slip.order_id == order_id)).all()
        if slips:
            chosen = [slips[slip % len(slips)]]
            self.attempt(payments.look_again, order_id, chosen, by="ploy", now=self.now)

    @rule(which=_picks, price=st.integers(1, 10**6))
    def change_price(self, which, price):
        with self.database.transaction() as session:
            session.get_one(Variant, self.variants[which % 3]).price = price

    @precondition(lambda self: self.now < NOW + timedelta(days=4))
    @rule(hours=st.integers(1, 30))
    def time_goes_by(self, hours):
        self.now += timedelta(hours=hours)
        while self.attempt(expiry.remind_one, self.now) or self.attempt(expiry.expire_one, self.now):
            pass

    @invariant()
    def nothing_is_sold_twice_or_lost(self):
        with self.database.reading() as session:
            held = Counter()
            for order in session.scalars(select(Order).where(Order.state.not_in(_ENDED))):
                for line in order.lines:
                    held[line.variant_id] += line.quantity
            for kept_out in session.scalars(select(StockChange).where(StockChange.reason == "kept_out")):
                held[kept_out.variant_id] -= kept_out.change
            stocks = {variant.id: variant for variant in session.scalars(select(Variant))}
        for variant_id, variant in stocks.items():
            assert variant.stock >= 0
            assert variant.stock + held[variant_id] == _STOCK[variant.sku]

    @invariant()
    def totals_add_up(self):
        with self.database.reading() as session:
            for order in session.scalars(select(Order)):
                assert order.subtotal == sum(line.unit_price * line.quantity for line in order.lines)
                assert order.total == order.subtotal + order.shipping_fee - order.discount > 0
            for line in session.scalars(select(CartLine)):
                assert line.quantity > 0

    @invariant()
    def paid_means_that_the_money_is_there(self):
        with self.database.reading() as session:
            for order in session.scalars(select(Order)):
                entries = ledger.entries(session, order.id)
                came = sum(entry.amount for entry in entries if entry.kind != "refunded")
                returned = -sum(entry.amount for entry in entries if entry.kind == "refunded")
                assert order.received == came - returned >= 0
                assert 0 <= order.kept <= order.received
                is_refunded = returned > 0 and came - returned == order.kept
                assert (came >= order.total and not is_refunded) == (order.payment_state == "paid")
                assert is_refunded == (order.payment_state == "refunded")

    @invariant()
    def money_of_an_order_that_has_ended_is_returned_kept_or_needs_a_person(self):
        with self.database.reading() as session:
            in_need = set(session.scalars(select(Order.id).where(*attention.needs(self.now))))
            for order in session.scalars(select(Order)):
                assert (order.id in in_need) == bool(attention.reasons(order, self.now))
                if order.state in _ENDED:
                    assert (order.received > order.kept) == (order.id in in_need)
                else:
                    assert order.kept == 0

    @invariant()
    def a_transfer_belongs_to_one_order_of_whoever_sent_it_first(self):
        with self.database.reading() as session:
            for transfer in session.scalars(select(Transfer).where(Transfer.order_id.is_not(None))):
                assert session.get_one(Order, transfer.order_id).customer_id == transfer.customer_id

    @invariant()
    def pending_means_that_a_slip_waits(self):
        with self.database.reading() as session:
            for order in session.scalars(select(Order).where(Order.state == "placed")):
                waiting = select(Slip.id).where(Slip.order_id == order.id, Slip.verdict == "")
                waits = session.scalar(waiting.limit(1)) is not None
                assert (order.payment_state == "pending") == waits

    @invariant()
    def the_review_has_just_those_that_are_pending_and_no_slip_waits_for_an_order_that_ended(self):
        with self.database.reading() as session:
            pending = select(Order.id).where(Order.state == "placed", Order.payment_state == "pending")
            queued = [one.order_id for one in review.queue(session)]
            assert sorted(queued) == sorted(session.scalars(pending)) and len(queued) == review.count(session)
            ended = select(Order.id).where(Order.state.in_(_ENDED))
            waits = select(Slip.id).where(
                Slip.verdict == "", Slip.repeats_id.is_(None), Slip.order_id.in_(ended)
            )
            assert session.scalars(waits).all() == []

    @invariant()
    def history_leads_from_the_beginning_to_the_present(self):
        with self.database.reading() as session:
            for order in session.scalars(select(Order)):
                history = select(Transition).where(Transition.order_id == order.id).order_by(Transition.id)
                states = {"order": "", "payment": "awaiting_slip"}
                for step in session.scalars(history):
                    assert step.before == states[step.of]
                    moves = ORDER_MOVES if step.of == "order" else PAYMENT_MOVES
                    by_ledger = step.of == "payment" and step.move in _BY_LEDGER
                    if step.move != "place" and not by_ledger:
                        assert moves[(step.move, step.before)] == step.after
                    states[step.of] = step.after
                assert (order.state, order.payment_state) == (states["order"], states["payment"])


def test_no_sequence_of_operations_breaks_the_books(sqlite_template):
    machine = type("Sequence", (AnySequence,), {"template": sqlite_template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
