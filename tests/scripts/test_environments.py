"""Finding interpreters and doing nothing twice. Nothing is installed here."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = sys.version_info[:2]


@pytest.fixture
def environments() -> ModuleType:
    spec = importlib.util.spec_from_file_location("environments", ROOT / "scripts/environments.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def shim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pyenv shim on PATH: there, executable, and failing."""
    name = "python{}.{}".format(*HERE)
    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return executable(
        tmp_path / "shims" / name, f"#!/bin/sh\necho 'pyenv: {name}: command not found' >&2\nexit 127\n"
    )


def test_a_shim_that_fails_is_passed_over_for_pyenvs_own_version(
    environments: ModuleType, shim: Path, tmp_path: Path
) -> None:
    version = "{}.{}.3".format(*HERE)
    real = tmp_path / f"pyenv/versions/{version}/bin/python"
    real.parent.mkdir(parents=True)
    real.symlink_to(sys.executable)
    assert environments.find_python([HERE], uv=Path("/nonexistent")) == str(real)


def test_uv_downloads_a_python_where_there_is_none(
    environments: ModuleType, shim: Path, tmp_path: Path
) -> None:
    uv = executable(tmp_path / "uv", '#!/bin/sh\n[ "$2" = find ] && echo /downloaded/python\nexit 0\n')
    assert environments.find_python([HERE], uv=uv) == "/downloaded/python"


def test_without_any_python_one_sentence_says_what_to_install(
    environments: ModuleType, shim: Path, tmp_path: Path
) -> None:
    uv = executable(tmp_path / "uv", "#!/bin/sh\nexit 1\n")
    with pytest.raises(environments.CannotPrepare, match=r"Python 3.10 is needed .* pyenv install 3.10"):
        environments.find_python([(3, 10)], uv=uv)


def test_a_file_that_is_no_program_is_no_python(environments: ModuleType, tmp_path: Path) -> None:
    assert not environments.runs(executable(tmp_path / "python3.11", "no program"), [(3, 11)])
    assert not environments.runs(tmp_path / "missing", [(3, 11)])


@pytest.mark.parametrize(
    ("there", "wanted", "enough"),
    [("test", "run", True), ("run", "test", False), ("test", "ocr", True), ("run", "ocr", False)],
)
def test_a_stamp_saves_the_work_and_test_tools_serve_a_run(
    environments: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there: str,
    wanted: str,
    enough: bool,
) -> None:
    environment = made(environments, tmp_path, "run", "ocr", "test")
    (tmp_path / "env/talad-stamp").write_text(environments.fingerprint(environment, there))
    monkeypatch.setattr(environments, "find_uv", works)
    if enough:
        environments.prepare(environment, wanted)
        environment.locks["test"][0].write_text("changed")
    with pytest.raises(Worked):
        environments.prepare(environment, wanted)


class Worked(Exception):
    """Something would have been installed."""


def works() -> None:
    raise Worked


def made(environments: ModuleType, folder: Path, *purposes: str) -> Any:
    """An environment that was made, with a lock file for each of the purposes."""
    locks = {purpose: [folder / f"{purpose}.txt"] for purpose in purposes}
    for purpose, [lock] in locks.items():
        lock.write_text(purpose)
    executable(folder / "env/bin/python", "")
    return environments.Environment(folder / "env", [HERE], locks, holds_talad=False)


def test_what_reads_amounts_is_chosen_once_and_kept_by_later_calls(
    environments: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = made(environments, tmp_path, "run", "ocr", "test")
    (tmp_path / "env/talad-stamp").write_text(environments.fingerprint(environment, "ocr"))
    monkeypatch.setattr(environments, "find_uv", works)
    environments.prepare(environment, "run")  # nothing is taken out
    environment.locks["ocr"][0].write_text("changed")
    with pytest.raises(Worked):
        environments.prepare(environment, "run")


def test_rasas_environment_has_nothing_to_read_amounts_with(environments: ModuleType, tmp_path: Path) -> None:
    environment = made(environments, tmp_path, "run", "test")
    (tmp_path / "env/talad-stamp").write_text(environments.fingerprint(environment, "run"))
    environments.prepare(environment, "ocr")  # nothing is installed


def test_the_extra_is_one_of_the_package_and_is_tested_but_not_needed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    files = project["tool"]["setuptools"]["dynamic"]["optional-dependencies"]["ocr"]["file"]
    assert files == ["requirements/ocr.in"]
    locks = {name: (ROOT / f"requirements/{name}.txt").read_text() for name in ("root", "ocr", "test")}
    assert [name for name, text in locks.items() if "\ntesserocr==" in text] == ["ocr", "test"]


def test_the_locks_hold_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not any(word in text for word in ("://", "--index-url", "--find-links", "--extra-index")), lock
