"""Why a file cannot be read, as types that carry facts and no prose."""

from __future__ import annotations

from layers.errors import LayerError


class FileRefused(LayerError):
    """A file that is not taken in. Every reason below is one of these."""

    code = "file-refused"


# --- the file itself ----------------------------------------------------------------------


class FileMissing(FileRefused):
    """There is no such file, or it is a folder, a pipe or a device. Context: ``name``."""

    code = "file-missing"


class FileEmpty(FileRefused):
    """No bytes, or no records. Context: ``name``."""

    code = "file-empty"


class FileTooLarge(FileRefused):
    """Context: ``limit_mb``."""

    code = "file-too-large"


class FileTypeUnknown(FileRefused):
    """The first bytes are those of no format we read. Context: ``name``."""

    code = "file-type-unknown"


class FileTypeMismatch(FileRefused):
    """The ending says one format, the bytes another. Context: ``name``, ``found``."""

    code = "file-type-mismatch"


class FileTruncated(FileRefused):
    """Shorter than its header says. Context: ``part``, ``expected_bytes``, ``bytes``."""

    code = "file-truncated"


class FileMalformed(FileRefused):
    """The format's own reader gives up. Context: ``reason`` (the reader's words)."""

    code = "file-malformed"


# --- zipped shapefiles --------------------------------------------------------------------


class ShapefileNeedsZip(FileRefused):
    """One member of a shapefile without the others. Context: ``name``."""

    code = "shapefile-needs-zip"


class ShapefileIncomplete(FileRefused):
    """Context: ``layer``, ``missing`` (list of endings)."""

    code = "shapefile-incomplete"


class ArchiveUnreadable(FileRefused):
    """The zip directory cannot be read, or a member fails its checksum. Context: ``reason``."""

    code = "archive-unreadable"


class ArchiveTooManyMembers(FileRefused):
    """Context: ``count``, ``limit``."""

    code = "archive-too-many-members"


class ArchiveTooLarge(FileRefused):
    """More bytes come out than allowed, counted while unpacking. Context: ``limit_mb``."""

    code = "archive-too-large"


class ArchiveRatio(FileRefused):
    """A member shrinks more than any land file does: a zip bomb. Context: ``member``, ``limit``."""

    code = "archive-ratio"


class ArchiveUnsafeMember(FileRefused):
    """A link, an absolute path, ``..`` or a device. Context: ``member``."""

    code = "archive-unsafe-member"


class ArchiveEncrypted(FileRefused):
    """Context: ``member``."""

    code = "archive-encrypted"


class ArchiveNested(FileRefused):
    """An archive inside the archive. Context: ``member``."""

    code = "archive-nested"


class ArchiveUnexpectedMember(FileRefused):
    """Something that is no part of a shapefile. Context: ``member``."""

    code = "archive-unexpected-member"


class ArchiveRepeatedMember(FileRefused):
    """Two members of one name. Context: ``member``."""

    code = "archive-repeated-member"


class ArchiveWithoutShapefile(FileRefused):
    """No ``.shp`` in the zip."""

    code = "archive-without-shapefile"


# --- layers, fields, text -----------------------------------------------------------------


class LayerNotInFile(FileRefused):
    """Context: ``layer``, ``layers``."""

    code = "layer-not-in-file"


class LayerToChoose(FileRefused):
    """The file holds several layers and none was named. Context: ``layers``."""

    code = "layer-to-choose"


class GeopackageUnsafe(FileRefused):
    """A view, a foreign trigger, a virtual or computed table. Context: ``kind``, ``object``."""

    code = "geopackage-unsafe"


class GeopackageWithoutLayers(FileRefused):
    """An SQLite file with no feature table of a GeoPackage."""

    code = "geopackage-without-layers"


class EncodingNameUnknown(FileRefused):
    """Context: ``encoding``, ``known``."""

    code = "encoding-name-unknown"


class EncodingUndecided(FileRefused):
    """No encoding makes the text Vietnamese; a person has to say. Context: ``sample``."""

    code = "encoding-undecided"


class EncodingContradicted(FileRefused):
    """The text is not in the encoding it was said to be in. Context: ``encoding``, ``sample``."""

    code = "encoding-contradicted"


class TooManyFeatures(FileRefused):
    """Context: ``limit``."""

    code = "too-many-features"


class TooManyColumns(FileRefused):
    """Context: ``count``, ``limit``."""

    code = "too-many-columns"


class TooManyVertices(FileRefused):
    """The whole layer has more vertices than allowed. Context: ``count``, ``limit``."""

    code = "too-many-vertices"


# --- tables -------------------------------------------------------------------------------


class TableWithoutHeader(FileRefused):
    """No row of column names was found. Context: ``layer``."""

    code = "table-without-header"


class TableColumnRepeated(FileRefused):
    """Context: ``column``."""

    code = "table-column-repeated"


class TableUnsafe(FileRefused):
    """A workbook with macros or a document type declaration. Context: ``part``."""

    code = "table-unsafe"


# --- the sandbox --------------------------------------------------------------------------


class SandboxUnavailable(FileRefused):
    """Files are not read because the sandbox does not work here. Context: ``reason``."""

    code = "sandbox-unavailable"


class ReadingTookTooLong(FileRefused):
    """The clock or the processor limit stopped the reader. Context: ``seconds``."""

    code = "reading-took-too-long"


class ReadingTookTooMuch(FileRefused):
    """The reader wanted more memory or wrote more than allowed. Context: ``limit_mb``."""

    code = "reading-took-too-much"


class ReadingDied(FileRefused):
    """The reader was broken by the file. Context: ``status``."""

    code = "reading-died"


class ReadingNotBelieved(FileRefused):
    """What the reader handed over failed the check at the door. Context: ``reason``."""

    code = "reading-not-believed"


def _all(kind: type[LayerError]) -> dict[str, type[LayerError]]:
    found = {kind.code: kind}
    for child in kind.__subclasses__():
        found |= _all(child)
    return found


BY_CODE: dict[str, type[LayerError]] = _all(FileRefused)
