"""Why the columns of a file cannot be matched with what the register wants."""

from __future__ import annotations

from layers.errors import LayerError


class FieldsRefused(LayerError):
    """The columns and the fields do not come together."""

    code = "fields-refused"


class FieldMapUnreadable(FieldsRefused):
    """The mapping file is not the TOML we expect. Context: ``reason``."""

    code = "field-map-unreadable"


class FieldMapOfAnotherTarget(FieldsRefused):
    """The mapping was written for another kind of import. Context: ``target``, ``wanted``."""

    code = "field-map-of-another-target"


class FieldUnknown(FieldsRefused):
    """The mapping names a field the register does not have. Context: ``field``, ``known``."""

    code = "field-unknown"


class FieldColumnMissing(FieldsRefused):
    """A named column is not in the file. Context: ``field``, ``column``, ``columns``."""

    code = "field-column-missing"


class FieldsWithoutColumn(FieldsRefused):
    """Required fields nothing is mapped to. Context: ``fields``, ``columns``."""

    code = "fields-without-column"


class FieldsDoubtful(FieldsRefused):
    """Several columns fit one field; a person has to say. Context: ``field``, ``columns``."""

    code = "field-columns-doubtful"


class TargetUnknown(FieldsRefused):
    """Context: ``target``, ``known``."""

    code = "import-target-unknown"
