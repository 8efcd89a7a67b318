"""Configuration: one frozen value, read once from ``GISAPP_*``.

The only module that reads the process environment. Secrets have no defaults; on a private
instance they come from files that only the owner may read.
"""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gisapp import resources
from gisapp.cluster.home import ClusterHome
from gisapp.refusals import (
    DatabaseNotReady,
    HouseholdLoginMissing,
    SettingInvalid,
    SettingMissing,
    SettingUnknown,
)

PREFIX = "GISAPP_"
SECRET_KEY_LENGTH = 32
HOUSEHOLD_URL = "GISAPP_DATABASE_URL_HOUSEHOLD"
LANGUAGES = ("vi", "en")
MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps")
# read by one command or by the tests, not settings of the running application
OTHER_VARIABLES = frozenset({"GISAPP_PASSWORD", "GISAPP_TEST_DATABASE_URL"})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an instance is told from outside.

    Sizes are bytes. ``database_url`` is the owner's login (migrations), ``_read`` and ``_write``
    are the web's. They are ``None`` only before the private cluster has been made. Without
    ``_household`` nobody opens people's personal data. Without ``smtp_url`` letters stay files.
    """

    data_dir: Path
    private: bool = True
    database_url: str | None = field(default=None, repr=False)
    database_url_read: str | None = field(default=None, repr=False)
    database_url_write: str | None = field(default=None, repr=False)
    database_url_household: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    trusted_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    language: str = "vi"
    basemap_xyz_url: str = ""
    basemap_attribution: str = ""
    max_request_bytes: int = 1024 * 1024
    max_upload_bytes: int = 200 * 1024 * 1024
    proxy_hops: int = 0
    public_url: str = ""
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """The settings named by ``GISAPP_*``; the private cluster's own where no server is named.

        Raises:
            SettingUnknown: a ``GISAPP_`` name nobody reads.
            SettingInvalid: a value that cannot be used.
            SettingMissing: a server is named without its read or write login.
        """
        refuse_unknown_names(environ)
        given = {name: value for name, value in environ.items() if value.strip()}
        mail = _mail(given)
        base = cls(
            data_dir=_data_dir(given.get("GISAPP_DATA_DIR")),
            trusted_hosts=_hosts(given.get("GISAPP_TRUSTED_HOSTS", "")),
            language=_language(given.get("GISAPP_LANGUAGE", "vi")),
            basemap_xyz_url=_basemap(given.get("GISAPP_BASEMAP_XYZ_URL", "")),
            basemap_attribution=given.get("GISAPP_BASEMAP_ATTRIBUTION", ""),
            max_request_bytes=_number(given, "GISAPP_MAX_REQUEST_BYTES", cls.max_request_bytes),
            max_upload_bytes=_number(given, "GISAPP_MAX_UPLOAD_BYTES", cls.max_upload_bytes),
            proxy_hops=_number(given, "GISAPP_PROXY_HOPS", cls.proxy_hops, least=0),
            secret_key=_secret_key(given.get("GISAPP_SECRET_KEY")),
            public_url=_public_url(given.get("GISAPP_PUBLIC_URL", "")),
            smtp_url=mail[0],
            mail_from=mail[1],
        )
        if "GISAPP_DATABASE_URL" in given:
            return replace(
                base,
                private=False,
                database_url=_database_url(given, "GISAPP_DATABASE_URL"),
                database_url_read=_database_url(given, "GISAPP_DATABASE_URL_READ"),
                database_url_write=_database_url(given, "GISAPP_DATABASE_URL_WRITE"),
                database_url_household=_database_url(given, HOUSEHOLD_URL)
                if HOUSEHOLD_URL in given
                else None,
            )
        for name in ("GISAPP_DATABASE_URL_READ", "GISAPP_DATABASE_URL_WRITE", HOUSEHOLD_URL):
            if name in given:
                raise SettingMissing(name="GISAPP_DATABASE_URL", because=name)
        return base.with_private_cluster()

    @property
    def cluster_home(self) -> ClusterHome:
        """Where the private cluster of this data directory lives."""
        return ClusterHome.under(self.data_dir)

    def with_private_cluster(self) -> Self:
        """These settings with logins and secret of the private instance, where it exists."""
        logins = self.cluster_home.logins()
        key_file = self.data_dir / "secret_key"
        key = self.secret_key
        if key is None and key_file.is_file():
            key = key_file.read_text(encoding="ascii").strip()
        if logins is None:
            return replace(self, secret_key=key)
        return replace(
            self,
            secret_key=key,
            database_url=logins.url("gisapp_owner"),
            database_url_read=logins.url("gisapp_read"),
            database_url_write=logins.url("gisapp_write"),
            database_url_household=logins.url("gisapp_household")
            if "gisapp_household" in logins.passwords
            else None,
        )

    def urls(self) -> tuple[str, str, str]:
        """The owner's, the read-only and the writing login.

        Raises:
            DatabaseNotReady: the private cluster has not been made yet.
        """
        urls = (self.database_url, self.database_url_read, self.database_url_write)
        owner, read, write = urls
        if owner is None or read is None or write is None:
            raise DatabaseNotReady(data_dir=str(self.data_dir))
        return owner, read, write

    def household_url(self) -> str:
        """The login for people's personal data.

        Raises:
            HouseholdLoginMissing: the server's settings name none.
        """
        if self.database_url_household is None:
            raise HouseholdLoginMissing(name=HOUSEHOLD_URL)
        return self.database_url_household


def load() -> Settings:
    """The settings of this process."""
    return Settings.from_environ(os.environ)


def variable(name: str) -> str | None:
    """One of the variables a single command or the tests read; ``None`` when unset or empty."""
    if name not in OTHER_VARIABLES:
        raise SettingUnknown(name=name, meant=None)
    return os.environ.get(name) or None


def keep_secret_key(data_dir: Path) -> None:
    """Give a private instance its own signing key, once, readable by its owner alone."""
    key_file = data_dir / "secret_key"
    if not data_dir.exists():
        data_dir.mkdir(parents=True)
        data_dir.chmod(0o755)  # the cluster's user walks through; what is secret is 0600
    try:
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))


def known_names() -> frozenset[str]:
    """Every ``GISAPP_`` variable that something reads."""
    fields = set(Settings.__dataclass_fields__) - {"private"}
    return frozenset({PREFIX + name.upper() for name in fields} | OTHER_VARIABLES)


def refuse_unknown_names(environ: Mapping[str, str]) -> None:
    """Refuse a ``GISAPP_`` name nobody reads: a typing error would silently be the default."""
    known = known_names()
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise SettingUnknown(name=name, meant=near[0] if near else None)


def _data_dir(text: str | None) -> Path:
    if text is None:
        return (resources.checkout() or Path.cwd()) / "var"
    return Path(text).expanduser().absolute()


def _hosts(text: str) -> tuple[str, ...]:
    named = tuple(host.strip() for host in text.split(",") if host.strip())
    return (*Settings.trusted_hosts, *named)


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise SettingInvalid(name="GISAPP_LANGUAGE", value=text, expected=", ".join(LANGUAGES))
    return text


def _basemap(text: str) -> str:
    if text and not (
        text.startswith(("https://", "http://")) and all(part in text for part in ("{x}", "{y}"))
    ):
        raise SettingInvalid(
            name="GISAPP_BASEMAP_XYZ_URL", value=text, expected="https://…/{z}/{x}/{y}.png"
        )
    return text


def _public_url(text: str) -> str:
    if text and not (text.startswith(("https://", "http://")) and urlsplit(text).hostname):
        raise SettingInvalid(name="GISAPP_PUBLIC_URL", value=text, expected="https://…")
    return text.rstrip("/")


def _mail(given: Mapping[str, str]) -> tuple[str | None, str]:
    """Where letters go out: a server and the address they come from, both or neither."""
    url, sender = given.get("GISAPP_SMTP_URL"), given.get("GISAPP_MAIL_FROM", "")
    if url is None:
        return None, sender
    if urlsplit(url).scheme not in MAIL_SCHEMES or not urlsplit(url).hostname:
        expected = "smtp[+starttls]://USER:PASSWORD@HOST:PORT, smtps://…"
        raise SettingInvalid(name="GISAPP_SMTP_URL", value="…", expected=expected)
    if not sender:
        raise SettingMissing(name="GISAPP_MAIL_FROM", because="GISAPP_SMTP_URL")
    if "@" not in sender or not sender.isascii() or any(ord(each) < 32 for each in sender):
        raise SettingInvalid(name="GISAPP_MAIL_FROM", value=sender, expected="name@host")
    return url, sender


def _number(given: Mapping[str, str], name: str, default: int, *, least: int = 1) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise SettingInvalid(name=name, value=text, expected=f">= {least}")
    return int(text)


def _secret_key(text: str | None) -> str | None:
    if text is not None and len(text) < SECRET_KEY_LENGTH:
        raise SettingInvalid(
            name="GISAPP_SECRET_KEY", value="…", expected=f">= {SECRET_KEY_LENGTH} characters"
        )
    return text


def _database_url(given: Mapping[str, str], name: str) -> str:
    text = given.get(name)
    if text is None:
        raise SettingMissing(name=name, because="GISAPP_DATABASE_URL")
    expected = "postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE"
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingInvalid(name=name, value="…", expected=expected) from None
    if url.drivername not in ("postgresql", "postgresql+psycopg") or not url.database:
        raise SettingInvalid(name=name, value="…", expected=expected)
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def language() -> str:
    """The configured language, or Vietnamese: to tell of refusals, those of settings too."""
    named = os.environ.get("GISAPP_LANGUAGE", "vi")
    return named if named in LANGUAGES else "vi"
