"""Committing what was taught: only that, in the trainer's name, and nothing at all where the checkout is not ready."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from training import additions, checkout, files
from training.additions import Planned
from training.checkout import Author, NotPossible, Why
from training.files import Example

ANONG = Author("Anong <script>", "anong@example.com")
PATH = "data/nlu/talk.yml"
TALK = "nlu:\n- intent: greet\n  examples: |\n    - สวัสดี\n"


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the list of one intent and other files."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    root = tmp_path / "checkout"
    (root / "data/nlu").mkdir(parents=True)
    (root / PATH).write_text(TALK)
    (root / "config.yml").write_text("language: th\n")
    git(root.parent, "init", "-q", "-b", "main", str(root))
    git(root, "config", "user.name", "Operator")
    git(root, "config", "user.email", "operator@example.com")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    return root


def planned(root: Path, *words: str) -> Planned:
    return additions.put_in(files.texts(root), [], [Example(text, "greet") for text in words or ("โย่ว",)])


def commit(root: Path, plan: Planned, author: Author = ANONG) -> str:
    return checkout.commit(root, plan.before, plan.after, "Teach the bot\n\ngreet: 1", author)


def refused(root: Path, plan: Planned | None = None) -> Why:
    with pytest.raises(NotPossible) as error:
        if plan:
            commit(root, plan)
        else:
            checkout.check(root)
    return error.value.why


def test_a_commit_holds_what_was_taught_in_the_trainers_name(root: Path) -> None:
    name = commit(root, planned(root))
    assert git(root, "log", "-1", "--format=%h %an %ae %cn %B") == (
        f"{name} Anong script anong@example.com Anong script Teach the bot\n\ngreet: 1"
    )
    assert git(root, "show", "--format=", "--name-only") == PATH
    assert (root / PATH).read_text() == TALK + "    - โย่ว\n"
    assert git(root, "status", "--porcelain") == ""
    assert planned(root).standing == 1


def test_other_changes_are_not_taken_along_staged_or_not(root: Path) -> None:
    (root / "config.yml").write_text("language: en\n")
    (root / "staged.txt").write_text("staged")
    (root / "new.txt").write_text("new")
    git(root, "add", "staged.txt")
    commit(root, planned(root))
    assert git(root, "show", "--format=", "--name-only") == PATH
    assert git(root, "status", "--porcelain") == "M config.yml\nA  staged.txt\n?? new.txt"


def test_hooks_and_other_checkouts_in_the_environment_have_no_say(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ngit add -A\nexit 1\n")
    hook.chmod(0o755)
    git(root, "config", "commit.gpgSign", "true")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    name = commit(root, planned(root))
    monkeypatch.undo()
    assert git(root, "log", "-1", "--format=%h") == name


@pytest.mark.parametrize("name", ["", "<>", "\n", "สมชาย\nAuthor: x <x@example.com>"])
def test_whatever_a_trainer_is_called_the_commit_is_theirs(root: Path, name: str) -> None:
    commit(root, planned(root), Author(name, "anong@example.com"))
    assert git(root, "log", "-1", "--format=%ae %ce") == "anong@example.com anong@example.com"
    assert len(git(root, "log", "-1", "--format=%an").splitlines()) == 1


def test_a_checkout_below_a_larger_one_is_one_too(root: Path) -> None:
    (root / "shop/data/nlu").mkdir(parents=True)
    (root / "shop" / PATH).write_text(TALK)
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "A second one")
    commit(root / "shop", planned(root / "shop"))
    assert git(root, "show", "--format=", "--name-only") == f"shop/{PATH}"


def test_without_git_the_files_can_only_be_downloaded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert refused(root) is Why.NO_GIT


def test_files_outside_a_checkout(tmp_path: Path) -> None:
    (tmp_path / "data/nlu").mkdir(parents=True)
    assert refused(tmp_path) is Why.NO_CHECKOUT


def test_files_that_git_does_not_care_for(root: Path) -> None:
    git(root, "rm", "-rq", "--cached", "data")
    git(root, "commit", "-q", "-m", "Forget")
    assert refused(root) is Why.NO_CHECKOUT


def test_files_that_may_not_be_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("talk.yml"))
    assert refused(root) is Why.READ_ONLY


def test_files_that_somebody_changed_and_did_not_commit(root: Path) -> None:
    (root / PATH).write_text(TALK + "    - หวัดดี\n")
    assert refused(root) is Why.CHANGED


def test_files_that_somebody_changed_since_they_were_looked_at(root: Path) -> None:
    plan = planned(root)
    (root / PATH).write_text(TALK + "    - หวัดดี\n")
    git(root, "commit", "-qam", "Meanwhile")
    assert refused(root, plan) is Why.CHANGED
    assert (root / PATH).read_text() == TALK + "    - หวัดดี\n"


def test_a_checkout_without_a_branch(root: Path) -> None:
    git(root, "checkout", "-q", "--detach")
    assert refused(root) is Why.BUSY


def test_a_checkout_in_the_middle_of_a_merge(root: Path) -> None:
    (root / ".git/MERGE_HEAD").write_text(git(root, "rev-parse", "HEAD") + "\n")
    assert refused(root) is Why.BUSY


def test_what_cannot_be_committed_leaves_the_files_as_they_were(root: Path) -> None:
    plan = planned(root)
    (root / ".git/index.lock").touch()
    assert refused(root, plan) is Why.FAILED
    assert (root / PATH).read_text() == TALK


def test_git_that_hangs_is_stopped_and_the_files_are_as_they_were(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(root)
    slow = tmp_path / "bin/git"
    slow.parent.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    slow.write_text(f'#!/bin/sh\ncase "$*" in *commit*--only*) exec sleep 60;; *) exec {real} "$@";; esac\n')
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(checkout, "_SECONDS", 0.5)
    assert refused(root, plan) is Why.FAILED
    assert (root / PATH).read_text() == TALK
