"""One whole Talad for all journeys, and what a person needs to play in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM_ARGUMENTS
from tests.support.machine import browser as chromium
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


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def slip_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    picture = Image.new("RGB", (720, 1280), "#e8f3ee")
    draw = ImageDraw.Draw(picture)
    draw.rectangle([60, 80, 660, 1200], fill="white", outline="#0a7a4b", width=6)
    draw.text((120, 160), "Transfer successful\n290.00 THB", fill="#123", font_size=48)
    file = tmp_path_factory.mktemp("slip") / "slip.jpg"
    picture.save(file)
    return file
