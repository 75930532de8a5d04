"""Measure time, growth and memory of the analysis on long runs of every mark, word and pattern.

    python benchmarks/hostile.py [--sizes 100000 1000000] [--only WORDS …] [--no-memory]

Every text repeats one unit up to the size in characters. The table shows the seconds of processor time a megabyte for
reading, analysis and the built-in engine, and the growth: time a character at the last size, relative to the first.
1.0 is linear. Memory is the peak of Python's allocations at the first size, in bytes a character.
"""

import argparse
import gc
import time
import tracemalloc
from collections.abc import Callable
from itertools import count, pairwise
from typing import Any

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.engines.builtin.engine import BuiltinEngine
from summarizer.errors import ArticleError

UNITS = {
    # marks
    "curly quotation marks": "“",
    "closing quotation marks": "”",
    "pairs of quotation marks": "“No.” ",
    "empty quotations": "“”",
    "straight quotation marks": '"',
    "straight pairs": '"No" ',
    "single quotation marks": "‘No’ ",
    "apostrophes": "'",
    "guillemets": "«Non» ",
    "commas": ", ",
    "full stops": ". ",
    "ellipses": "… ",
    "colons": ": ",
    "dashes": "— ",
    "hyphens": "- ",
    "brackets": "(a) ",
    "open brackets": "( ",
    "asterisks": "*a* ",
    "links": "[a](b) ",
    "tags": "<b>a</b> ",
    "ampersands": "&quot;",
    # words
    "one letter": "a",
    "small words": "the ",
    "capitals": "Ann ",
    "capital letters": "A. ",
    "initials": "J. Hill ",
    "abbreviations": "No. Jan. Sen. ",
    "long words": "harbour-master-general-of-the-northern-coast ",
    "title case": "Northern Harbour Bridge Report ",
    "acronyms": "BBC ",
    "shouting": "THE MAYOR SAID ",
    "pronouns": "she ",
    "cues": "said ",
    "cue nouns": "claim ",
    "auxiliaries": "would not have ",
    "that": "that ",
    "prepositions": "of ",
    "conjunctions": "and ",
    "relatives": "who ",
    "adverbs": "only ",
    "titles": "Mr. ",
    "figures": "12,345.6 ",
    "times": "10:30 a.m. ",
    # names
    "names joined": "Ann Hill and ",
    "names listed": "Ann Hill, ",
    "roles": "Ann Hill, the mayor, ",
    "possessives": "the mayor’s ",
    "phrases with of": "the head of the council of ",
    "many names": None,
    "many sentences with names": None,
    # cues and tags
    "inverted tag": "Said Ann ",
    "tag": "said Ann Hill, ",
    "according to": "according to Ann Hill, ",
    "as": "as Ann Hill said, ",
    "clauses": "Ann Hill said that ",
    "sentences": "Ann Hill said it was late. ",
    "pronoun sentences": "She said it was late. ",
    "quotations with tags": "“No,” said Ann Hill. ",
    "quotations never closed": "“No, said Ann Hill. ",
    "quotations and gestures": "“No.” Ann Hill nodded. ",
    "passives": "It was said by Ann Hill ",
    "media": "The Herald reported that Ann Hill said ",
    "cited": "the agency said, citing Ann Hill, ",
    "relays": "Ann Hill was quoted by the paper as saying ",
    "questions": "Was it late? ",
    "negations": "nobody did not say that ",
    "contrasts": "But Ann Hill disagreed. ",
    # lines
    "list": "- a\n",
    "list of sentences": "- Ann Hill said no.\n",
    "questions and answers": "Q: no\nA: yes\n",
    "labels": "Ann Hill: no\n",
    "labels in capitals": "ANN HILL: No, it was late.\n",
    "labels that alternate": "Ann Hill: Is it late?\nBo Day: It is late.\n",
    "signatures": "— Ann Hill\n",
    "signed quotations": "“It was far too late.”\n— Ann Hill\n",
    "short lines": "nobody knew it\n\n",
    "capital lines": "THE MAYOR SAID NO\n",
    "tables": "Hill\t54\nDay\t46\n",
    "posts": "10:30 Ann Hill said no.\n",
    "quotation lines": "“It was far too late.”\n\n",
    "open quotation lines": "“It was far too late.\n\n",
    "tagged lines": "“It was late,” Ann Hill said.\n\n",
    "news": (
        "“It was late,” said Ann Hill, the mayor of Leeds. She told the council on Monday that nobody had known it.\n\n"
    ),
    # other languages
    "German tags": "„Nein“, sagte Anna Berg. ",
    "German clauses": "Anna Berg sagte, die Brücke sei alt. ",
    "German words": "sagte Berg, der Rat der Stadt laut Berg ",
    "French tags": "« Non », a déclaré Anne Petit. ",
    "French clauses": "Anne Petit a dit que le pont est vieux. ",
    "French words": "selon Petit, le maire de la ville pour qui ",
    "Chinese": "港务局说，没有人知道决定了什么。",
}
"""The texts by name; those without a unit number their names."""
LANGUAGES = {"German": "de", "French": "fr"}
STEPS = ("read", "analyse", "engine")


def build_text(name: str, size: int) -> str:
    """Return the text of that name with about ``size`` characters."""
    unit = UNITS[name]
    if unit is not None:
        return unit * (size // len(unit)) + "\nend"
    form = "{}, " if name == "many names" else "{} said it was late. "
    parts: list[str] = []
    length = 0
    for number in count():
        given = "".join(chr(97 + number // 26**place % 26) for place in range(4)).capitalize()
        parts.append(form.format(f"{given} Hill{given.lower()}"))
        length += len(parts[-1])
        if length >= size:
            return "".join(parts)
    raise AssertionError


def measure(name: str, size: int) -> list[float]:
    """Return the seconds of processor time that each step takes."""
    article = Article.from_text(build_text(name, size), language=LANGUAGES.get(name.partition(" ")[0], "en"))
    gc.collect()
    times = [time.process_time()]
    try:
        reading = read(article)
    except ArticleError:  # all of it was cut
        return [time.process_time() - times[0], 0.0, 0.0]
    times.append(time.process_time())
    analysis = analyse(reading)
    times.append(time.process_time())
    BuiltinEngine().extract(reading, analysis)
    times.append(time.process_time())
    return [after - before for before, after in pairwise(times)]


def find_peak(work: Callable[[], Any], characters: int) -> float:
    """Return the peak of Python's allocations while ``work`` runs, in bytes a character."""
    gc.collect()
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / characters


def find_memory(name: str, size: int) -> float:
    """Return the memory of reading and analysis, in bytes a character."""
    text = build_text(name, size)
    article = Article.from_text(text, language=LANGUAGES.get(name.partition(" ")[0], "en"))
    try:
        return find_peak(lambda: analyse(read(article)), len(text))
    except ArticleError:
        tracemalloc.stop()
        return 0.0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--no-memory", action="store_true")
    options = parser.parse_args()
    names = [name for name in UNITS if not options.only or any(word in name for word in options.only)]
    for language in ("en", "de", "fr"):  # word lists are read once, not measured
        analyse(read(Article.from_text("Ann Hill said no.", language=language)))
    print(f"{'unit':28}" + "".join(f"{step:>9}" for step in STEPS) + f"{'s a MB':>9} {'growth':>7} {'bytes':>6}")
    for name in names:
        rates = [[seconds / size * 1e6 for seconds in measure(name, size)] for size in options.sizes]
        total = sum(rates[-1])
        memory = "" if options.no_memory else f"{find_memory(name, options.sizes[0]):6.0f}"
        steps = "".join(f"{rate:9.2f}" for rate in rates[-1])
        print(f"{name:28}{steps}{total:9.2f} {total / sum(rates[0]):7.2f} {memory}", flush=True)


if __name__ == "__main__":
    main()
