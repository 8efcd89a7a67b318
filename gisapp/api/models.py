"""What every request and answer of the API is made of: strict models, nothing unknown passes."""

from __future__ import annotations

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from gisapp.present.day import ShownDay, parse_day, parse_instant, shown_day


class Given(BaseModel):
    """Base of what comes in: unknown fields are refused, numbers are finite, texts are trimmed."""

    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False, str_strip_whitespace=True, str_max_length=10_000
    )


class Answer(BaseModel):
    """Base of what goes out."""

    model_config = ConfigDict(from_attributes=True)


class Problem(Answer):
    """What went wrong (RFC 9457, ``application/problem+json``)."""

    type: str = Field(
        description="urn:gisapp:problem:<code>", examples=["urn:gisapp:problem:overlap"]
    )
    title: str
    status: int
    detail: str = Field(description="Câu giải thích · a sentence in the reader's language")
    errors: list[dict[str, str]] = Field(description="field and message, one a wrong field")
    request_id: str | None
    context: dict[str, object] | None = None


class DayQuery(Given):
    """The two clocks of a reading: a legal day and an instant of knowledge."""

    as_of: str | None = Field(
        None, description="Ngày dữ liệu · legal day, YYYY-MM-DD; default today", max_length=10
    )
    known_at: str | None = Field(
        None,
        description="Biết đến lúc · ISO 8601 instant; default all that is known",
        max_length=40,
    )
    lang: str | None = Field(None, pattern="^(vi|en)$", description="language of texts")

    def shown(self) -> ShownDay:
        """The two clocks, checked.

        Raises:
            DayRefused: not a day or not an instant.
        """
        if self.as_of:
            parse_day("as_of", self.as_of)
        if self.known_at:
            parse_instant("known_at", self.known_at)
        return shown_day()


def api_blueprint(name: str, module: str, tag: str) -> APIBlueprint:
    """A blueprint of the API under its heading in the documentation."""
    return APIBlueprint(f"api_{name}", module, tag=tag)
