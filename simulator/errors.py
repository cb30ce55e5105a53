"""Graph API errors: one exception, and the errors of Messenger's table by the name of what happened.

Source: Messenger Platform, "Error codes". Texts of parameter errors are our own, clients must not read
them."""

import secrets
from typing import Any


class GraphError(Exception):
    """An error answer of the Graph API: code, subcode, HTTP status and headers."""

    def __init__(
        self,
        code: int,
        message: str,
        subcode: int | None = None,
        *,
        status: int = 400,
        transient: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.message = message
        self.status = status
        self.transient = transient
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The JSON body as Meta shapes it."""
        error: dict[str, Any] = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient:
            error["is_transient"] = True
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}


def invalid(what: str, subcode: int | None = None) -> GraphError:
    """Code 100 with a text that tells which parameter is wrong and why."""
    return GraphError(100, f"(#100) {what}", subcode)


# name: (code, subcode, text, HTTP status, transient)
KNOWN: dict[str, tuple[int, int | None, str, int, bool]] = {
    "unknown": (1, None, "An unknown error occurred", 500, True),
    "temporary": (2, None, "An unexpected error has occurred. Please retry your request later.", 500, True),
    "send_failed": (1200, None, "Temporary send message failure. Please try again later.", 400, True),
    "permission": (10, None, "(#10) Application does not have permission for this action", 403, False),
    "window": (10, 2018278, "(#10) This message is sent outside of allowed window.", 400, False),
    "cannot_receive": (10, 2018108, "(#10) This person cannot receive your messages right now", 400, False),
    "restricted": (
        10,
        1893063,
        "(#10) This Page is temporarily restricted from sending messages",
        400,
        False,
    ),
    "thread": (
        10,
        2018300,
        "(#10) Message failed to send because another app is controlling this thread now.",
        400,
        False,
    ),
    "no_user": (100, 2018001, "(#100) No matching user found", 400, False),
    "retired_tag": (100, 1893061, "(#100) Invalid parameter", 400, False),
    "picture": (100, 2018008, "(#100) Failed to fetch the file from the url", 400, False),
    "attachment_type": (
        100,
        2018047,
        "(#100) Upload attachment failure: the type does not match",
        400,
        False,
    ),
    "attachment_id": (
        100,
        2018074,
        "(#100) The attachment id is invalid or belongs to another Page",
        400,
        False,
    ),
    "attachment_size": (100, 2018109, "(#100) The attachment is larger than allowed", 400, False),
    "token": (190, None, "Invalid OAuth access token - Cannot parse access token", 400, False),
    "token_expired": (190, 463, "Error validating access token: Session has expired", 400, False),
    "token_revoked": (190, 460, "Error validating access token: the password was changed", 400, False),
    "not_a_tester": (
        200,
        2018028,
        "(#200) Cannot message users who are not admins, developers or testers",
        403,
        False,
    ),
    "unavailable": (551, 1545041, "(#551) This person isn't available right now.", 400, False),
    "policy": (
        368,
        None,
        "The action attempted has been deemed abusive or is otherwise disallowed",
        400,
        False,
    ),
    "rate_limit": (613, None, "(#613) Calls to this api have exceeded the rate limit.", 400, True),
    "rate_limit_app": (4, None, "(#4) Application request limit reached", 400, True),
    "rate_limit_page": (32, None, "(#32) Page request limit reached", 400, True),
    "rate_limit_messenger": (
        80006,
        None,
        "(#80006) There have been too many calls to this Page's Messenger account.",
        400,
        True,
    ),
    "deleted": (9000001, None, "The message was deleted", 400, False),
}


def known(name: str) -> GraphError:
    """The error of KNOWN with this name.

    Raises:
        KeyError: no such name.
    """
    code, subcode, text, status, transient = KNOWN[name]
    return GraphError(code, text, subcode, status=status, transient=transient)
