"""Across plan levels, for programs: disagreement by category and area, and plan coverage."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZONE_CODE
from gisapp.api.written import as_json
from gisapp.judging import seen_version
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.errors import NotFound
from planning.plans.levels_queries import LEVELS, coverage, level_pairs
from planning.zones.queries import find_board, zones

if TYPE_CHECKING:
    from flask import Response

    from planning.plans.difference_sides import VersionFacts
    from planning.plans.levels_queries import Coverage, LevelPair

api = api_blueprint("levels", __name__, "Quy hoạch · plans")


class LevelsQuery(DayQuery):
    """A day, and perhaps one version (a draft too)."""

    version: str | None = Field(None, max_length=80, description="PLAN/NUMBER; default: in force")


@api.get("/plans/levels")
@api.input(LevelsQuery, location="query", arg_name="query")
@api.doc(summary="Thống nhất giữa các cấp · plans against the level above them")
@requires(Permission.READ)
def levels(query: LevelsQuery) -> Response:
    """Per pair of plans that share ground: both decisions, and m² by category above and below."""
    day, scope = query.shown(), reader_scope()
    with database().reading(seconds=30) as session:
        at = moment(session, day.as_of, day.known_at)
        ids = [zone.id for zone in zones(session, at) if scope.covers(zone)]
        chosen = None
        if query.version is not None:
            chosen = seen_version(session, at, query.version).plan_version_id
        found = level_pairs(session, at, ids, version_id=chosen)
    return as_json({"as_of": day.as_of, "pairs": [_pair(each) for each in found]})


def _pair(pair: LevelPair) -> dict[str, Any]:
    return {
        "higher": _version(pair.higher),
        "lower": _version(pair.lower),
        "ground_m2": round(pair.ground_m2, 4),
        "by_verdict_m2": {name: round(area, 4) for name, area in pair.sums.items()},
        "cells": [
            {
                "higher": asdict(cell.higher),
                "lower": asdict(cell.lower),
                "verdict": cell.verdict,
                "area_m2": round(cell.area_m2, 4),
                "lots": [
                    {"symbol": symbol, "area_m2": round(area, 4)} for symbol, area in cell.lots
                ],
            }
            for cell in pair.cells
        ],
    }


def _version(facts: VersionFacts) -> dict[str, Any]:
    return {
        "plan": facts.code,
        "version": facts.number,
        "level": facts.level,
        "in_force": facts.in_force,
        "decision": facts.decision_number,
        "issued_on": facts.decision_issued_on,
        "issuer": facts.decision_issuer,
    }


class CoverageQuery(DayQuery):
    """A day, and perhaps one board."""

    board: str | None = Field(None, pattern=ZONE_CODE, description="Mã ban quản lý · board code")


@api.get("/plans/coverage")
@api.input(CoverageQuery, location="query", arg_name="query")
@api.doc(summary="Tỷ lệ phủ quy hoạch · how much of the land plans in force cover")
@requires(Permission.READ)
def plan_coverage(query: CoverageQuery) -> Response:
    """Measured m², overlaps removed; the ratio (0 to 1) over the ground inside the boundaries."""
    day, scope = query.shown(), reader_scope()
    with database().reading(seconds=30) as session:
        at = moment(session, day.as_of, day.known_at)
        if query.board is not None:
            find_board(session, query.board)
            if not scope.covers_board(query.board):
                raise NotFound(kind="board", key=query.board)
        seen = [zone for zone in zones(session, at, query.board) if scope.covers(zone)]
        whole, each = coverage(session, at, [zone.id for zone in seen])
    by_zone = [{"zone": zone.code, **_told(each[zone.id])} for zone in seen if zone.id in each]
    return as_json({"as_of": day.as_of, **_told(whole), "zones": by_zone})


def _told(found: Coverage) -> dict[str, Any]:
    return {
        "natural_m2": round(found.natural_m2, 4),
        "levels": {
            level: {"planned_m2": round(found.planned_m2[level], 4), "ratio": found.ratio(level)}
            for level in LEVELS
        },
    }
