"""Write small PDF files for tests: text at positions, on pages of any form."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

WIDTHS = {**dict.fromkeys("fijlt.,;:'|!()[] ", 250), **dict.fromkeys("mwMW@%—", 800)}
"""Widths of characters in thousandths of the size; all others have 500."""


def width(text: str, size: float = 10) -> float:
    """Return the width of a text in points."""
    return sum(WIDTHS.get(character, 500) for character in text) * size / 1000


@dataclass
class PageWriter:
    """A page to write on. Positions are in points from the lower left corner."""

    width: float = 595
    height: float = 842
    extra: str = ""
    """More entries of the page's dictionary: ``"/Rotate 90"``."""
    content: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float = 10, matrix: str = "1 0 0 1") -> None:
        """Write a text that begins at (x, y); soft hyphens are written as such."""
        codes = text.encode("cp1252").hex()
        self.content.append(f"BT /F {size} Tf {matrix} {x} {y} Tm <{codes}> Tj ET")

    def lines(self, x: float, y: float, lines: Iterable[str], size: float = 10, leading: float = 12) -> float:
        """Write lines one below the other, and return the height below the last."""
        for line in lines:
            indent = len(line) - len(line.lstrip(" "))
            self.text(x + 5 * indent, y, line.lstrip(" "), size)
            y -= leading
        return y

    def picture(self) -> None:
        """Draw a picture over the page."""
        self.content.append(f"q {self.width} 0 0 {self.height} 0 0 cm /I Do Q")


def pdf(
    *pages: PageWriter, info: str = "", catalog: str = "", encrypt: str = "", font: str = "", letters: str = ""
) -> bytes:
    """Return a file with these pages.

    Args:
        pages: The pages.
        info: Entries of the information.
        catalog: Entries of the catalog.
        encrypt: Entries of the trailer.
        font: The dictionary of the font, instead of Times.
        letters: Pairs of a code and its letters in UTF-16, both in hexadecimal: the font's mapping to Unicode.
    """
    widths = " ".join(str(WIDTHS.get(bytes([code]).decode("cp1252", "replace"), 500)) for code in range(256))
    kids = " ".join(f"{6 + 2 * index} 0 R" for index in range(len(pages)))
    to_unicode = f"/ToUnicode {6 + 2 * len(pages)} 0 R" if letters else ""
    picture = b"<< /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.encode()
        or b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding /FirstChar 0 "
        b"/LastChar 255 /Widths [%b] %b >>"
        % (widths.encode(), to_unicode.encode()),
        f"<< {info} >>".encode("cp1252"),
        picture + b"\nstream\n\x80\nendstream",
    ]
    for index, page in enumerate(pages):
        content = zlib.compress("\n".join(page.content).encode())
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Contents {7 + 2 * index} 0 R"
            f" /Resources << /Font << /F 3 0 R >> /XObject << /I 5 0 R >> >> {page.extra} >>".encode(),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(content), content),
        ]
    if letters:
        pairs = "\n".join(f"<{code}> <{text}>" for code, text in (pair.split() for pair in letters.split(",")))
        ranges = "1 beginbfrange\n<20> <7e> <0020>\nendbfrange"
        cmap = f"begincmap\n{ranges}\n{letters.count(',') + 1} beginbfchar\n{pairs}\nendbfchar\nendcmap".encode()
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(cmap), cmap))
    data = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(data)
    trailer = f"/Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {encrypt}"
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << {trailer} >>\n".encode()
    data += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(data)


def wrap(text: str, column: float, size: float = 10, *, hyphens: bool = False) -> list[str]:
    """Break a text into lines that fit a column, with soft hyphens if wanted."""
    lines, line = [], ""
    for word in text.split():
        extended = f"{line} {word}".lstrip()
        if width(extended, size) <= column:
            line = extended
            continue
        if hyphens and len(word) > 7 and word.isalpha() and width(f"{line} {word[:4]}-", size) <= column:
            lines.append(f"{line} {word[:4]}\xad".lstrip())
            line = word[4:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]
