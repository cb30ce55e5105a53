"""Which intents and entities can be taught, and that all of them have words."""

from __future__ import annotations

import os
import re
from itertools import chain

from training import words
from training.known import known
from training.model import ROOT


def test_what_customers_can_mean_is_there_and_what_only_taps_mean_is_not():
    found = known()
    assert {"buy_now", "ask_price", "give_details", "out_of_scope"} <= found.intents
    assert not {"get_started", "choose_option", "notice", "unreadable_picture"} & found.intents
    assert set(found.entities) == {"product", "quantity", "size", "colour", "order_number"}


def test_every_intent_and_entity_has_its_words_in_both_languages():
    found = known()
    named = [
        *(words.TOPICS[topic] for topic in found.topics),
        *(words.INTENTS[name] for name in found.intents),
        *(words.ENTITIES[name] for name in found.entities),
    ]
    for one in named:
        assert re.search("[ก-๙]", one.name("th")) and re.search("[A-Za-z]", one.name("en")), one
    for one in [*words.INTENTS.values(), *words.ENTITIES.values()]:
        assert one.meaning("th") and one.meaning("en"), one
    assert set(words.INTENTS) == found.intents and set(words.ENTITIES) == set(found.entities), (
        "none left over"
    )


def test_no_two_are_called_the_same():
    for language in ("th", "en"):
        for table in (words.INTENTS, words.ENTITIES, words.TOPICS):
            names = [one.name(language) for one in table.values()]
            assert len(set(names)) == len(names)


def test_the_guide_for_files_explains_the_same_ones():
    guide = (ROOT / "docs/annotation-guide.md").read_text()
    rows = set(re.findall(r"^\| (\w+) \|", guide, re.MULTILINE)) - {"intent", "entity"}
    assert rows == {*known().intents, *known().entities}


def test_a_meaning_that_names_another_intent_calls_it_as_the_page_does():
    names = {one.th for one in words.INTENTS.values()}
    for one in words.INTENTS.values():
        for other in re.findall("ให้เลือก “([^”]+)”", one.th_meaning):
            assert other in names, one


def test_an_intent_of_the_shop_s_own_is_offered_by_its_name(tmp_path):
    (tmp_path / "domain").mkdir()
    (tmp_path / "data/nlu").mkdir(parents=True)
    (tmp_path / "domain.yml").write_text("intents:\n- greet\n- only_tapped\nentities:\n- colour\n- cause\n")
    (tmp_path / "domain/gifts.yml").write_text(
        "intents:\n- wrap_as_gift:\n    use_entities: []\nentities:\n- ribbon\n"
    )
    gifts = tmp_path / "data/nlu/gifts.yml"
    gifts.write_text("nlu:\n- intent: wrap_as_gift\n  examples: |\n    - ห่อด้วยโบว์[แดง](ribbon)\n")
    (tmp_path / "data/nlu/smalltalk.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hi\n")
    found = known(tmp_path)
    assert found.topics == {"smalltalk": ("greet",), "gifts": ("wrap_as_gift",)}
    assert found.entities == ("ribbon",)
    assert words.intent("wrap_as_gift").name("th") == "Wrap as gift"
    assert set(chain(*known(tmp_path).topics.values())) == found.intents

    gifts.write_text("nlu: []\n")
    os.utime(gifts, (1, 1))
    assert known(tmp_path).intents == {"greet"}, "files are read anew after a change"
