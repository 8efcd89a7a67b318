"""Tables without geometry: CSV in the ways Vietnamese offices save it, and XLSX.

A heading row is looked for under title rows, the "(1) (2) (3)" row under it is passed over.
Formulas are never evaluated: a formula cell counts for the value Excel stored with it, and one
without a stored value is reported.
"""

from __future__ import annotations

from layers.spreadsheet.delimited import read_delimited
from layers.spreadsheet.table import batches_of, facts_of, kind_of
from layers.spreadsheet.workbook import read_sheet, sheet_names
from layers.vector.content import Job, LayerFacts, Reading
from layers.vector.errors import FileEmpty, LayerNotInFile, LayerToChoose, TableWithoutHeader
from layers.vector.formats import Format


def inspect(job: Job) -> list[LayerFacts]:
    """Every sheet with a heading (or the one CSV table)."""
    if job.format is Format.CSV:
        return [facts_of(read_delimited(job), None)]
    found = []
    for name in sheet_names(job.path):
        try:
            table = read_sheet(job, name)
        except (TableWithoutHeader, FileEmpty):
            continue
        found.append(facts_of(table, None))
    if not found:
        raise FileEmpty(name=".xlsx")
    return found


def read(job: Job) -> Reading:
    """One table; rows are numbered as the spreadsheet shows them.

    Raises:
        TableWithoutHeader, TableColumnRepeated, LayerNotInFile, LayerToChoose
    """
    is_csv = job.format is Format.CSV
    table = read_delimited(job) if is_csv else read_sheet(job, _chosen_sheet(job))
    if not table.rows:
        raise FileEmpty(name=table.name)
    kinds = [kind_of([cells[i] for _, cells in table.rows]) for i in range(len(table.header))]
    return Reading(facts_of(table, kinds), batches_of(table, kinds), table.findings)


def _chosen_sheet(job: Job) -> str:
    names = sheet_names(job.path)
    if job.layer is not None:
        if job.layer not in names:
            raise LayerNotInFile(layer=job.layer, layers=names)
        return job.layer
    if len(names) == 1:
        return names[0]
    full = [facts.name for facts in inspect(job)]
    if len(full) != 1:
        raise LayerToChoose(layers=full)
    return full[0]
