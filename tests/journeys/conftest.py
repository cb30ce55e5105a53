"""One whole Talad for all journeys, and what a person needs to play in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stack import ROOT, Stack

#: Screenshots are kept here, so that a person can look at what the tests saw.
ARTEFACTS = ROOT / "artefacts"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Every process, the demo shop and the simulator, started once."""
    with Stack(tmp_path_factory.mktemp("journeys")) as running:
        yield running


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """The folder for screenshots."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS
