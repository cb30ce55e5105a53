"""What trainers decided: shown with who and when, taken back, and put into the files of the bot."""

from __future__ import annotations

import html
import subprocess

import pytest
from sqlalchemy import select

from shop import utterances
from shop.db import utc_now
from shop.models import AuditEntry, Channel, Utterance
from tests.factories import make_customer
from tests.seller_console import teaching
from tests.seller_console.support import EMAIL

CART = "data/nlu/cart.yml"
#: None of them stands in a file, or is nearly an exam's message.
LESSONS = (
    ("จัดดำมาซักตัวดิ๊แม่ค้าคนสวย", "buy_now", [{"entity": "colour", "start": 3, "end": 5}]),
    ("พัสดุหนูเดินทางไปถึงดาวอังคารยังคะ", "view_orders", []),
    ("lot noi dai pao ka mae", "ask_price", []),
)
LINE = "+    - จัด[ดำ](colour)มาซักตัวดิ๊แม่ค้าคนสวย"


@pytest.fixture
def desk(database):
    """Four messages: three are taught, one of them to mean something else than the bot thought, one is ignored."""
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1))
        ids = teaching.some(session, nok)
        for id_, (text, intent, entities) in zip(ids, LESSONS, strict=False):
            lesson = {"text": text, "intent": intent, "entities": entities}
            utterances.teach(session, id_, **lesson, by=EMAIL, now=utc_now())
        utterances.ignore(session, ids[3], by="gone@example.com", now=utc_now())
    return ids


def git(root, *arguments):
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def verdicts(database):
    with database.reading() as session:
        return [*session.scalars(select(Utterance.verdict).order_by(Utterance.id))]


def seen(body):
    return body.split('name="seen" value="')[1].split('"')[0]


async def test_before_anything_is_taught_both_pages_say_what_will_stand_there(ploy, project):
    _, body = await ploy.get("/training/taught")
    assert "Nothing was taught yet" in body
    _, body = await ploy.get("/training/taught?what=ignored")
    assert "Nothing was ignored" in body
    _, body = await ploy.get("/training/export")
    assert "Nothing to put into the files" in body
    answer, _ = await ploy.get("/training/export/patch")
    assert (answer.status, answer.headers["Location"]) == (303, "/training/export")


async def test_taught_messages_stand_with_who_taught_them_and_what_the_bot_thought(desk, ploy):
    _, body = await ploy.get("/training/taught")
    assert body.count('<li class="card">') == 3
    assert body.index("lot noi dai pao") < body.index("ดาวอังคาร")  # the newest first
    assert "Wants to buy" in body and "the bot thought: Asks if it is there" in body
    assert body.count("as the bot thought") == 2
    assert body.count("<bdi>Ploy</bdi>") == 3
    _, body = await ploy.get("/training/taught?what=ignored")
    assert "do u have it in " in body and "gone@example.com" in body


async def test_a_message_the_bot_had_no_idea_of_says_so(database, desk, ploy):
    with database.transaction() as session:
        session.get_one(Utterance, desk[0]).intent = "nlu_fallback"
    _, body = await ploy.get("/training/taught")
    assert "the bot thought: no idea" in body


async def test_what_was_decided_is_taken_back_once(database, desk, ploy):
    for _ in range(2):
        answer, _ = await ploy.post(f"/training/taught/{desk[0]}/reopen")
        assert answer.headers["Location"] == "/training/taught?said=back"
    _, body = await ploy.get("/training/taught?said=back")
    assert "Taken back" in body
    answer, _ = await ploy.post(f"/training/taught/{desk[3]}/reopen", what="ignored")
    assert answer.headers["Location"] == "/training/taught?said=back&what=ignored"
    assert verdicts(database) == ["", "taught", "taught", ""]
    with database.reading() as session:
        entries = session.scalars(
            select(AuditEntry.subject).where(AuditEntry.action == "taught.reopen")
        ).all()
    assert entries == [str(desk[0]), str(desk[3])]


async def test_an_unknown_message_is_not_found(ploy):
    await ploy.get("/training/taught")
    answer, _ = await ploy.post("/training/taught/999/reopen")
    assert answer.status == 404


async def test_the_page_shows_lists_and_lines_and_what_cannot_be_put_in(database, desk, ploy, project):
    with database.transaction() as session:
        other = session.get_one(Utterance, desk[2])
        other.taught_text = "CF"
        other.taught_intent = "complaint"
    _, body = await ploy.get("/training/export")
    assert "2 messages are new to the files" in body
    assert "1 cannot be put in." in body
    assert "A file says that it means something else:" in body
    line = (project / CART).read_text().split("\n").index("    - cf ค่ะ") + 2
    assert f"<code>{CART}</code>, line {line}" in body
    assert f'href="/training/{desk[2]}"' in body
    assert "Put in and commit" in body


async def test_the_patch_is_what_git_applies(desk, ploy, project):
    answer, patch = await ploy.get("/training/export/patch")
    assert answer.content_type == "text/x-diff"
    assert answer.headers["Content-Disposition"].endswith('.patch"')
    (project / "../taught.patch").write_bytes(patch.encode())
    git(project, "apply", "../taught.patch")
    assert LINE in patch
    changed = git(project, "diff", "--name-only").split()
    assert changed == ["data/nlu/cart.yml", "data/nlu/catalogue.yml", "data/nlu/orders.yml"]


async def test_a_commit_is_in_the_trainers_name_and_stands_in_the_log(database, desk, ploy, project):
    _, body = await ploy.get("/training/export")
    answer, _ = await ploy.post("/training/export/commit", seen=seen(body))
    name = git(project, "log", "-1", "--format=%h")
    assert answer.headers["Location"] == f"/training/export?said={name}"
    assert git(project, "log", "-1", "--format=%an <%ae>") == f"Ploy <{EMAIL}>"
    assert LINE in git(project, "show")
    assert git(project, "status", "--porcelain") == ""
    _, body = await ploy.get(answer.headers["Location"])
    assert f"Committed as {name}" in body and "Put in and commit" not in body
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "bot_files.commit")).one()
        assert (entry.subject, entry.detail) == (name, {"examples": 3})


async def test_only_what_the_page_showed_is_committed(database, desk, ploy, project):
    _, body = await ploy.get("/training/export")
    with database.transaction() as session:
        utterances.reopen(session, desk[0], by=EMAIL, now=utc_now())
    for old in (seen(body), "", "x"):
        answer, again = await ploy.post("/training/export/commit", seen=old)
        assert answer.status == 409 and "Nothing was committed" in again
    assert git(project, "log", "--format=%s") == "Begin"


async def test_where_nothing_can_be_committed_the_page_says_why_and_offers_the_patch(desk, ploy, project):
    _, body = await ploy.get("/training/export")
    mark = seen(body)
    (project / "data/nlu/values.yml").write_text("nlu: []\n")
    _, body = await ploy.get("/training/export")
    assert "Somebody has changed the bot's files here" in html.unescape(body)
    assert "Download as a patch" in body and "Put in and commit" not in body
    answer, body = await ploy.post("/training/export/commit", seen=mark)
    assert answer.status == 409 and "Nothing was committed" in body
    assert git(project, "log", "--format=%s") == "Begin"


async def test_what_git_says_when_it_cannot_stands_in_the_log(desk, ploy, project, caplog):
    _, body = await ploy.get("/training/export")
    (project / ".git/index.lock").touch()  # another git is at work, or was killed
    answer, body = await ploy.post("/training/export/commit", seen=seen(body))
    assert answer.status == 409 and "the log of the console says more" in body
    assert "index.lock" in caplog.text


async def test_a_file_that_is_broken_is_named(desk, ploy, project):
    (project / CART).write_text("nlu:\n- intent: [\n")
    _, body = await ploy.get("/training/export")
    assert "This file of the bot is broken" in body and CART in body and "line 3" in body
    answer, _ = await ploy.get("/training/export/patch")
    assert answer.status == 303
    answer, _ = await ploy.post("/training/export/commit")
    assert answer.status == 303
