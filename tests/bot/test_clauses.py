"""Two things in one line."""

from __future__ import annotations

import pytest

from bot import clauses


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ราคาเท่าไหร่คะ ส่งกี่วัน", ["ราคาเท่าไหร่", "ส่งกี่วัน"]),
        ("ราคาเท่าไหร่ ส่งกี่วัน", ["ราคาเท่าไหร่", "ส่งกี่วัน"]),
        ("ตัวนี้เท่าไหร่แล้วค่าส่งเท่าไหร่", ["ตัวนี้เท่าไหร่", "ค่าส่งเท่าไหร่"]),
        ("มีของไหมคะและโอนบัญชีไหน", ["มีของไหม", "โอนบัญชีไหน"]),
        ("how much is it? do you ship to Phuket", ["how much is it", "do you ship to Phuket"]),
        ("price and shipping", ["price", "shipping"]),
        ("ยังมีมั้ยคะ ตัวนี้", []),
        ("do you have stock, this one", []),
        ("ตัวนี้ ราคาเท่าไหร่ ส่งกี่วัน", ["ราคาเท่าไหร่", "ส่งกี่วัน"]),
        ("ราคา\nค่าส่ง", ["ราคา", "ค่าส่ง"]),
        ("how much is the black shirt", []),
        ("เอาดำ M 1", []),
        ("a, bb", []),
        ("one. two. three. four. five", []),
        ("", []),
        ("คะ", []),
        ("ราคา ค่าส่ง " * 40, []),
    ],
)
def test_a_text_is_cut_where_people_cut_it(text, pieces):
    assert clauses.pieces(text) == pieces


def understood(name, confidence=0.9):
    return {"intent": {"name": name, "confidence": confidence}}


def further(whole, **pieces):
    """`pieces` are what each word of "one. two. three" means, with how sure that is."""
    text = ". ".join(pieces)
    return clauses.further(understood(whole), text, lambda piece: understood(*pieces[piece]))


def test_a_second_question_is_heard():
    assert further("ask_price", one=("ask_price", 0.9), two=("ask_shipping", 0.8)) == (None, ["ask_shipping"])


def test_what_is_no_clear_question_adds_nothing():
    assert further("ask_price", one=("ask_shipping", 0.5), two=("cancel_order", 0.9)) == (None, [])


def test_where_the_whole_means_nothing_the_first_question_is_the_meaning():
    found = further("nlu_fallback", one=("greet", 0.9), two=("ask_price", 0.8), three=("ask_payment", 0.8))
    assert found == ("ask_price", ["ask_payment"])


def test_each_question_is_answered_once():
    found = further("buy_now", one=("ask_stock", 0.9), two=("ask_stock", 0.8), three=("ask_price", 0.8))
    assert found == (None, ["ask_stock", "ask_price"])


def test_an_order_goes_before_the_question_beside_it():
    assert further("ask_shipping", one=("buy_now", 0.9), two=("ask_shipping", 0.8)) == (
        "buy_now",
        ["ask_shipping"],
    )
    assert further("view_cart", one=("buy_now", 0.9), two=("ask_shipping", 0.8)) == (None, ["ask_shipping"])
