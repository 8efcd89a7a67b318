"""Refusals of the application itself: a code and its facts, never prose.

The texts are in ``gisapp/messages``; :func:`gisapp.messages.render` puts the two together.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Something the application declines to do, with the facts a person needs to mend it."""

    code: ClassVar[str] = "refused"

    def __init__(self, **context: object) -> None:
        super().__init__(self.code, context)
        self.context: dict[str, object] = context

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.context.items())
        return f"{self.code} ({facts})" if facts else self.code


class SettingUnknown(Refusal):
    """A ``GISAPP_`` variable nobody reads, most likely a typing error."""

    code = "setting-unknown"


class SettingInvalid(Refusal):
    """A setting whose value cannot be used."""

    code = "setting-invalid"


class SettingMissing(Refusal):
    """A setting that has no default and is needed now."""

    code = "setting-missing"


class DatabaseNotReady(Refusal):
    """No server is configured and the private cluster has not been made."""

    code = "database-not-ready"


class HouseholdLoginMissing(Refusal):
    """The login for people's personal data is not configured: nobody opens them."""

    code = "household-login-missing"


class WriteRefused(Refusal):
    """The database refused a write of personal data; what it held is told to nobody."""

    code = "write-refused"


class KeyMissing(Refusal):
    """A write without `Idempotency-Key`: nobody could tell whether it was sent before."""

    code = "idempotency-key-missing"
