"""Tables of what the bot is taught with: customers' words, what trainers made of them, and the models made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base, BigId


class Utterance(Base):
    """One thing that customers type, however many of them, with personal data masked, and what a trainer said of it.

    `key` is the same for texts that differ only in what does not matter (shop.utterances). `intent`, `confidence`,
    `entities` (objects with `entity`, `start`, `end` in `text`) and `guesses` (objects with `intent`, `confidence`,
    the likeliest first) are what the model made of it the last time. `certainty`, 0 to 1, says how sure the model
    was: the lower, the sooner somebody should look. `verdict` is one of shop.verdicts.Verdict; what was taught are
    `taught_text`, `taught_intent` and `taught_entities`. An open one that was decided on before keeps who opened it
    again and when in `decided_by` and `decided_at`.
    """

    __tablename__ = "utterance"
    __table_args__ = (
        Index("ix_utterance_verdict_certainty", "verdict", "certainty", "id"),
        Index("ix_utterance_verdict_intent_certainty", "verdict", "intent", "certainty", "id"),
        Index("ix_utterance_verdict_decided_at", "verdict", "decided_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    language: Mapped[str]
    intent: Mapped[str]
    confidence: Mapped[float]
    certainty: Mapped[float]
    entities: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    guesses: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    times: Mapped[int] = mapped_column(default=0)
    last_heard_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(default="")
    taught_text: Mapped[str] = mapped_column(default="")
    taught_intent: Mapped[str] = mapped_column(default="")
    taught_entities: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class Heard(Base):
    """That a customer typed it: leads to the conversation around it, and goes with the conversation."""

    __tablename__ = "heard"
    __table_args__ = (Index("ix_heard_utterance_id_at", "utterance_id", "at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    utterance_id: Mapped[int] = mapped_column(ForeignKey("utterance.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("inbox_event.id"), unique=True)
    at: Mapped[datetime]


class BotModel(Base):
    """A model of the bot: asked for, trained, examined, perhaps published (shop.bot_models).

    `name` is its file's without `.tar.gz`, `files` the fingerprint of the project's files that it was made of, both
    unknown until it is trained. `taught` is what it was taught from the desk, as Rasa's training data in YAML.
    `state` is one of shop.bot_models.State, `step` what is being done now and `share` (0 to 1) how much of the usual
    time has gone. `under_way` is true until it is done and unique, so that one is made at a time. `compared_with` is
    the name of the model that was in use then, `before` and `after` are the scores (bot.marks) of that one and of
    this one on the frozen messages; `worse` says in sentences what got worse, `changed` holds messages that are
    understood otherwise: objects with `text`, `group`, `meant`, `before`, `after`, `better`. `archive` and `picture`
    are keys in the media store. The one in use is the one that was published last. `refused` says why it could not be
    loaded. `fence` counts the leases, `deaths` those that ended by themselves.
    """

    __tablename__ = "bot_model"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    files: Mapped[str] = mapped_column(default="")
    taught: Mapped[str] = mapped_column(Text, default="")
    taught_count: Mapped[int] = mapped_column(default=0)
    state: Mapped[str]
    step: Mapped[str] = mapped_column(default="")
    share: Mapped[float] = mapped_column(default=0.0)
    error: Mapped[str] = mapped_column(default="")
    compared_with: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    worse: Mapped[list[str]] = mapped_column(JSON, default=list)
    changed: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    archive: Mapped[str] = mapped_column(default="")
    picture: Mapped[str] = mapped_column(default="")
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    under_way: Mapped[bool | None] = mapped_column(unique=True)
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    deaths: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    published_by: Mapped[str | None]
    refused: Mapped[str] = mapped_column(default="")
