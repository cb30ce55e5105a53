"""Settings: what is accepted, what is refused and how it is said, and secrets that are made once."""

from __future__ import annotations

import os
import re
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from talad.secret_files import kept_secret
from talad.settings import ENV_FILE, Settings, SettingsError, load, variables

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("TALAD_", "MESSENGER_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_set_is_the_demo_on_this_machine(tmp_path: Path) -> None:
    settings = load()
    assert settings.is_demo
    assert settings.uses_simulator
    assert settings.database_url == f"sqlite:///{tmp_path}/var/talad.db"
    assert settings.rasa_database_url == f"sqlite:///{tmp_path}/var/rasa.db"
    assert settings.media_url == f"{tmp_path}/var/media"
    assert settings.graph_url == "https://graph.facebook.com/v26.0"
    assert settings.for_demo().graph_url == "http://127.0.0.1:8002/v26.0"
    assert str(settings.for_demo().media_hosts) == "fbcdn.net, fbsbx.com, 127.0.0.1, localhost"


@pytest.mark.parametrize(
    "name", ["MESSENGER_PAGE_ID=1234", "TALAD_GRAPH_URL=https://graph.facebook.com/v26.0"]
)
def test_a_real_page_or_an_explicit_graph_address_ends_the_demo(name: str) -> None:
    Path(".env").write_text(name)
    assert not load().is_demo
    assert not load().uses_simulator


def test_the_simulator_is_used_when_the_graph_address_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALAD_GRAPH_URL", "http://127.0.0.1:8002/v26.0")
    assert load().uses_simulator
    assert not load().is_demo


def test_the_environment_wins_over_the_file_and_empty_means_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("TALAD_GATEWAY_BIND=127.0.0.1:1\nTALAD_CONSOLE_BIND=127.0.0.1:2\n")
    monkeypatch.setenv("TALAD_GATEWAY_BIND", "127.0.0.1:3")
    monkeypatch.setenv("TALAD_PUBLIC_URL", "")
    settings = load()
    assert (str(settings.gateway_bind), str(settings.console_bind)) == ("127.0.0.1:3", "127.0.0.1:2")
    assert settings.public_url == "http://localhost:8001"


def test_another_file_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "other.env").write_text("TALAD_PUBLIC_URL=https://shop.example/\n")
    monkeypatch.setenv(ENV_FILE, str(tmp_path / "other.env"))
    assert load().public_url == "https://shop.example"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TALAD_GATEWAY_BIND", "8001", "host:port"),
        ("TALAD_GATEWAY_BIND", "0.0.0.0:99999", "host:port"),
        ("TALAD_PUBLIC_URL", "shop.example.com", "https://shop.example.com"),
        ("TALAD_GRAPH_URL", "https://graph.facebook.com", "with its version"),
        ("TALAD_RASA_URL", "http://127.0.0.1", "with a port"),
        ("TALAD_RASA_URL", "http://127.0.0.1:port", "TALAD_RASA_URL"),
        ("TALAD_DATABASE_URL", "mysql://localhost/talad", "sqlite:///path or postgresql://"),
        ("TALAD_MEDIA_HOSTS", "fbcdn.net, https://fbsbx.com", "host suffixes"),
        ("TALAD_SECRET_KEY", "short", "at least 32"),
        ("TALAD_LOG_LEVEL", "loud", "DEBUG, INFO"),
        ("TALAD_SLIP_VERIFIER", "slip2go", "none, slipok or easyslip"),
        ("TALAD_SLIP_VERIFIER_URL", "api.slipok.com", "https://"),
        ("TALAD_SLIP_VERIFIER_KEY", "two words", "one word"),
        ("MESSENGER_PAGE_ID", "my page", "digits"),
    ],
)
def test_a_malformed_value_is_refused_by_name_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load()
    assert str(refusal.value).startswith(f"{name}: ")
    assert expected in str(refusal.value)
    if name == "TALAD_SECRET_KEY":
        assert value not in str(refusal.value)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("TALAD_SLIP_VERIFIER=easyslip", "TALAD_SLIP_VERIFIER_KEY"),
        ("TALAD_SLIP_VERIFIER=SlipOK\nTALAD_SLIP_VERIFIER_BRANCH=1", "TALAD_SLIP_VERIFIER_KEY"),
        ("TALAD_SLIP_VERIFIER=slipok\nTALAD_SLIP_VERIFIER_KEY=abc-123", "TALAD_SLIP_VERIFIER_BRANCH"),
    ],
)
def test_a_verification_service_needs_its_key(given: str, missing: str) -> None:
    Path(".env").write_text(given)
    with pytest.raises(SettingsError) as refusal:
        load()
    assert str(refusal.value).startswith(f"{missing}: ")
    assert "abc-123" not in str(refusal.value)


def test_the_key_of_the_verification_service_does_not_show() -> None:
    Path(".env").write_text("TALAD_SLIP_VERIFIER=EasySlip\nTALAD_SLIP_VERIFIER_KEY=abc-123")
    settings = load()
    assert (settings.slip_verifier, settings.slip_verifier_key) == ("easyslip", "abc-123")
    assert "abc-123" not in repr(settings)


def test_unknown_names_are_refused_in_both_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALAD_DATABASE", "x")
    with pytest.raises(SettingsError, match="TALAD_DATABASE in the environment"):
        load()
    monkeypatch.delenv("TALAD_DATABASE")
    Path(".env").write_text("MESSENGER_PAGE=1\nOTHER=2\n")
    with pytest.raises(SettingsError, match=r"MESSENGER_PAGE in .env"):
        load()


def test_the_example_file_lists_every_setting_with_its_default(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text()
    listed = dict(re.findall(r"^#([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert set(listed) == {*variables(), ENV_FILE}

    Path(".env").write_text(
        "\n".join(f"{name}={value}" for name, value in listed.items() if name != ENV_FILE)
    )
    written, unset = load(), Settings()
    for field in variables().values():
        if not field.startswith("given_"):
            assert getattr(written, field) == getattr(unset, field), field
    for name in ("database_url", "rasa_database_url", "media_url"):
        assert getattr(written, name).replace("var/", f"{tmp_path}/var/") == getattr(unset, name)


def test_secrets_show_neither_in_the_settings_text_nor_to_other_users() -> None:
    settings = load()
    assert len(settings.secret_key) == 64
    assert settings.secret_key == load().secret_key
    assert settings.secret_key != settings.rasa_token
    assert settings.secret_key not in repr(settings)
    assert stat.S_IMODE(Path("var/secret-key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "new/secret"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes:
        secrets = set(processes.map(kept_secret, [path] * 16))
    assert len(secrets) == 1
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [str(one) for one in load().trusted_proxies] == ["127.0.0.0/8", "::1/128"]
    monkeypatch.setenv("TALAD_TRUSTED_PROXIES", "10.0.0.7, 172.16.0.0/12")
    assert [str(one) for one in load().trusted_proxies] == ["10.0.0.7/32", "172.16.0.0/12"]
    for wrong in ("proxy", "172.16.0.1/12", "10.0.0.0/40"):
        monkeypatch.setenv("TALAD_TRUSTED_PROXIES", wrong)
        with pytest.raises(SettingsError, match="TALAD_TRUSTED_PROXIES: expected addresses or networks"):
            load()
