"""The settings: environment variables and a `.env` file, checked once at the start. `.env.example` explains them.

Secrets that nobody has set are made on first use and kept in the var folder (see `talad.secret_files`).
"""

from __future__ import annotations

import os
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from talad.media_hosts import MediaHosts
from talad.secret_files import kept_secret

ENV_FILE = "TALAD_ENV_FILE"
PREFIXES = ("TALAD_", "MESSENGER_")
#: Local addresses from which the simulator's pictures come in the demo.
_DEMO_MEDIA_HOSTS = ("127.0.0.1", "localhost")


class SettingsError(Exception):
    """A setting is unknown or malformed; the text names the variable and what is expected, one line for each."""


class Bind(NamedTuple):
    """Where a process listens."""

    host: str
    port: int

    @property
    def local_url(self) -> str:
        """The process's address as seen from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def _bind(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    host, _, port = str(value).rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("expected host:port, for example 0.0.0.0:8001")
    return Bind(host, int(port))


def _web_address(value: str) -> str:
    address = urlsplit(value)
    if address.scheme not in ("http", "https") or not address.hostname or address.query or address.fragment:
        raise ValueError("expected an address such as https://shop.example.com")
    return value.rstrip("/")


def _loopback_address(value: str) -> str:
    if urlsplit(_web_address(value)).port is None:
        raise ValueError("expected an address with a port, for example http://127.0.0.1:5005")
    return value.rstrip("/")


def _graph_address(value: str) -> str:
    _, _, version = _web_address(value).rpartition("/v")
    if not version.replace(".", "", 1).isdecimal():
        raise ValueError(
            "expected the Graph API with its version, for example https://graph.facebook.com/v26.0"
        )
    return value.rstrip("/")


def _database_url(value: str) -> str:
    kind, separator, _ = value.partition("://")
    if not separator or kind.partition("+")[0] not in ("sqlite", "postgresql", "postgres"):
        raise ValueError("expected sqlite:///path or postgresql://user:password@host/database")
    return value


def _long_secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("expected at least 32 random characters, for example from: openssl rand -hex 32")
    return value


def _digits(value: str) -> str:
    if not value.isdecimal():
        raise ValueError("expected the Page's number, digits only")
    return value


def _level(value: str) -> str:
    if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("expected DEBUG, INFO, WARNING or ERROR")
    return value.upper()


def _networks(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    try:
        return tuple(ip_network(part.strip()) for part in str(value).split(",") if part.strip())
    except ValueError:
        raise ValueError("expected addresses or networks, for example 127.0.0.1, 172.16.0.0/12") from None


def _header_text(value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("expected the key as the service shows it, one word without spaces")
    return value


def _verifier(value: str) -> str:
    if value.lower() not in ("none", "slipok", "easyslip"):
        raise ValueError("expected none, slipok or easyslip")
    return value.lower()


def _push_hosts(value: Any) -> Any:
    return MediaHosts(()) if str(value).strip().lower() == "none" else MediaHosts.parse(value)


WebAddress = Annotated[str, BeforeValidator(_web_address)]
LoopbackAddress = Annotated[str, BeforeValidator(_loopback_address)]
GraphAddress = Annotated[str, BeforeValidator(_graph_address)]
DatabaseUrl = Annotated[str, BeforeValidator(_database_url)]
LongSecret = Annotated[str, BeforeValidator(_long_secret)]
Address = Annotated[Bind, NoDecode, BeforeValidator(_bind)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]
Hosts = Annotated[MediaHosts, NoDecode, BeforeValidator(MediaHosts.parse)]
HostsOrNone = Annotated[MediaHosts, NoDecode, BeforeValidator(_push_hosts)]


class Settings(BaseSettings):
    """All settings of one installation, immutable. Get them with `load()`."""

    model_config = SettingsConfigDict(
        env_prefix="TALAD_", env_ignore_empty=True, extra="ignore", frozen=True, arbitrary_types_allowed=True
    )

    var: Path = Path("var")
    given_database_url: DatabaseUrl | None = Field(None, validation_alias="TALAD_DATABASE_URL", repr=False)
    given_rasa_database_url: DatabaseUrl | None = Field(
        None, validation_alias="TALAD_RASA_DATABASE_URL", repr=False
    )
    given_media_url: str | None = Field(None, validation_alias="TALAD_MEDIA_URL")
    given_secret_key: LongSecret | None = Field(None, validation_alias="TALAD_SECRET_KEY", repr=False)
    given_rasa_token: LongSecret | None = Field(None, validation_alias="TALAD_RASA_TOKEN", repr=False)

    public_url: WebAddress = "http://localhost:8001"
    graph_url: GraphAddress = "https://graph.facebook.com/v26.0"
    media_hosts: Hosts = MediaHosts.parse("fbcdn.net, fbsbx.com")
    push_hosts: HostsOrNone = MediaHosts.parse(
        "fcm.googleapis.com, push.services.mozilla.com, push.apple.com, notify.windows.com"
    )

    gateway_bind: Address = Bind("0.0.0.0", 8001)  # noqa: S104 (customers come from everywhere, through TLS in front)
    console_bind: Address = Bind("0.0.0.0", 8000)  # noqa: S104 (so do sellers)
    simulator_bind: Address = Bind("127.0.0.1", 8002)
    trusted_proxies: Networks = _networks("127.0.0.0/8, ::1")
    rasa_url: LoopbackAddress = "http://127.0.0.1:5005"
    actions_url: LoopbackAddress = "http://127.0.0.1:5055"
    log_level: Annotated[str, BeforeValidator(_level)] = "INFO"

    slip_verifier: Annotated[Literal["none", "slipok", "easyslip"], BeforeValidator(_verifier)] = "none"
    slip_verifier_url: WebAddress | None = None
    slip_verifier_key: Annotated[str, BeforeValidator(_header_text)] | None = Field(None, repr=False)
    slip_verifier_branch: str | None = None

    messenger_page_id: Annotated[str, BeforeValidator(_digits)] | None = Field(
        None, validation_alias="MESSENGER_PAGE_ID"
    )
    messenger_page_token: str | None = Field(None, validation_alias="MESSENGER_PAGE_TOKEN", repr=False)
    messenger_app_secret: str | None = Field(None, validation_alias="MESSENGER_APP_SECRET", repr=False)
    messenger_verify_token: str | None = Field(None, validation_alias="MESSENGER_VERIFY_TOKEN", repr=False)

    @model_validator(mode="after")
    def _verifier_is_whole(self) -> Self:
        if self.slip_verifier != "none" and not self.slip_verifier_key:
            raise ValueError(f"TALAD_SLIP_VERIFIER_KEY: {self.slip_verifier} needs its API key")
        if self.slip_verifier == "slipok" and not self.slip_verifier_branch:
            raise ValueError("TALAD_SLIP_VERIFIER_BRANCH: slipok needs the number of the branch")
        return self

    @cached_property
    def database_url(self) -> str:
        """SQLAlchemy 2 URL of the shop's database."""
        return self.given_database_url or f"sqlite:///{self.var.absolute()}/talad.db"

    @cached_property
    def rasa_database_url(self) -> str:
        """SQLAlchemy 1.4 URL of Rasa's conversations."""
        return self.given_rasa_database_url or f"sqlite:///{self.var.absolute()}/rasa.db"

    @cached_property
    def media_url(self) -> str:
        """Folder, or address that fsspec knows, of slips and product pictures."""
        return self.given_media_url or str(self.var.absolute() / "media")

    @cached_property
    def secret_key(self) -> str:
        """Signs tokens and encrypts channel secrets at rest."""
        return self.given_secret_key or kept_secret(self.var / "secret-key")

    @cached_property
    def rasa_token(self) -> str:
        """What the gateway shows to Rasa."""
        return self.given_rasa_token or kept_secret(self.var / "rasa-token")

    @property
    def pushes(self) -> bool:
        """Whether sellers can be told what is new while their console is closed."""
        return bool(self.push_hosts.suffixes or self.push_hosts.local)

    @property
    def contact(self) -> str:
        """By what push services know whose notifications these are: the public address, as far as it is one."""
        address = urlsplit(self.public_url)
        is_public = address.scheme == "https" and "." in (address.hostname or "")
        return f"https://{address.hostname}" if is_public else "https://localhost"

    @property
    def is_demo(self) -> bool:
        """Whether nothing points at the real Messenger, so that `talad up` starts the simulator."""
        return self.messenger_page_id is None and "graph_url" not in self.model_fields_set

    @property
    def uses_simulator(self) -> bool:
        """Whether messages go to the simulator: in the demo, or because TALAD_GRAPH_URL says so."""
        return self.is_demo or self.graph_url.startswith(self.simulator_bind.local_url + "/")

    @property
    def health_addresses(self) -> dict[str, str]:
        """For each process the address that answers 200 when it is ready."""
        return {
            "rasa": f"{self.rasa_url}/webhooks/talad/",
            "actions": f"{self.actions_url}/health",
            "simulator": f"{self.simulator_bind.local_url}/health/live",
            "gateway": f"{self.gateway_bind.local_url}/health/ready",
            "console": f"{self.console_bind.local_url}/health/ready",
        }

    def for_real(self) -> Self:
        """These settings with the real Messenger, also where no variable says so."""
        return self.model_copy(update={"graph_url": self.graph_url})

    def for_demo(self) -> Self:
        """These settings with the simulator in Messenger's place."""
        return self.model_copy(
            update={
                "graph_url": f"{self.simulator_bind.local_url}/v26.0",
                "media_hosts": self.media_hosts.plus(*_DEMO_MEDIA_HOSTS),
            }
        )


def variables() -> dict[str, str]:
    """Every variable's name and the field of `Settings` that holds it."""
    return {
        str(field.validation_alias or f"TALAD_{name.upper()}"): name
        for name, field in Settings.model_fields.items()
    }


def env_file() -> Path:
    """The file that is read besides the environment: `.env` here, or the one TALAD_ENV_FILE names."""
    return Path(os.environ.get(ENV_FILE) or ".env")


def load() -> Settings:
    """The settings from the environment and, where it says nothing, from `env_file()`. Raises SettingsError."""
    file = env_file() if env_file().is_file() else None
    _refuse_unknown(os.environ, "the environment")
    _refuse_unknown(dotenv_values(file) if file else {}, str(file))
    try:
        return Settings(_env_file=file)  # type: ignore[call-arg]  # pydantic-settings' own argument
    except ValidationError as error:
        names = {name: variable for variable, name in variables().items()}
        raise SettingsError("\n".join(_explain(problem, names) for problem in error.errors())) from None


def _refuse_unknown(given: Any, place: str) -> None:
    known = {*variables(), ENV_FILE}
    unknown = sorted(
        name for name in given if name.upper().startswith(PREFIXES) and name.upper() not in known
    )
    if unknown:
        raise SettingsError(
            "\n".join(f"{name} in {place} is no setting of Talad; .env.example lists all" for name in unknown)
        )


def _explain(problem: Any, names: dict[str, str]) -> str:
    """One line for people. The value is not repeated: it may be a secret."""
    reason = str(problem["msg"]).removeprefix("Value error, ")
    if not problem["loc"]:  # about several settings; the sentence begins with the one to change
        return reason
    place = str(problem["loc"][0])
    return f"{names.get(place, place)}: {reason}"
