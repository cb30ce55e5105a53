"""The switches that make the emulator misbehave the way Meta sometimes does. Read by the webhook sender and
the Graph emulator; set through the control API."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

CHOICES = {
    "batch": ("", "entries", "messaging"),
    "sticker_style": ("old", "transition", "new"),
    "photo_events": ("one", "many"),
    "fetch_pictures": ("loopback", "always", "never"),
    "http_pictures": ("loopback", "never"),
    "template_review": ("approve", "reject", "hold"),
}


@dataclass
class Scenario:
    """All switches with the behaviour of a healthy platform as defaults. Times are real seconds."""

    # Webhooks
    duplicate: int = 0  # further copies of every body, posted at the same moment
    reorder: bool = False  # of two events of a customer the later is posted first
    reorder_wait: float = 0.3  # how long an event waits for one to overtake it
    batch: str = ""  # several events per body: "entries" (n entries of 1) or "messaging" (1 entry of n)
    batch_size: int = 3
    batch_wait: float = 0.2  # a batch that is not full goes out after this
    standby: bool = False  # events come under entry[].standby, postbacks without their payload
    postback_without_payload: bool = False  # as for a button of another app
    postback_without_mid: bool = False  # as before v11
    delivery_without_mids: bool = False
    sticker_style: str = "new"  # old: image only, transition: sticker and image, new: sticker only
    photo_events: str = "one"  # several photos: in one event, or in many at once
    sha1_header: bool = True  # the legacy X-Hub-Signature beside X-Hub-Signature-256
    bad_signature: bool = False
    webhook_delay: float = 0.0
    webhook_timeout: float = 5.0
    retry_first: float = 0.2  # pause after the first failure, doubled after each further one
    retry_longest: float = 5.0
    unsubscribe_after_failures: int = 10  # failures in a row, and
    unsubscribe_after_seconds: float = 300.0  # time of failing (Meta: one hour) that end the subscription
    auto_read: bool = False  # customers without an open chat page read at once too

    # Graph API
    graph_delay: float = 0.0
    graph_errors: list[dict[str, Any]] = field(default_factory=list)  # see faults.py
    message_id_differs: bool = False  # the answer's message_id is not the echo's mid
    rate_limit: int | None = 300  # messages per second and Page
    profile_calls: int | None = (
        10  # messenger_profile writes per Page, and user settings per user, in 10 minutes
    )
    regain_minutes: int = 1  # estimated_time_to_regain_access of the usage headers
    human_agent: bool = False  # the app has the Human Agent feature
    require_appsecret_proof: bool = False
    minimum_version: str = ""  # "v21.0": older prefixes are refused
    fetch_pictures: str = "loopback"  # which image addresses are really fetched before a send succeeds
    http_pictures: str = "loopback"  # where http instead of https is let through
    profile_fields: list[str] = field(
        default_factory=lambda: ["id", "name", "first_name", "last_name", "profile_pic"]
    )
    media_lifetime: float = 86400.0  # simulated seconds an attachment's address is good for
    template_review: str = "approve"
    template_review_seconds: float = 0.5

    def update(self, values: dict[str, Any]) -> None:
        """Set switches by name.

        Raises:
            ValueError: an unknown name, a value of another type, or a choice that does not exist.
        """
        known = {f.name for f in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"unknown switch {name!r}")
            setattr(self, name, self._checked(name, value))

    def _checked(self, name: str, value: Any) -> Any:
        if name in ("rate_limit", "profile_calls"):
            if value is not None and type(value) is not int:
                raise ValueError(f"{name} must be a whole number or null")
            return value
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, CHOICES[name]))}")
        present = getattr(self, name)
        if isinstance(present, float) and type(value) is int:
            value = float(value)
        if type(value) is not type(present):
            raise ValueError(f"{name} must be a {type(present).__name__}")
        return value

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
