"""What the emulator is started with: command line first, then SIMULATOR_* variables, then the demo's
values."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass

# Everything a shop's bot may want. `response_feedback` is left out: subscribing to it makes Messenger show
# thumbs on every message of the bot.
ALL_FIELDS = (
    "messages",
    "messaging_postbacks",
    "message_echoes",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "message_edits",
    "messaging_referrals",
    "messaging_optins",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "message_template_status_update",
    "send_cart",
    "standby",
    "feed",
)
KNOWN_FIELDS = frozenset(ALL_FIELDS) | {
    "messaging_account_linking",
    "messaging_feedback",
    "messaging_customer_information",
    "response_feedback",
}


@dataclass(frozen=True)
class Config:
    """Addresses and secrets of the app and its first Page."""

    host: str = "127.0.0.1"
    port: int = 8002
    public_url: str = ""
    webhook: str = "http://127.0.0.1:8001/webhooks/messenger"
    page_id: str = "100000000000001"
    page_name: str = "บ้านฝ้าย · Baan Fai"
    page_token: str = "demo-page-token"  # noqa: S105 - the demo's own
    app_id: str = "200000000000001"
    app_secret: str = "demo-app-secret"  # noqa: S105
    verify_token: str = "demo-verify-token"  # noqa: S105
    fields: tuple[str, ...] = ALL_FIELDS


def parse(arguments: Sequence[str] | None = None) -> Config:
    """Read the command line (``sys.argv`` when None); a wrong value ends the program with its usage."""
    demo = Config()
    parser = argparse.ArgumentParser(
        prog="simulator", description="A local Messenger to try a shop's bot on."
    )

    def option(name: str, default: str, meaning: str) -> None:
        variable = "SIMULATOR_" + name.upper().replace("-", "_")
        parser.add_argument(
            f"--{name}",
            default=os.environ.get(variable, default),
            help=f"{meaning} [{variable}; %(default)s]",
        )

    option("bind", f"{demo.host}:{demo.port}", "host:port to listen on, port 0 takes a free one")
    option("public-url", "", "address under which browsers and the shop reach the emulator")
    option("webhook", demo.webhook, "where the app's webhook events are posted")
    option("page-id", demo.page_id, "id of the first Page")
    option("page-name", demo.page_name, "name of the first Page")
    option("page-token", demo.page_token, "access token of the first Page")
    option("app-id", demo.app_id, "id of the app")
    option("app-secret", demo.app_secret, "secret the webhooks are signed with")
    option("verify-token", demo.verify_token, "token of the webhook handshake")
    option(
        "fields", ",".join(demo.fields), "webhook fields the Page is subscribed to at the start, may be empty"
    )
    given = parser.parse_args(arguments)

    host, _, port = given.bind.rpartition(":")
    if not host or not port.isdigit():
        parser.error(f"--bind: {given.bind!r} is not host:port")
    fields = tuple(field.strip() for field in given.fields.split(",") if field.strip())
    if unknown := set(fields) - KNOWN_FIELDS:
        parser.error(f"--fields: unknown {', '.join(sorted(unknown))}")
    return Config(
        host=host,
        port=int(port),
        public_url=given.public_url.rstrip("/"),
        webhook=given.webhook,
        page_id=given.page_id,
        page_name=given.page_name,
        page_token=given.page_token,
        app_id=given.app_id,
        app_secret=given.app_secret,
        verify_token=given.verify_token,
        fields=fields,
    )
