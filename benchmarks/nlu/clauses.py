"""How often a message with one meaning is taken for two (see `bot.clauses`):

    .venv-bot/bin/python -m benchmarks.nlu.clauses --model models/talad-….tar.gz

The messages of tests/nlu have one intent each, so that every further question found in them is one too many, and so is
a meaning put in place of the right one. A message that asks two things but is listed under one shows up as well.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bot import clauses, exam
from bot.exam import Example
from bot.marks import decided
from bot.understanding import Understanding, loaded


def main() -> None:
    """Print how many messages were taken for two or for another meaning because of their pieces, and which."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.nlu.clauses", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--model", type=Path, required=True, help="a trained model, *.tar.gz")
    parser.add_argument(
        "--messages", type=Path, default=Path("tests/nlu"), help="folder of annotated messages"
    )
    options = parser.parse_args()
    messages = exam.examples(options.messages)
    with loaded(options.model) as understanding:
        found = [(message, _of_pieces(understanding, message)) for message in messages]
    changed = [(message, said) for message, said in found if said]
    print(
        f"{len(changed)} of {len(messages)} messages ({len(changed) / len(messages):.1%}) are read otherwise"
    )
    for message, said in changed:
        print(f"- {message.text} ({message.intent}): {said}")


def _of_pieces(understanding: Understanding, message: Example) -> str:
    """What the message's pieces made of it that it does not mean; nothing where they changed nothing or mended it."""
    whole = understanding.of(message.text)
    instead, also = clauses.further(whole, message.text, understanding.of)
    said = [f"also {name}" for name in also if name != message.intent]
    if instead and instead != message.intent:
        said.append(f"{instead} instead of {decided(whole['intent']['name'])}")
    return ", ".join(said)


if __name__ == "__main__":
    main()
