"""Reading a layer whose text is Unicode by its format (GeoPackage, GeoJSON)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from layers.vector.content import CrsFacts, FieldFacts, Job, LayerFacts, Reading
from layers.vector.findings import Finding
from layers.vector.ogr import as_kind, attributes_of, collect, open_layer, schema_of, shapes_of
from layers.vector.texts import convert_unicode, without_nul


def read_layer(
    job: Job,
    layer: str | None,
    crs_of: Callable[[str | None], CrsFacts],
    *,
    name: str = "",
    rows_by_feature_id: bool,
    notices: Sequence[Finding] = (),
    options: Mapping[str, str],
) -> Reading:
    """One layer; `crs_of` turns GDAL's word on the coordinate system into facts.

    Rows are numbered by feature id when people see that number in their GIS, else in file order.
    """
    with open_layer(job.path, layer, options) as (meta, reader):
        attributes = attributes_of(meta, reader.schema, job.limits)
        dropped = len(meta["fields"]) - len(attributes)
        batches = collect(job, reader, None)
    texts = {
        str(place): [batch.column(place) for batch in batches]
        for place, field in attributes
        if field.kind == "text"
    }
    converted, decision, findings = convert_unicode(texts, job.encoding)
    names = {str(place): field.name for place, field in attributes}
    findings = [
        Finding(f.row, f.code, names.get(f.field or "", f.field), f.context) for f in findings
    ]
    if dropped:
        findings.append(Finding(0, "file-column-dropped", context={"count": dropped}))
    fields = tuple(FieldFacts(without_nul(field.name), field.kind) for _, field in attributes)
    facts = LayerFacts(
        name=layer or name,
        features=sum(map(len, batches)),
        geometry_type=meta["geometry_type"],
        fields=fields,
        crs=crs_of(meta["crs"]),
        encoding=decision,
    )

    def rows() -> Iterator[Any]:
        import pyarrow as pa

        schema = schema_of(list(fields))
        start = 0
        for index, batch in enumerate(batches):
            count = len(batch)
            if rows_by_feature_id:
                numbers = batch.column(0).cast(pa.int64())
            else:
                numbers = pa.array(range(start + 1, start + count + 1), pa.int64())
            start += count
            columns = [numbers, shapes_of(batch, meta)]
            for place, field in attributes:
                text = converted.get(str(place))
                column = text[index] if text else batch.column(place)
                columns.append(as_kind(column, field.kind))
            yield pa.record_batch(columns, schema=schema)

    return Reading(facts, rows(), [*notices, *findings])
