"""Why a printed figure cannot be recorded."""

from planning.incoming import RowRefused


class FigureUnreadable(RowRefused):
    """The printed text holds no number that can be read. Context: ``printed``, ``field``."""

    code = "figure-unreadable"


class FigureUnitMissing(RowRefused):
    """No unit was said and the printed text has none that is known. Context: ``printed``."""

    code = "figure-unit-missing"


class FigureCurrencyMissing(RowRefused):
    """Millions or billions of what? Context: ``printed``."""

    code = "figure-currency-missing"


class FigureDiffersFromPrint(RowRefused):
    """The value given is not what the printed text says. Context: ``printed``, ``value``."""

    code = "figure-differs-from-print"


class FigurePeriodRefused(RowRefused):
    """A stock has a day, a flow or target a period that ends after it begins. Context: ``kind``."""

    code = "figure-period-refused"


class FigureKnown(RowRefused):
    """The figure is recorded as of that day already. Context: ``indicator``, ``day``."""

    code = "figure-known"


class FigureZoneOfOther(RowRefused):
    """The zone belongs to another board. Context: ``zone``, ``board``."""

    code = "figure-zone-of-other"
