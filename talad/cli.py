"""The operator's command. Each command reads the settings, calls one function elsewhere, and says what happened.

Commands import what they call when they are called: every process starts through here and needs only its own part.
"""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shop.errors import ShopError
from talad import logs, processes, programs
from talad.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from shop.db import Database


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Talad: orders taken in chat, confirmed in the console."""


def main() -> None:
    """Entry of the `talad` command: a refusal is one sentence, not a traceback."""
    try:
        cli()
    except (SettingsError, ShopError, ValueError) as error:
        sys.exit(f"talad: {error}")


@cli.command()
@click.argument("process", type=click.Choice(["rasa", "actions", "simulator", "gateway", "console"]))
def run(process: str) -> None:
    """Run one process in the foreground until SIGTERM or Ctrl-C."""
    settings = load()
    logs.setup(process, settings.log_level)
    if process == "gateway":
        import gateway

        gateway.run(settings)
    elif process == "console":
        import seller_console

        seller_console.run(settings)
    elif process in programs.NAMES:
        programs.become(process, settings)
    else:
        from actions import server

        server.run(settings)


@cli.command()
@click.argument("names", nargs=-1)
def up(names: tuple[str, ...]) -> None:
    """Run every process of the Procfile (or only NAMES) under a supervisor, until Ctrl-C."""
    sys.exit(processes.up(_as_connected(load()), names))


@cli.command()
@click.option(
    "--no-catalogue", is_flag=True, help="Of the files alone: without the shop's goods and what was taught."
)
@click.option(
    "--if-missing", is_flag=True, help="Not for new names of goods: only when no model fits the files."
)
def train(no_catalogue: bool, if_missing: bool) -> None:
    """Train the model if its sources (domain, data, config.yml) or the names of the goods have changed."""
    from training import present

    settings = load()

    def say(text: str) -> None:
        click.echo(f"talad: {text}")

    if no_catalogue:
        present.train_alone(settings, say)
    else:
        present.train(settings, say, only_if_missing=if_missing)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from shop import db

    db.migrate(load().database_url)


@cli.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when a shop is set up already.")
def demo(if_empty: bool) -> None:
    """Set up the demo shop in an empty database."""
    from shop.media import MediaStore
    from shop.vault import Vault
    from talad import demo as demo_shop

    settings = load()
    with _database(settings) as database, database.transaction() as session:
        if not demo_shop.is_empty(session):
            if not if_empty:
                raise click.ClickException(
                    "this database has a shop already; the demo shop needs an empty one"
                )
            return
        store = MediaStore(settings.media_url)
        password = demo_shop.load(
            session, Vault(settings.secret_key), store, with_simulator=settings.uses_simulator
        )
    click.echo(f"Demo shop ready. Console sign-in: {demo_shop.SELLER_EMAIL}  password: {password}")
    click.echo("The password is shown only now; `talad user add` sets a new one.")


@cli.group()
def user() -> None:
    """People who may sign in to the console."""


@user.command("add")
@click.argument("email")
@click.option("--name", prompt=True, help="Shown in the history of orders.")
@click.option(
    "--role",
    type=click.Choice(["owner", "staff", "packer", "trainer"]),
    help="What they may do; a new account without it is an owner's.",
)
@click.password_option(help="At least 10 characters.")
def user_add(email: str, name: str, role: str | None, password: str) -> None:
    """Add a person, or give one a new password: they are then signed out everywhere, and may come in again."""
    from talad import users

    with _database(load()) as database:
        click.echo(users.add(database, email=email, name=name, role=role, password=password))


@user.command("list")
def user_list() -> None:
    """Everybody with role, second step, and when they were last there."""
    from talad import users

    with _database(load()) as database:
        for line in users.lines(database):
            click.echo(line)


@user.command("reset-second-step")
@click.argument("email")
def user_reset_second_step(email: str) -> None:
    """Let somebody who has lost phone and recovery codes sign in with the password alone."""
    from talad import users

    with _database(load()) as database:
        click.echo(users.reset_second_step(database, email))


@user.command("sign-out")
@click.argument("email")
def user_sign_out(email: str) -> None:
    """End all sessions of somebody."""
    from talad import users

    with _database(load()) as database:
        click.echo(users.sign_out(database, email))


@cli.group()
def channel() -> None:
    """Connected Pages."""


@channel.group("add")
def channel_add() -> None:
    """Connect an account of a chat platform."""


@channel_add.command("messenger")
@click.option("--page-id", required=True)
@click.option("--name", required=True, help="What the console calls this Page.")
@click.option("--token", prompt="Page access token", hide_input=True)
@click.option("--app-secret", prompt="App secret", hide_input=True)
@click.option(
    "--verify-token", prompt="Verify token (your own words, the same as in Meta's dashboard)", hide_input=True
)
@click.option("--app-id", default="", help="Your app's id; tells the bot's own messages from a person's.")
def channel_add_messenger(
    page_id: str, name: str, token: str, app_secret: str, verify_token: str, app_id: str
) -> None:
    """Connect a Facebook Page, or give one new secrets, which also brings a disconnected one back."""
    from shop import audit, connections
    from shop.accounts import Connection
    from shop.db import utc_now
    from shop.vault import Vault

    settings, now = load(), utc_now()
    vault = Vault(settings.secret_key)
    locked = (vault.lock(secret) for secret in (token, app_secret, verify_token))
    with _database(settings) as database, database.transaction() as session:
        audit.record(session, "channel.add", page_id, by=audit.OPERATOR, now=now)
        new = Connection(page_id, name, app_id, *locked)
        connected = connections.keep(session, vault, new, by=audit.OPERATOR, now=now)
    click.echo(f"Page {page_id} is channel {connected.id}. Next: talad channel setup")


@channel.command("setup")
def channel_setup() -> None:
    """Set Get Started, greeting and menu on every connected Page, subscribe it, and create its message templates."""
    from gateway import page_setup

    settings = _as_connected(load())
    with _database(settings) as database:
        lines = asyncio.run(page_setup.set_up_all(settings, database))
    for line in lines:
        click.echo(f"{'ok ' if line.ok else 'FIX'}  {line.about['en']}: {line.says['en']}")
    if not lines:
        raise click.ClickException("no Page is connected yet: talad channel add messenger")
    if not all(line.ok for line in lines):
        sys.exit(1)


@cli.command()
def doctor() -> None:
    """Check every process, token and webhook subscription, and say what to fix."""
    from gateway import doctor as checks

    settings = _as_connected(load())
    with _database(settings) as database:
        lines = asyncio.run(checks.examine(settings, database))
    for line in lines:
        about = line.about["en"]
        click.echo(f"ok   {about}" if line.ok else f"FIX  {about}: {line.says['en']}")
    sys.exit(0 if all(line.ok for line in lines) else 1)


@cli.command()
@click.option("--replay", "replay_id", type=int, help="Try this event again.")
def inbox(replay_id: int | None) -> None:
    """Events that were set aside after the last try."""
    from shop import audit, mailbox, views
    from shop.db import utc_now

    with _database(load()) as database, database.transaction() as session:
        if replay_id is not None:
            if not mailbox.replay_event(session, replay_id):
                raise click.ClickException(f"event {replay_id} is not set aside")
            audit.record(session, "inbox.replay", f"event {replay_id}", by=audit.OPERATOR, now=utc_now())
            click.echo(f"Event {replay_id} will be tried again.")
            return
        waiting = views.set_aside(session)
    for event in waiting:
        click.echo(
            f"{event.id}  {event.at:%Y-%m-%d %H:%M} UTC  {event.conversation}  {event.kind}  {event.error}"
        )
    click.echo(
        f"{len(waiting)} set aside" + (" (talad inbox --replay ID tries one again)" if waiting else "")
    )


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write all orders to a CSV file (UTF-8, one line of an order a row)."""
    from talad import export as exports

    with (
        _database(load()) as database,
        database.reading() as session,
        file.open("w", newline="", encoding="utf-8-sig") as out,
    ):
        writer = csv.writer(out)
        writer.writerow(exports.COLUMNS)
        count = 0
        for row in exports.rows(session):
            writer.writerow(row)
            count += 1
    click.echo(f"{count} rows in {file}")


@cli.command()
@click.option("--diff", is_flag=True, help="Show what would be put into the files, as git apply takes it.")
@click.option("--write", is_flag=True, help="Put it into the files; nothing is committed.")
def taught(diff: bool, write: bool) -> None:
    """What was taught at the training desk and does not stand in data/nlu yet."""
    from shop import utterances
    from training import files, model
    from training import taught as lessons

    with _database(load()) as database, database.reading() as session:
        planned = lessons.put_into_files(utterances.taught(session))
    if diff:
        click.echo(planned.diff(), nl=False)
        return
    for conflict in planned.conflicts:
        there = conflict.standing
        where = f" ({there.path}, line {there.line}: {there.example.intent})" if there else ""
        click.echo(f"not possible, {conflict.why}: {conflict.example.intent}: {conflict.example.text}{where}")
    if write:
        files.write(model.ROOT, planned.after)
    said = (
        "put into the files"
        if write
        else "new to the files (talad taught --diff shows them, --write puts them in)"
    )
    click.echo(f"{len(planned.added)} {said}")


@cli.group()
def customer() -> None:
    """What is held of one customer. PERSON is their id on the platform (Messenger: the PSID), or Talad's own."""


_page = click.option("--page", help="The Page's id; needed when two Pages have somebody with the same id.")


@customer.command("export")
@click.argument("person")
@_page
@click.option("--to", "file", required=True, type=click.Path(dir_okay=False, path_type=Path))
def customer_export(person: str, page: str | None, file: Path) -> None:
    """Write everything that is held of one customer to a ZIP file (JSON and pictures)."""
    from talad import customer as one

    settings = load()
    with _database(settings) as database:
        try:
            rows, pictures = one.export(settings, database, person, page, file)
        except FileExistsError:
            raise click.ClickException(f"{file} exists already; choose another name") from None
    click.echo(f"{rows} rows and {pictures} pictures in {file}. It is personal data: keep it safe.")


@customer.command("erase")
@click.argument("person")
@_page
@click.option(
    "--force", is_flag=True, help="Also while orders of theirs are open: nobody can be told any more."
)
@click.option("--yes", is_flag=True, help="Do it; it cannot be taken back.")
def customer_erase(person: str, page: str | None, force: bool, yes: bool) -> None:
    """Erase one customer: name, account, addresses, slips and words go; orders stay as numbers and amounts."""
    from shop.errors import OrdersOpen
    from talad import customer as one

    if not yes:
        raise click.ClickException(
            "this cannot be taken back; `talad customer export` first if they want a copy, then add --yes"
        )
    settings = load()
    with _database(settings) as database:
        try:
            said = one.erase(settings, database, person, page, force=force)
        except OrdersOpen as error:
            numbers = ", ".join(error.numbers)
            raise click.ClickException(
                f"still open: {numbers}. Finish or cancel them first, or add --force: the orders stay open, "
                "but nobody knows any more where to send them"
            ) from None
    click.echo(said)


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    from shop.db import Database

    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def _as_connected(settings: Settings) -> Settings:
    """The settings with the simulator in Messenger's place, as long as no real Page is connected in either way."""
    if not settings.is_demo:
        return settings
    from shop import accounts
    from talad.demo import SIMULATOR_PAGE

    with _database(settings) as database, database.reading() as session:
        pages = {channel.account_id for channel in accounts.connected(session)}
    return settings.for_real() if pages - {SIMULATOR_PAGE["account_id"]} else settings.for_demo()
