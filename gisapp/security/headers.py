"""Headers on every answer: what a browser may do with it, and that nobody keeps a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request

if TYPE_CHECKING:
    from flask import Flask, Response

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    # charts drawn as SVG set style attributes; no style sheet and no script may be inline
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}

_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)


def content_security_policy(basemap_xyz_url: str = "") -> str:
    """The policy of the pages; only a configured background map adds a foreign host, for images."""
    policy = dict(_POLICY)
    if basemap_xyz_url:
        parts = urlsplit(basemap_xyz_url)
        policy["img-src"] += f" {parts.scheme}://{parts.netloc}"
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def set_headers(app: Flask, basemap_xyz_url: str) -> None:
    """Put the security headers on every answer of the application, errors included."""
    fixed = {
        "Content-Security-Policy": content_security_policy(basemap_xyz_url),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": _PERMISSIONS,
    }

    def add(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        # a route that lets its answer be kept (tiles, static files) has said so itself
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    app.after_request(add)
