"""Settings: one frozen value out of the environment, refused rather than guessed."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from gisapp import config
from gisapp.cluster.home import ClusterHome, Logins
from gisapp.config import Settings
from gisapp.refusals import DatabaseNotReady, SettingInvalid, SettingMissing, SettingUnknown

OWNER = "postgresql://gisapp_owner:secret-word@db.example:5432/land"
SERVER = {
    "GISAPP_DATABASE_URL": OWNER,
    "GISAPP_DATABASE_URL_READ": OWNER.replace("owner", "read"),
    "GISAPP_DATABASE_URL_WRITE": OWNER.replace("owner", "write"),
}


def test_nothing_set_is_a_private_instance_in_vietnamese(tmp_path: Path) -> None:
    settings = Settings.from_environ({"GISAPP_DATA_DIR": str(tmp_path)})
    assert settings.private
    assert settings.language == "vi"
    assert settings.basemap_xyz_url == ""
    assert settings.secret_key is None
    with pytest.raises(DatabaseNotReady):
        settings.urls()


def test_the_data_folder_is_var_of_the_checkout() -> None:
    assert Settings.from_environ({}).data_dir == Path(__file__).resolve().parents[2] / "var"


def test_a_named_server_is_used_by_psycopg_3(tmp_path: Path) -> None:
    settings = Settings.from_environ({**SERVER, "GISAPP_DATA_DIR": str(tmp_path)})
    assert not settings.private
    owner, read, write = settings.urls()
    assert owner == OWNER.replace("postgresql:", "postgresql+psycopg:")
    assert (read.split(":")[1], write.split(":")[1]) == ("//gisapp_read", "//gisapp_write")


@pytest.mark.parametrize("missing", ["GISAPP_DATABASE_URL_READ", "GISAPP_DATABASE_URL_WRITE"])
def test_a_server_needs_all_three_logins(missing: str) -> None:
    with pytest.raises(SettingMissing) as refused:
        Settings.from_environ({name: url for name, url in SERVER.items() if name != missing})
    assert refused.value.context["name"] == missing


def test_a_login_without_its_server_is_refused() -> None:
    with pytest.raises(SettingMissing):
        Settings.from_environ({"GISAPP_DATABASE_URL_READ": OWNER})


@pytest.mark.parametrize("url", ["mysql://a:b@c/d", "not a url", "postgresql://h/", "sqlite:///x"])
def test_another_kind_of_database_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        Settings.from_environ({**SERVER, "GISAPP_DATABASE_URL": url})
    assert url not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("GISAPP_DATABSE_URL", "GISAPP_DATABASE_URL"),
        ("GISAPP_TRUSTED_HOST", "GISAPP_TRUSTED_HOSTS"),
    ],
)
def test_a_typing_error_is_refused_and_guessed(typed: str, meant: str) -> None:
    with pytest.raises(SettingUnknown) as refused:
        Settings.from_environ({typed: "x"})
    assert refused.value.context["meant"] == meant


def test_a_field_that_is_no_setting_cannot_be_set() -> None:
    with pytest.raises(SettingUnknown):
        Settings.from_environ({"GISAPP_PRIVATE": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GISAPP_LANGUAGE", "fr"),
        ("GISAPP_SECRET_KEY", "short"),
        ("GISAPP_MAX_UPLOAD_BYTES", "200MB"),
        ("GISAPP_MAX_UPLOAD_BYTES", "0"),
        ("GISAPP_MAX_REQUEST_BYTES", "-1"),
        ("GISAPP_MAX_REQUEST_BYTES", "١٢"),
        ("GISAPP_BASEMAP_XYZ_URL", "ftp://x/{z}/{x}/{y}"),
        ("GISAPP_BASEMAP_XYZ_URL", "https://x/tiles"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        Settings.from_environ({name: value})
    assert refused.value.context["name"] == name


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    names = {name: "" for name in config.known_names()}
    settings = Settings.from_environ(names | {"GISAPP_DATA_DIR": str(tmp_path)})
    assert settings == Settings.from_environ({"GISAPP_DATA_DIR": str(tmp_path)})


def test_loopback_names_are_always_trusted() -> None:
    settings = Settings.from_environ({"GISAPP_TRUSTED_HOSTS": "map.example, 10.0.0.5,"})
    assert settings.trusted_hosts == ("localhost", "127.0.0.1", "[::1]", "map.example", "10.0.0.5")


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = Settings.from_environ({**SERVER, "GISAPP_SECRET_KEY": "k" * 40})
    assert "secret-word" not in repr(settings)
    assert "kkkk" not in repr(settings)


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.from_environ({}).language = "en"  # type: ignore[misc]


def test_a_private_instance_makes_its_secret_once_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    config.keep_secret_key(data)
    first = (data / "secret_key").read_text()
    config.keep_secret_key(data)
    assert (data / "secret_key").read_text() == first
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(first) >= config.SECRET_KEY_LENGTH
    assert Settings.from_environ({"GISAPP_DATA_DIR": str(data)}).secret_key == first


def test_a_private_instance_logs_in_with_the_clusters_passwords(tmp_path: Path) -> None:
    data = tmp_path / "data"
    home = ClusterHome(data / "postgres")
    home.path.mkdir(parents=True)
    passwords = {"gisapp_owner": "a", "gisapp_read": "b", "gisapp_write": "c", "postgres": "d"}
    home.keep_logins(Logins(20001, passwords), home.account())
    settings = Settings.from_environ({"GISAPP_DATA_DIR": str(data)})
    assert settings.urls() == (
        "postgresql+psycopg://gisapp_owner:a@127.0.0.1:20001/gisapp",
        "postgresql+psycopg://gisapp_read:b@127.0.0.1:20001/gisapp",
        "postgresql+psycopg://gisapp_write:c@127.0.0.1:20001/gisapp",
    )


def test_only_named_variables_can_be_read_one_by_one() -> None:
    with pytest.raises(SettingUnknown):
        config.variable("HOME")


def test_the_example_file_is_read_without_complaint() -> None:
    text = (Path(__file__).resolve().parents[2] / ".env.example").read_text()
    named = re.findall(r"^#?(GISAPP_\w+)=(.*)$", text, re.M)
    Settings.from_environ({name: value for name, value in named if "SECRET" not in name})
