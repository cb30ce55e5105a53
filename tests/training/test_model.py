"""A model is trained when its sources changed, and only then."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from training import model

#: Stands in for `rasa train`: writes what it was asked for, or fails when config.yml says so.
TRAINER = """#!{python}
import sys
from pathlib import Path
if "broken" in Path("config.yml").read_text():
    sys.exit("pipeline: no such component")
name, out = sys.argv[sys.argv.index("--fixed-model-name") + 1], sys.argv[sys.argv.index("--out") + 1]
(Path(out) / (name + ".tar.gz")).write_text("model")
"""


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("data/nlu", "domain", "bot"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("config.yml", "data/nlu/cart.yml", "domain/cart.yml", "bot/thai.py", "bot/run.py"):
        (tmp_path / name).write_text("first")
    trainer = tmp_path / "rasa"
    trainer.write_text(TRAINER.format(python=sys.executable))
    trainer.chmod(0o755)
    monkeypatch.setattr(model, "ROOT", tmp_path)
    monkeypatch.setattr(model, "FOLDER", tmp_path / "models")
    monkeypatch.setattr(model, "RASA_PYTHON", trainer)
    return tmp_path


def train(checkout: Path) -> tuple[Path, list[str]]:
    said: list[str] = []
    return model.train_if_changed(checkout / "var/training.log", said.append), said


def test_an_unchanged_model_is_not_trained_again(checkout: Path) -> None:
    first, said = train(checkout)
    assert first == model.path()
    assert first.read_text() == "model"
    assert said[0].startswith("training")
    assert train(checkout) == (first, [])


@pytest.mark.parametrize("name", ["config.yml", "data/nlu/cart.yml", "domain/cart.yml", "bot/thai.py"])
def test_a_change_in_a_source_trains_another_model(checkout: Path, name: str) -> None:
    first, _ = train(checkout)
    (checkout / name).write_text("other")
    second, said = train(checkout)
    assert second != first
    assert said
    (checkout / name).write_text("first")
    assert train(checkout) == (first, [])


def test_what_only_serves_the_model_does_not_train_it(checkout: Path) -> None:
    first, _ = train(checkout)
    (checkout / "bot/run.py").write_text("other")
    assert train(checkout) == (first, [])


def test_three_models_are_kept(checkout: Path) -> None:
    for content in "abcde":
        (checkout / "config.yml").write_text(content)
        train(checkout)
    assert len(list((checkout / "models").glob("*.tar.gz"))) == 3
    assert model.path().exists()


def test_a_failed_training_shows_what_rasa_said_and_leaves_no_model(checkout: Path) -> None:
    (checkout / "config.yml").write_text("broken")
    with pytest.raises(model.TrainingFailed, match="pipeline: no such component"):
        train(checkout)
    assert not list((checkout / "models").glob("*.tar.gz"))
