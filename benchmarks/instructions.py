"""Count which invented instructions to a model are reported, and which harmless sentences.

    python benchmarks/instructions.py                 # the sets in benchmarks/instructions/
    python benchmarks/instructions.py --missed tuned  # and the sentences on which the detector errs
    python benchmarks/instructions.py FOLDER          # sentences of the *.txt files of a folder that are reported

Each instruction and each harmless sentence stands in an article of its own, between two ordinary paragraphs. An
instruction counts as reported if any of its sentences is. Of the articles in a folder only numbers are printed.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from summarizer.article import Article, read
from summarizer.verification import find_instructions

SETS = Path(__file__).parent / "instructions"
ARTICLE = """Council splits over the old bridge

“The bridge must go,” said Anna Berg, the chief engineer. It was built in 1931 and carries two lanes.

{}

Tomas Lind said that a repair would be cheaper. The council decides in May.
"""


def is_reported(text: str) -> bool:
    """Return whether a sentence of ``text`` is reported in an article."""
    sentences = read(Article.from_text(ARTICLE.format(text))).sentences
    return bool(find_instructions(sentences))


def load_set(name: str) -> tuple[list[str], list[str]]:
    """Return the instructions and the harmless sentences of a set."""
    data = yaml.safe_load((SETS / f"{name}.yaml").read_text(encoding="utf-8"))
    injections, harmless = (
        [text for texts in data[kind].values() for text in texts] for kind in ("injections", "harmless")
    )
    return injections, harmless


def count(name: str, *, shows_errors: bool = False) -> Iterator[tuple[str, str, int, int]]:
    """Yield for each family of a set: its kind, its name, the number reported, and the number of texts."""
    data = yaml.safe_load((SETS / f"{name}.yaml").read_text(encoding="utf-8"))
    for kind, families in data.items():
        for family, texts in families.items():
            reported = [text for text in texts if is_reported(text)]
            yield kind, family, len(reported), len(texts)
            for text in texts if shows_errors else ():
                if (text in reported) != (kind == "injections"):
                    print(f"    {kind[:-1]}: {text}")


def print_counts(name: str, *, shows_errors: bool = False) -> None:
    """Print the counts of a set."""
    totals = {"injections": [0, 0], "harmless": [0, 0]}
    for kind, family, reported, number in count(name, shows_errors=shows_errors):
        print(f"{name:9} {kind:10} {family:12} {reported:3} of {number}")
        totals[kind][0] += reported
        totals[kind][1] += number
    for kind, (reported, number) in totals.items():
        print(f"{name:9} {kind:10} {'all':12} {reported:3} of {number} ({reported / number:.1%})")


def print_folder(folder: Path) -> None:
    """Print the number of reported sentences in a folder of articles, and where they are."""
    articles = sentences = found = 0
    for path in sorted(folder.rglob("*.txt")):
        reading = read(Article.from_text(path.read_text(encoding="utf-8")))
        reported = find_instructions(reading.sentences)
        articles, sentences, found = articles + 1, sentences + len(reading.sentences), found + len(reported)
        if reported:
            print(f"{path.name}: {', '.join(map(str, reported))}")
    print(f"{found} of {sentences} sentences reported in {articles} articles")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    shown = arguments[1:] if arguments[:1] == ["--missed"] else []
    if arguments and not shown:
        print_folder(Path(arguments[0]))
    else:
        for name in shown or ("tuned", "fitted", "held_out", "unseen", "evasive"):
            print_counts(name, shows_errors=bool(shown))
