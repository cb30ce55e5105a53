"""What every answer tells the browser to refuse: foreign scripts, framing, guessing of types, leaking addresses."""

from __future__ import annotations

from sanic import Request, Sanic
from sanic.response import BaseHTTPResponse

from seller_console.network import over_tls

#: Only our own files, no inline script or style, forms only to ourselves, nobody may frame a page.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # Pages show customers' names and addresses: not even the browser keeps them.
    "cache-control": "no-store",
}
#: For a year browsers come over TLS only, whatever a link or a network says (RFC 6797).
_ONLY_TLS = f"max-age={365 * 24 * 60 * 60}"


def protect(app: Sanic) -> None:  # type: ignore[type-arg]
    """Add these headers to every answer that does not set them itself."""
    app.register_middleware(_add, "response")


async def _add(request: Request, response: BaseHTTPResponse) -> None:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if over_tls(request):
        response.headers.setdefault("strict-transport-security", _ONLY_TLS)
