"""The weekly digest: made once, each reader their own ground, sent over real SMTP, tried again."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gisapp.digest.gather import as_lines, gathered
from gisapp.digest.history import mondays, would_have_sent
from gisapp.digest.letter import unsubscribe_token, unsubscribing
from gisapp.digest.mail import deliver, retry_now, spool_folder
from gisapp.digest.model import DigestChoice, DigestMessage, DigestRule, DigestRun
from gisapp.digest.runs import make_run
from gisapp.digest.weekly import weekly
from gisapp.digest.weeks import WeekRefused, monday_of, week_of
from gisapp.security.model import User, UserScope
from gisapp.security.permissions import Role
from planning.clearance.model import HandoverParcel, HandoverVersion
from planning.clocks import Moment, correct, today
from tests.conftest import TestDatabase
from tests.db.clocked_project import Site, hand, lay_site

WEEK = week_of(today())
ALL = {
    "clocks": None,
    "notices": 60,
    "plots": 90,
    "plan_steps": None,
    "rights": 180,
    "imports": None,
}


class Mailbox:
    """A mail server's side: what it took, and what it answers next."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.answers: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            read = message_from_bytes(content, policy=policy.default)
            assert isinstance(read, EmailMessage)
            self.taken.append(read)
            self.to += envelope.rcpt_tos
        return answer

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class OnAnyPort(Controller):
    """A mail server on whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A mail server on the loopback address, and the setting that leads to it."""
    box = Mailbox()
    controller = OnAnyPort(
        box, hostname="127.0.0.1", port=0, auth_require_tls=False,
        authenticator=lambda _s, _session, _e, _m, data: AuthResult(
            success=(data.login, data.password) == (b"gis", b"p@ss"), handled=False
        ),
    )  # fmt: skip
    controller.start()
    yield box, f"smtp://gis:p%40ss@127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def land(fresh_database: TestDatabase) -> TestDatabase:
    """Two boards with an idle project each, in breach for a month; three readers."""
    with fresh_database.database.transaction() as session:
        for code, column in (("DA-MOT", 0), ("DA-HAI", 300)):
            site = lay_site(session, code=code, column=column)
            hand(session, site, dt.date(2025, 6, 1))
        for name, role, address in (
            ("lanh-dao", Role.LEADER, "lanh.dao@board.example"),
            ("chuyen-vien", Role.PLANNER, "chuyen.vien@board.example"),
            ("khong-thu", Role.VIEWER, None),
        ):
            enter(session, name, role, address)
        held = session.scalar(select(User).where(User.username == "chuyen-vien"))
        assert held is not None
        session.add(UserScope(user_id=held.id, zone_code="KCN-DA-MOT"))
    return fresh_database


def enter(session: Session, name: str, role: Role, address: str | None) -> None:
    """An account nobody signs in with: hashing a password takes its time on purpose."""
    row = User(username=name, role_name=str(role), email=address, password="$argon2id$", scopes=[])
    session.add(row)
    session.flush()


def switch_on(target: TestDatabase, *codes: str) -> None:
    with target.database.transaction() as session:
        session.execute(update(DigestRule).where(DigestRule.code.in_(codes)).values(enabled=True))


def run(target: TestDatabase, week: str = WEEK) -> int:
    with target.database.transaction() as session:
        return make_run(session, week, "tester")[1]


def messages(target: TestDatabase) -> list[DigestMessage]:
    with target.database.transaction() as session:
        return list(session.scalars(select(DigestMessage).order_by(DigestMessage.user_id)))


def test_every_rule_is_off_until_somebody_switches_it_on(land: TestDatabase) -> None:
    with land.database.transaction() as session:
        assert not any(session.scalars(select(DigestRule.enabled)))
        assert make_run(session, WEEK, "tester") == (None, 0)
    assert messages(land) == []


def test_a_week_is_made_once_and_each_reader_gets_one_letter(land: TestDatabase) -> None:
    switch_on(land, "clocks")
    assert run(land) == 2
    assert run(land) == 0
    with land.database.transaction() as session:
        kept = session.get(DigestRun, WEEK)
        assert kept is not None and kept.rules == ["clocks"]
        assert [line.subject for line in as_lines(kept.lines)] == ["DA-HAI", "DA-MOT"]
        enter(session, "den-sau", Role.AUDITOR, "den.sau@board.example")
    assert run(land) == 1
    assert sorted(one.lines for one in messages(land)) == [1, 2, 2]


def test_who_said_no_gets_none_and_muted_rules_are_left_out(land: TestDatabase) -> None:
    switch_on(land, "clocks", "rights")
    with land.database.transaction() as session:
        one, two = session.scalars(
            select(User).where(User.email.is_not(None)).order_by(User.username)
        ).all()
        session.add(DigestChoice(user_id=one.id, wanted=False, muted=[]))
        session.add(DigestChoice(user_id=two.id, wanted=True, muted=["clocks"]))
    assert run(land) == 0


def test_without_a_mail_server_letters_are_files_nobody_else_reads(land: TestDatabase) -> None:
    switch_on(land, "clocks")
    run(land)
    first = deliver(land.database, land.settings)
    assert (first.written, first.sent) == (2, 0)
    files = sorted(spool_folder(land.settings).glob("*/*.eml"))
    assert [path.parent.name for path in files] == [WEEK, WEEK]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    before = [path.read_bytes() for path in files]
    assert deliver(land.database, land.settings).written == 0
    for path in files:
        path.unlink()
    assert deliver(land.database, land.settings).written == 2
    assert [path.read_bytes() for path in files] == before


def test_letters_go_over_smtp_with_text_and_html_in_vietnamese(
    land: TestDatabase, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    mail = replace(
        land.settings, smtp_url=url, mail_from="quy-dat@board.example",
        public_url="https://map.example",
    )  # fmt: skip
    switch_on(land, "clocks")
    run(land)
    assert deliver(land.database, mail).sent == 2
    assert deliver(land.database, mail).sent == 0
    assert sorted(box.to) == ["chuyen.vien@board.example", "lanh.dao@board.example"]
    mine = next(one for one in box.taken if one["To"] == "chuyen.vien@board.example")
    plain, html = mine.get_body(("plain",)), mine.get_body(("html",))
    assert plain is not None and html is not None
    told = plain.get_content()
    assert "GẤP (1)" in told and "DA-MOT" in told and "DA-HAI" not in told
    assert "không đưa đất vào sử dụng quá thời hạn từ 01/06/2026" in told
    assert "<li>Dự án DA-MOT" in html.get_content()
    assert mine["Subject"] == f"Bản tin tuần {int(WEEK[-2:])}/{WEEK[:4]}: 1 việc gấp trong 1 việc"
    assert mine["Message-ID"].startswith(f"<digest.{WEEK}.")
    assert mine["List-Unsubscribe"].startswith("<https://map.example/digest/unsubscribe/")
    assert {one.status for one in messages(land)} == {"sent"}


def test_a_server_in_trouble_keeps_letters_spooled_until_it_takes_them(
    land: TestDatabase, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    mail = replace(land.settings, smtp_url=url, mail_from="quy-dat@board.example")
    switch_on(land, "clocks")
    run(land)
    now = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    box.answers = ["451 later", "451 later"]
    done = deliver(land.database, mail, now=now)
    assert (done.sent, done.put_off) == (0, 2)
    waiting = messages(land)
    assert {(one.status, one.attempts, one.fault) for one in waiting} == {
        ("spooled", 1, "SMTPDataError 451")
    }
    assert deliver(land.database, mail, now=now + dt.timedelta(minutes=4)).put_off == 0
    box.answers = ["451 later", "250 taken"]
    later = deliver(land.database, mail, now=now + dt.timedelta(minutes=6))
    assert (later.sent, later.put_off) == (1, 1)
    with land.database.transaction() as session:
        assert retry_now(session) == 1
    assert deliver(land.database, mail).sent == 1
    assert len(box.taken) == 2


@pytest.mark.parametrize("fault", ["refused", "wrong password", "no such host"])
def test_no_server_no_entry_no_loss(
    land: TestDatabase, mailbox: tuple[Mailbox, str], fault: str
) -> None:
    _box, url = mailbox
    urls = {
        "refused": "smtp://127.0.0.1:9",
        "wrong password": url.replace("p%40ss", "guess"),
        "no such host": "smtps://mail.invalid",
    }
    mail = replace(land.settings, smtp_url=urls[fault], mail_from="quy-dat@board.example")
    switch_on(land, "clocks")
    run(land)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    assert deliver(land.database, mail, now=later).put_off == 2
    for one in messages(land):
        assert (one.status, one.attempts) == ("spooled", 1)
        assert one.fault and "board.example" not in one.fault and "guess" not in one.fault
    assert len(list(spool_folder(land.settings).glob("*/*.eml"))) == 2


def test_an_address_the_server_refuses_for_good_is_given_up(
    land: TestDatabase, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    with land.database.transaction() as session:
        session.execute(
            update(User).where(User.username == "lanh-dao").values(email="nobody@board.example")
        )
    switch_on(land, "clocks")
    run(land)
    mail = replace(land.settings, smtp_url=url, mail_from="quy-dat@board.example")
    done = deliver(land.database, mail)
    assert (done.sent, done.given_up) == (1, 1)
    assert box.to == ["chuyen.vien@board.example"]
    assert deliver(land.database, mail) == type(done)()


def test_the_worker_begins_on_monday_at_seven(land: TestDatabase) -> None:
    switch_on(land, "clocks")
    monday = monday_of(WEEK)
    early = dt.datetime.combine(monday, dt.time(6, 59), dt.timezone(dt.timedelta(hours=7)))
    weekly(land.database, land.settings, early)
    assert messages(land) == []
    for minutes in (1, 11):
        weekly(land.database, land.settings, early + dt.timedelta(minutes=minutes))
    assert len(messages(land)) == 2


def test_a_week_that_is_none_or_has_not_begun_is_refused(land: TestDatabase) -> None:
    switch_on(land, "clocks")
    for week in ("2026-47", "2026-W54", "2025-W53", "x", week_of(today() + dt.timedelta(days=8))):
        with pytest.raises(WeekRefused), land.database.transaction() as session:
            make_run(session, week, "tester")


def test_a_correction_moves_the_breach_and_not_the_digest_of_the_past(land: TestDatabase) -> None:
    switch_on(land, "clocks")
    run(land)
    with land.database.transaction() as session:
        site = _site(session, "DA-MOT")
        minutes = session.scalar(
            select(HandoverParcel.handover_id).where(
                HandoverParcel.parcel_id == site.ground.parcels[0]
            )
        )
        number = site.change(session, dt.date(2026, 6, 1), kind="correction")
        day = {"valid_from": today() - dt.timedelta(days=30)}
        for table in (HandoverVersion, HandoverParcel):
            correct(session, table, number, table.handover_id == minutes, day)
    with land.database.transaction() as session:
        live = gathered(session, Moment(today()), {"clocks": None})
        kept = session.get(DigestRun, WEEK)
        assert kept is not None
        then = gathered(session, Moment(kept.as_of, kept.known), {"clocks": None})
    assert [line.subject for line in live] == ["DA-HAI"]
    assert [line.subject for line in as_lines(kept.lines)] == ["DA-HAI", "DA-MOT"]
    assert then == as_lines(kept.lines)


def _site(session: Session, code: str) -> Site:
    from planning.parcels.model import ParcelVersion
    from planning.projects.model import Project
    from planning.records.model import Document
    from tests.db.ground import Ground

    project = session.scalars(select(Project).where(Project.code == code)).one()
    parcels = session.scalars(
        select(ParcelVersion.parcel_id).where(ParcelVersion.zone_id == project.zone_id)
    )
    paper = session.scalars(select(Document.id).where(Document.number == f"01/KCN-{code}")).one()
    ground = Ground(project.zone_id, project.zone_id, paper, sorted(parcels), 0)
    return Site(ground, project.id)


def test_what_a_rule_would_have_sent_is_walked_by_what_was_known(land: TestDatabase) -> None:
    """All was recorded just now: on no Monday of the past was any of it known."""
    with land.database.transaction() as session:
        past = would_have_sent(session, ALL, today())
        assert past["clocks"].letters == 0
        ahead = would_have_sent(session, ALL, today() + dt.timedelta(days=28))
    days = mondays(today() + dt.timedelta(days=28))
    known = [day for day in days if day >= today()]
    assert ahead["clocks"].letters == 2 * len(known) > 0
    assert ahead["clocks"].lines == 2 * len(known)
    assert [week for week, _letters, _lines in ahead["clocks"].weeks] == [week_of(d) for d in days]
    assert ahead["rights"].letters == 0


def test_thirty_days_have_four_or_five_mondays() -> None:
    assert mondays(dt.date(2026, 11, 22)) == [
        dt.date(2026, 10, 26), dt.date(2026, 11, 2), dt.date(2026, 11, 9), dt.date(2026, 11, 16),
    ]  # fmt: skip
    assert len(mondays(dt.date(2026, 11, 23))) == 5


def test_an_unsubscribing_link_is_of_this_site_alone(land: TestDatabase) -> None:
    user = messages_user(land)
    token = unsubscribe_token("one site's key, long enough to be one", user)
    assert unsubscribing("one site's key, long enough to be one", token) == user.hex
    assert unsubscribing("another site's key, long enough to be", token) is None
    assert unsubscribing("one site's key, long enough to be one", token[:-2]) is None


def messages_user(target: TestDatabase) -> Any:
    with target.database.transaction() as session:
        return session.scalars(select(User.id).where(User.username == "lanh-dao")).one()
