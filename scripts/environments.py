"""Makes the two Python environments from the locked requirements: .venv for Talad, .venv-bot for what runs
inside Rasa. With --test the tools of the tests go in as well. Does nothing when nothing changed.

Runs with any python3 from 3.8 on and needs only the standard library; what it installs with is uv.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

ROOT = Path(__file__).resolve().parent.parent
Version = Tuple[int, int]


class Environment(NamedTuple):
    """A folder, its Python versions (best first), the lock files for each purpose, and whether Talad goes in."""

    folder: Path
    versions: List[Version]
    locks: Dict[str, List[Path]]
    holds_talad: bool


ENVIRONMENTS = [
    Environment(
        ROOT / ".venv",
        [(3, 11), (3, 12), (3, 13), (3, 14)],
        {
            "run": [ROOT / "requirements/root.txt"],
            "ocr": [ROOT / "requirements/root.txt", ROOT / "requirements/ocr.txt"],
            "test": [ROOT / "requirements/test.txt"],
        },
        holds_talad=True,
    ),
    Environment(
        ROOT / ".venv-bot",
        [(3, 10)],
        {"run": [ROOT / "requirements/bot.txt"], "test": [ROOT / "requirements/bot-test.txt"]},
        holds_talad=False,
    ),
]


class CannotPrepare(Exception):
    """Something is missing that only the machine's owner can supply; the text says what."""


def main() -> None:
    """Bring both environments up to date."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--test", action="store_true", help="with the tools of the tests")
    options.add_argument(
        "--ocr", action="store_true", help="with what reads amounts on slips; later calls keep it"
    )
    chosen = options.parse_args()
    purpose = "test" if chosen.test else "ocr" if chosen.ocr else "run"
    try:
        for environment in ENVIRONMENTS:
            prepare(environment, purpose)
    except CannotPrepare as error:
        sys.exit(f"talad: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit("talad: this command failed: {}".format(" ".join(map(str, error.cmd))))


def prepare(environment: Environment, purpose: str) -> None:
    """Install the locked packages unless the environment's stamp says that they are there."""
    stamp = environment.folder / "talad-stamp"
    python = environment.folder / "bin" / "python"
    installed = stamp.read_text() if stamp.exists() and python.exists() else ""
    if purpose == "run" and installed.startswith(
        "ocr "
    ):  # what was chosen once is kept when the locks change
        purpose = "ocr"
    if purpose not in environment.locks:
        purpose = "run"
    # An environment with test tools serves a run too; taking them out and in again would only cost time.
    if installed in (fingerprint(environment, "test"), fingerprint(environment, purpose)):
        return
    uv = find_uv()
    if not runs(python, environment.versions):
        interpreter = find_python(environment.versions, uv)
        say(f"making {environment.folder.name} with {interpreter}")
        call(uv, "venv", "--quiet", "--clear", "--python", interpreter, environment.folder)
    locks = environment.locks[purpose]
    names = " and ".join(str(lock.relative_to(ROOT)) for lock in locks)
    say(f"installing {names} into {environment.folder.name}")
    if stamp.exists():
        stamp.unlink()
    call(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, *locks)
    if environment.holds_talad:
        call(
            uv,
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "--python",
            python,
            "--editable",
            ROOT,
        )
    stamp.write_text(fingerprint(environment, purpose))


def fingerprint(environment: Environment, purpose: str) -> str:
    """What the environment would hold: its purpose and a hash over the lock files and, for Talad, pyproject.toml."""
    digest = hashlib.sha256()
    for lock in environment.locks[purpose]:
        digest.update(lock.read_bytes())
    if environment.holds_talad:
        digest.update((ROOT / "pyproject.toml").read_bytes())
    return f"{purpose} {digest.hexdigest()}\n"


def find_python(versions: List[Version], uv: Path) -> str:
    """A Python of one of these versions: on PATH, among pyenv's, or downloaded by uv.

    A command on PATH may be a pyenv shim that fails when called, so every candidate is tried.
    """
    for version in versions:
        for candidate in candidates(version):
            if runs(candidate, [version]):
                return str(candidate)
    wanted = "{}.{}".format(*versions[0])
    say(f"no Python {wanted} on this machine, downloading one")
    installed = subprocess.run([str(uv), "python", "install", "--quiet", wanted], check=False)
    path = answer(uv, "python", "find", "--quiet", wanted)
    if installed.returncode or not path:
        raise CannotPrepare(
            f"Python {wanted} is needed and could not be downloaded; install it "
            f"(apt-get install python{wanted}, or pyenv install {wanted}) and start again."
        )
    return path


def candidates(version: Version) -> Iterator[Path]:
    """Places where this version of Python may be, best first."""
    name = "python{}.{}".format(*version)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder) / name
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob("versions/{}.{}.*/bin/python".format(*version)), reverse=True)


def runs(python: Path, versions: List[Version]) -> bool:
    """Whether this interpreter starts and is of one of these versions."""
    said = answer(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    return said in {"{}.{}".format(*version) for version in versions}


def answer(program: Path, *arguments: str) -> Optional[str]:
    """What a program prints, or None when it is missing or fails: a pyenv shim may have nothing behind it."""
    command = [str(program), *arguments]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def find_uv() -> Path:
    """uv of this machine, or one that pip puts under .tools/ (which no rule about system packages forbids)."""
    own = ROOT / ".tools" / "uv"
    for candidate in (shutil.which("uv"), own / "bin" / "uv"):
        if candidate and answer(Path(candidate), "--version"):
            return Path(candidate)
    say("installing uv into .tools/uv")
    pip = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(own), "--upgrade", "uv"],
        check=False,
    )
    if pip.returncode or not answer(own / "bin" / "uv", "--version"):
        raise CannotPrepare("uv is needed and pip could not install it; install uv (or pip) and start again.")
    return own / "bin" / "uv"


def call(*command: object) -> None:
    """Run a command that must succeed.

    An environment that happens to be active must not draw the packages to itself.
    """
    surroundings: Dict[str, str] = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    subprocess.run([str(part) for part in command], check=True, env=surroundings)


def say(text: str) -> None:
    """Tell the person at the terminal what takes time now."""
    print(f"talad: {text}", flush=True)


if __name__ == "__main__":
    main()
