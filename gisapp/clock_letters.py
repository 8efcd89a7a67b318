"""The reminder as an official letter in Vietnamese: what it says, and the same as a Word file.

Form of Decree 30/2020 on official letters. Only what a person adds by hand is left open: number,
day, signature. A clause that was not compared with its text says so in the letter itself.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planning.legal_clocks.queries import ClockRow, LandPart, Stop

BLANK = "…………"
STEPS = {
    "permit": "giấy phép",
    "construction": "khởi công xây dựng",
    "installation": "lắp đặt",
    "operation": "đưa vào vận hành",
}
UNVERIFIED = " [chưa kiểm chứng với nguyên văn]"
CAUSES = {
    "force_majeure": "bất khả kháng",
    "authority": "theo văn bản của cơ quan nhà nước có thẩm quyền",
    "court": "theo quyết định của toà án",
}


@dataclass(frozen=True)
class Letter:
    """A letter ready to print: head, subject, to whom, body, and who gets a copy."""

    board: str
    province: str
    subject: str
    to: str
    grounds: tuple[str, ...]
    body: tuple[str, ...]
    requests: tuple[str, ...]
    copies: tuple[str, ...]
    as_of: str


def letter_facts(
    row: ClockRow,
    parts: Iterable[LandPart],
    stops: Iterable[Stop],
    *,
    as_of: date,
    board: str,
    province: str,
    zone_name: str,
) -> dict[str, Any]:
    """What a letter is written from, as plain values that are kept with its draft."""
    clock = {
        name: _plain(value)
        for name, value in asdict(row).items()
        if name not in ("project_id", "zone_id", "severity")
    }
    return {
        **clock,
        "as_of": as_of.isoformat(),
        "board": board,
        "province": province,
        "zone_name": zone_name,
        "parts": [
            {
                "handed_on": _plain(part.handed_on),
                "promised_on": _plain(part.promised_on),
                "handover": part.handover,
                "parcels": part.parcels,
                "names": part.names,
                "area_m2": None if part.area_m2 is None else str(part.area_m2),
                "board_days": part.board_days,
            }
            for part in parts
        ],
        "stops": [
            {
                "since": stop.since.isoformat(),
                "until": _plain(stop.until),
                "cause": stop.cause,
                "document": stop.document,
            }
            for stop in stops
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def letter(facts: Mapping[str, Any]) -> Letter:
    """The letter those facts make; the same facts make the same letter for ever."""
    idle = facts["clock"] == "idle"
    what = "đưa đất vào sử dụng" if idle else "thực hiện đúng tiến độ sử dụng đất"
    clause = str(facts["clause"]) + ("" if facts["verification"] == "verified" else UNVERIFIED)
    name = str(facts["name_vi"])
    return Letter(
        board=str(facts["board"]),
        province=str(facts["province"]),
        subject=f"V/v nhắc nhà đầu tư {what} của dự án {name}",
        to=str(facts["investor"] or BLANK),
        grounds=(
            f"Căn cứ {clause};",
            f"Căn cứ tiến độ của dự án {name} (mã {facts['code']}) và hồ sơ bàn giao đất lưu tại "
            f"{facts['board']};",
        ),
        body=(
            f"{facts['board']} thông báo tình hình sử dụng đất của dự án {name} tại "
            f"{facts['zone_name']} đến hết ngày {_day(facts['as_of'])} như sau:",
            *_land(facts),
            *(_idle(facts) if idle else _behind(facts)),
            *_stops(facts),
            _breach(facts),
        ),
        requests=(
            f"{'Đưa đất vào sử dụng' if idle else 'Hoàn thành các mốc chậm'} trước ngày "
            f"{_day(facts['breach_on'])}."
            if date.fromisoformat(facts["breach_on"]) > date.fromisoformat(facts["as_of"])
            else "Báo cáo ngay nguyên nhân và kế hoạch khắc phục.",
            "Báo cáo tiến độ, khó khăn, vướng mắc (nếu có) bằng văn bản gửi "
            f"{facts['board']} trước ngày {BLANK}.",
            "Gửi kèm giấy tờ chứng minh nếu có sự kiện bất khả kháng hoặc lý do dừng thực hiện do "
            "cơ quan nhà nước.",
        ),
        copies=("Như trên;", "UBND tỉnh (để báo cáo);", "Lưu: VT, hồ sơ dự án."),
        as_of=_day(facts["as_of"]),
    )


def _land(facts: Mapping[str, Any]) -> list[str]:
    lines = []
    for part in facts["parts"]:
        area = "" if part["area_m2"] is None else f", diện tích {_hectares(part['area_m2'])} ha"
        land = f"{part['parcels']} thửa ({part['names']}){area}" if part["parcels"] else "Đất dự án"
        if part["handed_on"] is None:
            lines.append(f"- {land}: chưa bàn giao.")
            continue
        paper = f" theo biên bản số {part['handover']}" if part["handover"] else ""
        late = part["board_days"] or 0
        said = (
            f", chậm {late} ngày so với ngày dự kiến {_day(part['promised_on'])}; số ngày này "
            "không tính cho nhà đầu tư"
            if late
            else ""
        )
        lines.append(f"- {land}: bàn giao ngày {_day(part['handed_on'])}{paper}{said}.")
    return lines


def _idle(facts: Mapping[str, Any]) -> list[str]:
    return [
        f"Tính từ ngày {_day(facts['anchor_on'])}, đất chưa được đưa vào sử dụng "
        f"{facts['running_days']} ngày (không kể thời gian tạm dừng)."
    ]


def _behind(facts: Mapping[str, Any]) -> list[str]:
    step = STEPS.get(facts["step"], facts["step"])
    moved = (
        f", sau khi cộng {facts['board_days']} ngày bàn giao đất chậm là ngày "
        f"{_day(facts['anchor_on'])}"
        if facts["board_days"]
        else ""
    )
    behind = facts["running_days"] or 0
    late = f"đến nay chậm {behind} ngày" if behind else "đến nay chưa quá mốc"
    return [
        f"Mốc “{step}” theo tiến độ dự án là ngày {_day(facts['planned_on'])}{moved}; {late} "
        "(không kể thời gian tạm dừng)."
    ]


def _stops(facts: Mapping[str, Any]) -> list[str]:
    lines = []
    for stop in facts["stops"]:
        until = stop["until"]
        last = date.fromisoformat(until) - timedelta(days=1) if until else None
        end = f" đến hết ngày {_day(last.isoformat())}" if last else " (chưa kết thúc)"
        lines.append(
            f"Thời gian không tính: từ ngày {_day(stop['since'])}{end}, {CAUSES[stop['cause']]}, "
            f"văn bản số {stop['document']}."
        )
    return lines


def _breach(facts: Mapping[str, Any]) -> str:
    extended = facts["extended_months"]
    term = f"{facts['limit_months']} tháng"
    if extended:
        term += f" và {extended} tháng gia hạn"
    day = _day(facts["breach_on"])
    if facts["breach_on"] <= facts["as_of"]:
        return f"Thời hạn {term} đã hết vào ngày {day}."
    return f"Thời hạn {term} hết vào ngày {day}."


def _day(text: str | None) -> str:
    return "–" if text is None else f"{date.fromisoformat(text):%d/%m/%Y}"


def _hectares(area_m2: str) -> str:
    return f"{float(area_m2) / 10_000:.2f}".replace(".", ",")


def as_docx(said: Letter) -> bytes:
    """The letter as a Word file, A4, Times New Roman 13, two columns at its head."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    paper = Document()
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(13)
    page = paper.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin = Cm(3), Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    centre = WD_ALIGN_PARAGRAPH.CENTER

    def lines(cell: Any, *texts: tuple[str, bool]) -> None:
        for place, (text, bold) in enumerate(texts):
            line = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            line.alignment = centre
            line.add_run(text).bold = bold

    top = paper.add_table(rows=1, cols=2).rows[0].cells
    lines(
        top[0], (f"UBND TỈNH {said.province.upper()}", False), (said.board.upper(), True),
        (f"Số: {BLANK}", False), (said.subject, False),
    )  # fmt: skip
    lines(
        top[1], ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True),
        (f"{BLANK}, ngày …… tháng …… năm ……", False),
    )  # fmt: skip
    to = paper.add_paragraph(f"Kính gửi: {said.to}")
    to.alignment = centre
    for text in (*said.grounds, *said.body):
        paper.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paper.add_paragraph("Đề nghị nhà đầu tư:")
    for number, text in enumerate(said.requests, start=1):
        paper.add_paragraph(f"{number}. {text}").alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    end = paper.add_table(rows=1, cols=2).rows[0].cells
    end[0].paragraphs[0].add_run("Nơi nhận:").bold = True
    for copy in said.copies:
        end[0].add_paragraph(f"- {copy}")
    lines(end[1], ("TRƯỞNG BAN", True), ("(Ký tên, đóng dấu)", False), ("", False), (BLANK, False))
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()
