"""The command line ``gisapp``: 0 done, 1 refused in part, 2 refused.

A command is a module of this package; :data:`COMMANDS` is the one table that names it. Modules are
imported when their command is called, so ``gisapp --help`` is quick.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import click

from gisapp.messages import LOCALES, render
from gisapp.refusals import Refusal
from layers.errors import LayerError
from planning.errors import PlanningError

DONE, PARTLY_REFUSED, REFUSED = 0, 1, 2
INTERRUPTED = 130

# name -> (module, attribute, one line of help)
COMMANDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "db": ("gisapp.cli.db", "db", "Cơ sở dữ liệu · database: start, stop, upgrade, backup"),
        "doctor": ("gisapp.cli.doctor", "doctor", "Khám máy và cài đặt · is this machine ready"),
        "audit": ("gisapp.cli.audit", "audit", "Niêm phong, kiểm tra sổ · seal and verify"),
        "demo": ("gisapp.cli.demo", "demo", "Dữ liệu minh hoạ · the demo board and its accounts"),
        "export": ("gisapp.cli.export", "export", "Xuất lớp dữ liệu · export a layer"),
        "package": ("gisapp.cli.export", "package", "Gói nộp tỉnh · package for the province"),
        "indicators": (
            "gisapp.cli.indicators",
            "indicators",
            "Chỉ tiêu đất đai vào một ngày · land indicators on any day",
        ),
        "user": ("gisapp.cli.user", "user", "Người dùng · users: create, list, password"),
        "token": ("gisapp.cli.token", "token", "Mã truy cập API · tokens for programs"),
        "board": ("gisapp.cli.boards", "board", "Ban quản lý · boards: create"),
        "zone": ("gisapp.cli.boards", "zone", "Khu · zones: create"),
        "plan": ("gisapp.cli.plans", "plan", "Quy hoạch · plans: create, version"),
        "import": ("gisapp.cli.imports", "import_file", "Nhập tệp vào sổ · import a file"),
        "list": ("gisapp.cli.lists", "lists", "Danh sách CSV, XLSX · lists as tables: import"),
        "digest": (
            "gisapp.cli.digest",
            "digest",
            "Bản tin tuần · the weekly digest: send, preview",
        ),
        "worker": ("gisapp.cli.worker", "worker", "Chạy việc nền · run background jobs"),
        "serve": ("gisapp.cli.serve", "serve", "Chạy ứng dụng · run the application"),
    }
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _help = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_m, _a, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LOCALES), help="Ngôn ngữ · language (GISAPP_LANGUAGE)")
@click.version_option(package_name="gisapp")
def gisapp(lang: str | None) -> None:
    """Sổ đăng ký đất đai và bản đồ quy hoạch khu công nghiệp.

    Land register and planning map of industrial zones.
    """


def main(argv: Sequence[str] | None = None) -> None:
    """The entry point: runs one command and ends the process with its code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    sys.exit(run(arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command; our own refusals become a sentence, never a traceback."""
    as_json = "--json" in arguments
    try:
        code = gisapp.main(list(arguments), prog_name="gisapp", standalone_mode=False)
    except (Refusal, LayerError, PlanningError) as error:
        show_refusal(error.code, error.context, _language(arguments), as_json=as_json)
        return REFUSED
    except click.ClickException as error:
        error.show()
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        said = _of_database(error)
        if said is None:
            raise
        show_refusal(*said, _language(arguments), as_json=as_json)
        return REFUSED
    return code if isinstance(code, int) else DONE


def show_refusal(code: str, context: Mapping[str, object], language: str, *, as_json: bool) -> None:
    """Say why: JSON on standard output for machines, else a sentence on standard error."""
    said = render(code, context, language)
    if as_json:
        facts = {name: str(value) for name, value in context.items()}
        click.echo(
            json.dumps({"error": {"code": code, "detail": said, **facts}}, ensure_ascii=False)
        )
    else:
        click.echo(said, err=True)


def say(code: str, **context: object) -> None:
    """Print one of the application's sentences in the language of the call."""
    click.echo(render(code, context, _language(sys.argv[1:])))


def _of_database(error: Exception) -> tuple[str, Mapping[str, object]] | None:
    """What the database refused, as code and facts; None for anything else."""
    if "psycopg" not in sys.modules:
        return None
    from gisapp.cli.refused import said_of

    return said_of(error)


def language() -> str:
    """The language of this call."""
    return _language(sys.argv[1:])


def _language(arguments: Sequence[str]) -> str:
    """``--lang`` of the call, else the configured one, else Vietnamese."""
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    from gisapp import config

    return config.language()
