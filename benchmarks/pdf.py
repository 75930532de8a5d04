"""Measure the PDF loader: its time beside PDFium alone, and the reading order on generated pages.

    python benchmarks/pdf.py [--rounds N] [FILE.pdf …]

PDFium alone is `page.get_textpage().get_text_range()` for all pages. The two take turns, and the ratio is that of the
best rounds in processor time. The generated files have one, two or three columns, drawn column by column or row by
row, with divided words and running heads. A sentence is right if it stands in the text as it was written.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import pypdfium2  # noqa: E402

from summarizer.article import read  # noqa: E402
from summarizer.sources import Content, load_content  # noqa: E402
from tests.sources.pdf_writer import PageWriter, pdf, wrap  # noqa: E402

WORDS = (
    "the council a bridge of water price and in said people would harbour plan cost town river repair government"
    " responsibility negotiations environmental representatives municipality compensation authorities"
).split()
LEFT, TOP, WIDTH, ROWS = 60, 760, 475, 55


def write_sentences(randomizer: random.Random, count: int) -> list[str]:
    """Return sentences that differ."""
    return [
        f"Speaker {number} {' '.join(randomizer.choices(WORDS, k=randomizer.randint(6, 24)))} here."
        for number in range(count)
    ]


def draw(sentences: list[str], columns: int, by_row: bool, gutter: float = 16) -> bytes:
    """Return a file with the sentences in paragraphs of four, in columns on as many pages as needed."""
    width = (WIDTH - gutter * (columns - 1)) / columns
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
    lines: list[str] = []
    for paragraph in paragraphs:
        first, *others = wrap(paragraph, width - 10, hyphens=True)
        lines += [f"  {first}", *others]
    pages = []
    for start in range(0, len(lines), ROWS * columns):
        page = PageWriter()
        page.text(LEFT, 805, f"Meer Valley Papers, number {len(pages) + 1}", 8)
        parts = [lines[start + ROWS * column : start + ROWS * (column + 1)] for column in range(columns)]
        places = [(column, row) for column in range(columns) for row in range(len(parts[column]))]
        for column, row in sorted(places, key=lambda place: place[::-1]) if by_row else places:
            page.lines(LEFT + column * (width + gutter), TOP - 12 * row, [parts[column][row]])
        pages.append(page)
    return pdf(*pages)


def samples(randomizer: random.Random) -> Iterator[tuple[str, bytes, list[str]]]:
    """Yield the name, the content and the sentences of generated files."""
    for columns in (1, 2, 3):
        for by_row in (False, True):
            sentences = write_sentences(randomizer, 1_200)
            name = f"{columns} columns, {'row by row' if by_row else 'column by column'}"
            yield name, draw(sentences, columns, by_row), sentences


def time_alone(data: bytes) -> None:
    """Extract the text of all pages with PDFium."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.get_textpage().get_text_range()
    document.close()


def measure(data: bytes, rounds: int) -> tuple[float, float]:
    """Return the best times of PDFium alone and of the loader, in seconds of processor time."""
    tasks: tuple[Callable[[], object], ...] = (
        lambda: time_alone(data),
        lambda: load_content(Content(data, "sample.pdf")),
    )
    best = [float("inf")] * len(tasks)
    for _ in range(rounds):
        for index, task in enumerate(tasks):
            started = time.process_time()
            task()
            best[index] = min(best[index], time.process_time() - started)
    return best[0], best[1]


def main() -> None:
    """Print a line for each file, and the sum."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.pdf")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    generated = [] if options.files else list(samples(random.Random(7)))
    files = [(str(path), path.read_bytes(), []) for path in options.files or [ROOT / "seeds/bridge-toll-paper.pdf"]]
    total = [0.0, 0.0]
    for name, data, sentences in [*generated, *files]:
        alone, ours = measure(data, options.rounds)
        total = [total[0] + alone, total[1] + ours]
        line = f"{name:30}  PDFium {alone * 1000:7.1f} ms  loader {ours * 1000:7.1f} ms  ratio {ours / alone:.2f}"
        if sentences:
            found = {sentence.text for sentence in read(load_content(Content(data, name))).sentences}
            right = sum(sentence in found for sentence in sentences)
            line += f"  sentences right {right / len(sentences):.1%}"
        print(line)
    print(f"all: ratio {total[1] / total[0]:.2f}")


if __name__ == "__main__":
    main()
