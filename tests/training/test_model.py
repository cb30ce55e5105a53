"""A model is called after what it was made of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from training import model

pytestmark = pytest.mark.usefixtures("checkout")


@pytest.mark.parametrize("name", ["config.yml", "data/nlu/smalltalk.yml", "domain/cart.yml", "bot/thai.py"])
def test_a_change_in_a_source_asks_for_another_model(checkout: Path, name: str) -> None:
    first, before = model.name(), (checkout / name).read_text()
    (checkout / name).write_text("other")
    assert model.name() != first
    (checkout / name).write_text(before)
    assert model.name() == first


def test_what_only_serves_the_model_asks_for_no_other(checkout: Path) -> None:
    first = model.name()
    (checkout / "bot/run.py").write_text("other")
    assert model.name() == first


def test_other_names_of_goods_and_other_lessons_ask_for_another_model(tmp_path: Path) -> None:
    names = tmp_path / "catalogue.yml"
    assert model.name(names) == model.name()
    names.write_text("- lookup: product")
    assert len({model.name(names), model.name(), model.name(names, "nlu:"), model.name(None, "nlu:")}) == 4


def test_examples_do_not_decide_what_a_model_fits(checkout: Path) -> None:
    fits = model.fingerprint(with_examples=False)
    (checkout / "data/nlu/smalltalk.yml").write_text("other")
    assert model.fingerprint(with_examples=False) == fits
    (checkout / "data/rules/cart.yml").write_text("other")
    assert model.fingerprint(with_examples=False) != fits


def test_a_model_is_found_in_both_folders(checkout: Path, tmp_path: Path) -> None:
    for number, folder in enumerate(model.folders(tmp_path)):
        folder.mkdir()
        (folder / f"talad-{number}.tar.gz").write_text("model")
    assert model.find("talad-0", tmp_path) == checkout / "models/talad-0.tar.gz"
    assert model.find("talad-1", tmp_path) == tmp_path / "models/talad-1.tar.gz"
    assert model.find("talad-2", tmp_path) is None


def test_old_models_go_the_newest_of_the_files_stay_and_of_the_desk_those_that_are_wanted(
    tmp_path: Path,
) -> None:
    for number in range(6):
        file = tmp_path / f"talad-{number}.tar.gz"
        file.write_text("model")
        os.utime(file, (1_000_000 + number, 1_000_000 + number))
    (tmp_path / "talad-new.tar.gz").write_text("model")
    killed = tmp_path / "unfinished-7.tar.gz"
    killed.write_text("mod")
    model.forget_old(tmp_path, {f"talad-{number}" for number in range(6)})
    assert killed.exists()  # perhaps somebody is at it
    os.utime(killed, (1_000_000, 1_000_000))
    model.forget_old(tmp_path, {"talad-0", "talad-4", "talad-5"})
    assert _names(tmp_path) == {"talad-0", "talad-4", "talad-5", "talad-new"}
    model.forget_old(tmp_path)
    assert _names(tmp_path) == {"talad-4", "talad-5", "talad-new"}


def _names(folder: Path) -> set[str]:
    return {file.name.removesuffix(".tar.gz") for file in folder.glob("*.tar.gz")}
