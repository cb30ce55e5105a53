"""Log lines: one per record, with process and time in UTC, and without secrets."""

import logging
import re
import sys
import warnings

import pytest

from talad import logs


def line(message: str, *arguments: object, error: bool = False) -> str:
    try:
        raise ValueError("no such thing") if error else KeyError
    except (ValueError, KeyError):
        trace = sys.exc_info() if error else None
    record = logging.LogRecord("gateway.inbox", logging.INFO, "", 1, message, arguments, trace)
    return logs.OneLine("gateway").format(record)


def test_a_record_is_one_line_with_time_process_and_source() -> None:
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO gateway gateway\.inbox: took 3", line("took %d", 3)
    )


def test_line_breaks_cannot_forge_a_second_record() -> None:
    assert "\n" not in line("text\r\n2026-01-01 ERROR forged")
    assert "ValueError: no such thing" in line("failed", error=True)
    assert "\n" not in line("failed", error=True)


@pytest.mark.parametrize(
    "text",
    [
        "GET /v26.0/me?access_token=SECRET&fields=id",
        "hub.verify_token=SECRET",
        '{"token": "SECRET"}',
        "Authorization: Bearer SECRET",
        "rasa_token='SECRET'",
        "password: SECRET",
    ],
)
def test_secrets_are_taken_out(text: str) -> None:
    assert "SECRET" not in line(text)
    assert line(text + " after").endswith("after")


def test_a_page_token_is_taken_out_wherever_it_stands() -> None:
    assert "EAAB" not in line("Graph said no to EAAB" + "x1" * 40)


def test_only_the_version_warning_of_the_action_server_is_silent() -> None:
    from rasa_sdk.utils import check_version_compatibility

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        logs.silence_version_warning()
        check_version_compatibility("3.6.21")
        assert seen == []
        check_version_compatibility(None)
        assert len(seen) == 1
