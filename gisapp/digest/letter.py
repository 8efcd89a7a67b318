"""A letter of the digest: Vietnamese text and HTML of the same lines, and how to have no more."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import TYPE_CHECKING, Final

from itsdangerous import BadSignature, URLSafeSerializer

from gisapp.digest.weeks import monday_of
from gisapp.messages import render
from planning.digest.lines import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from gisapp.config import Settings
    from planning.digest.lines import Line

LOCALE: Final = "vi"
_SALT: Final = "digest-unsubscribe"


def sentence(line: Line, locale: str = LOCALE) -> str:
    """What a line says."""
    context = {
        "subject": line.subject,
        "zone": line.zone,
        "day": line.day,
        "count": line.count,
        "detail": line.detail,
    }
    return render(f"digest-{line.what.replace('_', '-')}", context, locale)


def heading(severity: str, locale: str = LOCALE) -> str:
    """What a group of lines is called."""
    return render(f"digest-{severity}", {}, locale)


def composed(
    settings: Settings,
    *,
    week: str,
    as_of: dt.date,
    message_id: str,
    made_at: dt.datetime,
    user_id: UUID,
    address: str,
    found: Sequence[Line],
) -> EmailMessage:
    """The letter of a week to one reader, the same bytes whenever it is composed."""
    urgent = sum(line.severity == "high" for line in found)
    monday = monday_of(week)
    facts = {"week": int(week[-2:]), "year": monday.isocalendar()[0], "urgent": urgent,
             "count": len(found), "day": as_of}  # fmt: skip
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = render("digest-subject", facts, LOCALE)
    letter["From"] = settings.mail_from or "gisapp@localhost"
    letter["To"] = address
    letter["Date"] = made_at
    letter["Message-ID"] = message_id
    letter["Auto-Submitted"] = "auto-generated"
    leave = unsubscribe_url(settings, user_id)
    if leave:
        letter["List-Unsubscribe"] = f"<{leave}>"
    opening = render("digest-opening", facts, LOCALE)
    letter.set_content(_text(opening, found, settings, leave))
    letter.add_alternative(_html(opening, found, settings, leave), subtype="html")
    _fixed_boundary(letter, message_id)
    return letter


def _fixed_boundary(letter: EmailMessage, message_id: str) -> None:
    """The same letter has the same bytes: its parts are not parted by chance."""
    letter.set_boundary("=_" + "".join(each for each in message_id if each.isalnum())[:60])


def _groups(found: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    groups = [(level, [line for line in found if line.severity == level]) for level in SEVERITIES]
    return [(level, lines) for level, lines in groups if lines]


def _text(opening: str, found: Sequence[Line], settings: Settings, leave: str) -> str:
    parts = [opening, ""]
    for level, lines in _groups(found):
        parts += [f"{heading(level).upper()} ({len(lines)})"]
        parts += [f"- {sentence(line)}" for line in lines]
        parts += [""]
    if settings.public_url:
        parts += [render("digest-open", {"url": f"{settings.public_url}/digest"}, LOCALE)]
    parts += [
        render("digest-leave", {"url": leave}, LOCALE)
        if leave
        else render("digest-stop", {}, LOCALE)
    ]
    return "\n".join(parts) + "\n"


def _html(opening: str, found: Sequence[Line], settings: Settings, leave: str) -> str:
    colours = {"high": "#B3261E", "medium": "#B26A00", "low": "#4B5FA8"}
    blocks = "".join(
        f'<h2 style="color:{colours[level]};font-size:16px">{escape(heading(level))} ({len(lines)})'
        f"</h2><ul>{''.join(f'<li>{escape(sentence(line))}</li>' for line in lines)}</ul>"
        for level, lines in _groups(found)
    )
    link = ""
    if settings.public_url:
        url = escape(f"{settings.public_url}/digest", quote=True)
        link = f'<p><a href="{url}">{escape(render("digest-open-link", {}, LOCALE))}</a></p>'
    if leave:
        words = escape(render("digest-leave-link", {}, LOCALE))
        end = f'<a href="{escape(leave, quote=True)}">{words}</a>'
    else:
        end = escape(render("digest-stop", {}, LOCALE))
    return (
        '<!doctype html><html lang="vi"><body style="font-family:sans-serif;color:#1B2530">'
        f"<p>{escape(opening)}</p>{blocks}{link}"
        f'<p style="color:#5A6775;font-size:13px">{end}</p></body></html>'
    )


def unsubscribe_url(settings: Settings, user_id: UUID) -> str:
    """Where a reader says no more, without signing in; empty when the address of the site is not
    known.
    """
    if not settings.public_url or settings.secret_key is None:
        return ""
    token = unsubscribe_token(settings.secret_key, user_id)
    return f"{settings.public_url}/digest/unsubscribe/{token}"


def unsubscribe_token(secret_key: str, user_id: UUID) -> str:
    """A token that says whose letters are to end, signed by this site."""
    return str(URLSafeSerializer(secret_key, salt=_SALT).dumps(user_id.hex))


def unsubscribing(secret_key: str, token: str) -> str | None:
    """Whose letters a token ends; None for one this site did not sign."""
    try:
        found = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, str) else None
