"""What the worker says to the process that started it; every word is checked, none is executed."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from layers.encodings import Decision, Encoding, HowDecided
from layers.vector.content import CrsFacts, FieldFacts, LayerFacts
from layers.vector.findings import FINDING_CODES, Finding

ANSWER_BYTES = 8 * 1024 * 1024
Text = Annotated[str, Field(max_length=1_000)]
Fact = int | float | bool | Text | list[Text] | None


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Refusal(_Said):
    """The worker refused the file."""

    code: Annotated[str, Field(max_length=60)]
    context: Annotated[dict[str, Fact], Field(max_length=20)]


class SaidFinding(_Said):
    """A finding about a row."""

    row: Annotated[int, Field(ge=0)]
    code: Annotated[str, Field(max_length=60)]
    field: Text | None
    context: Annotated[dict[str, Fact], Field(max_length=20)]

    def value(self) -> Finding:
        """As the finding it stands for.

        Raises:
            ValueError: a code that is none of ours.
        """
        if self.code not in FINDING_CODES:
            raise ValueError(f"finding code {self.code}")
        return Finding(self.row, self.code, self.field, self.context)


class SaidField(_Said):
    """A column."""

    name: Text
    kind: Annotated[str, Field(pattern="^(text|integer|decimal|date|instant|boolean)$")]


class SaidCrs(_Said):
    """The file's word on its coordinate system."""

    text: Annotated[str, Field(max_length=20_000)]
    epsg: int | None
    name: Text
    stated: bool
    origin: Annotated[str, Field(max_length=20)]


class SaidEncoding(_Said):
    """The encoding decision."""

    encoding: Annotated[str, Field(max_length=20)]
    how: Annotated[str, Field(max_length=20)]
    before: Text
    after: Text
    likelihood: float


class SaidLayer(_Said):
    """A layer."""

    name: Text
    features: int | None
    geometry_type: Text | None
    fields: Annotated[list[SaidField], Field(max_length=2_000)]
    crs: SaidCrs
    encoding: SaidEncoding | None

    def value(self) -> LayerFacts:
        """As the facts they stand for.

        Raises:
            ValueError: an encoding that is none of ours.
        """
        encoding = None
        if self.encoding is not None:
            said = self.encoding
            encoding = Decision(
                Encoding(said.encoding),
                HowDecided(said.how),
                said.before,
                said.after,
                said.likelihood,
            )
        return LayerFacts(
            self.name,
            self.features,
            self.geometry_type,
            tuple(FieldFacts(f.name, f.kind) for f in self.fields),
            CrsFacts(**self.crs.model_dump()),
            encoding,
        )


class Answer(_Said):
    """The worker's last line: a refusal, or layers with findings and the number of rows written."""

    refused: Refusal | None = None
    layers: Annotated[list[SaidLayer], Field(max_length=600)] = []
    findings: Annotated[list[SaidFinding], Field(max_length=20_000)] = []
    rows: Annotated[int, Field(ge=0)] = 0
    probe: dict[str, Fact] | None = None
