"""Which addresses attachments may be fetched from."""

import pytest

from talad.media_hosts import MediaHosts, Permission

HOSTS = MediaHosts.parse("fbcdn.net, .fbsbx.com, 127.0.0.1:8002, localhost, ::1, [fd00::1]:80")


@pytest.mark.parametrize(
    ("url", "permission"),
    [
        ("https://scontent.xx.fbcdn.net/v/a.jpg?oh=1", Permission.PUBLIC),
        ("https://fbcdn.net/a", Permission.PUBLIC),
        ("https://CDN.FBSBX.COM./a", Permission.PUBLIC),
        ("http://scontent.xx.fbcdn.net/a", Permission.REFUSED),
        ("https://evilfbcdn.net/a", Permission.REFUSED),
        ("https://fbcdn.net.evil.example/a", Permission.REFUSED),
        ("https://evil.example/fbcdn.net", Permission.REFUSED),
        ("https://fbcdn.net@evil.example/a", Permission.REFUSED),
        ("ftp://fbcdn.net/a", Permission.REFUSED),
        ("file:///etc/passwd", Permission.REFUSED),
        ("http://127.0.0.1:8002/media/a", Permission.LOCAL),
        ("http://127.0.0.1:5005/model", Permission.REFUSED),
        ("http://127.0.0.1/a", Permission.REFUSED),
        ("http://127.0.0.2:8002/a", Permission.REFUSED),
        ("http://localhost:9999/a", Permission.LOCAL),
        ("http://[::1]:1/a", Permission.LOCAL),
        ("http://[fd00::1]/a", Permission.LOCAL),
        ("http://[fd00::1]:81/a", Permission.REFUSED),
        ("http://sub.localhost/a", Permission.REFUSED),
        ("https://fbcdn.net:port/a", Permission.REFUSED),
        ("https://[fbcdn.net/a", Permission.REFUSED),
        ("", Permission.REFUSED),
    ],
)
def test_an_address_is_allowed_only_as_the_setting_says(url: str, permission: Permission) -> None:
    assert HOSTS.permission(url) is permission


def test_written_hosts_read_the_same_again() -> None:
    assert MediaHosts.parse(str(HOSTS)) == HOSTS


@pytest.mark.parametrize(
    "entry", ["http://fbcdn.net", "net", "*.fbcdn.net", "fbcdn.net/path", "user@localhost", "a b.c"]
)
def test_what_is_no_host_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="expected host suffixes"):
        MediaHosts.parse(entry)
