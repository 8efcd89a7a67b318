"""What the worker says to the process that started it; every word is checked, none is executed."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.encodings import Decision, Encoding, HowDecided
from layers.vector.content import CrsFacts, FieldFacts, LayerFacts
from layers.vector.errors import BY_CODE, ReadingNotBelieved
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

    def all_layers(self) -> list[LayerFacts]:
        """The layers as facts.

        Raises:
            ReadingNotBelieved
        """
        try:
            return [said.value() for said in self.layers]
        except ValueError as error:
            raise ReadingNotBelieved(reason="layer") from error

    def the_layer(self) -> LayerFacts:
        """The one layer that was read.

        Raises:
            ReadingNotBelieved
        """
        layers = self.all_layers()
        if len(layers) != 1:
            raise ReadingNotBelieved(reason="layers")
        return layers[0]

    def found(self) -> list[Finding]:
        """The findings about rows.

        Raises:
            ReadingNotBelieved
        """
        try:
            return [said.value() for said in self.findings]
        except ValueError as error:
            raise ReadingNotBelieved(reason="finding") from error


def believed(line: bytes) -> Answer:
    """The worker's last line as an answer, every part of it of the kind it should be.

    Raises:
        FileRefused: the refusal the worker states.
        ReadingNotBelieved: the line is not an answer.
    """
    try:
        answer = Answer.model_validate_json(line)
    except ValidationError as error:
        raise ReadingNotBelieved(reason="answer") from error
    if answer.refused is not None:
        kind = BY_CODE.get(answer.refused.code)
        if kind is None:
            raise ReadingNotBelieved(reason="refusal")
        raise kind(**answer.refused.context)
    return answer
