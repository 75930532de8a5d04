"""Measure the time to ground a model's reply to a long article.

    python benchmarks/grounding.py [WORDS] [POSITIONS]

The generated article has WORDS words (default 25,000). The reply has POSITIONS positions (default 500), each with
two sentences, a phrase, a figure and a holder. The index of the article is built once and measured separately.
"""

import sys
import time

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.verification import ExtractionReply, GroundingContext, HolderReply, IssueReply, PositionReply, ground

PEOPLE = (
    "Anna Berg",
    "Tomas Lind",
    "Ines Moreau",
    "Piet Vos",
    "Hanne Quill",
    "Radu Albescu",
    "Mira Okello",
    "Jon Aske",
)
SENTENCE = (
    "“The {n}th pier of the old bridge will cost {n} crowns more than planned,” said {who}, who has seen the accounts. "
)


def article(words: int) -> Article:
    """Generate a report of the given number of words."""
    sentences = [SENTENCE.format(n=n, who=PEOPLE[n % len(PEOPLE)]) for n in range(words // len(SENTENCE.split()) + 1)]
    paragraphs = ["".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4)]
    return Article.from_text("Council argues over the old bridge\n\n" + "\n\n".join(paragraphs))


def make_reply(sentences: int, positions: int) -> ExtractionReply:
    """Return a reply without problems."""
    step = max((sentences - 4) // positions, 1)
    numbers = [2 + (step * n) % (sentences - 4) for n in range(positions)]
    return ExtractionReply(
        holders=tuple(
            HolderReply(id=f"H{n}", name=name, kind="person", role=None, affiliation=None)
            for n, name in enumerate(PEOPLE)
        ),
        issues=(IssueReply(id="I1", proposition="The bridge should go.", kind="policy"),),
        positions=tuple(
            PositionReply(
                sentences=(number, number + 1),
                holders=(f"H{(number - 2) % len(PEOPLE)}",),
                reported_by=None,
                statement=f"The pier will cost {number - 2} crowns more than planned.",
                issue="I1",
                stance="disagrees",
                certainty="asserted",
            )
            for number in numbers
        ),
        open_questions=(),
        gist=None,
    )


def main() -> None:
    """Measure and print."""
    words, positions = (int(value) for value in (sys.argv[1:] + ["25000", "500"][len(sys.argv) - 1 :])[:2])
    reading = read(article(words))
    extraction = make_reply(len(reading.sentences), positions)
    started = time.perf_counter()
    analysis = analyse(reading)
    analysed = time.perf_counter()
    context = GroundingContext(reading, analysis)
    first = ground(extraction, reading.sentences, context)  # also builds the index
    ready = time.perf_counter()
    ground(extraction, reading.sentences, context)
    seconds = time.perf_counter() - ready
    print(f"{len(reading.article.text):,} characters, {len(reading.sentences):,} sentences, {positions} positions")
    print(f"analysis of the reported speech, once an article  {(analysed - started) * 1000:10.1f} ms")
    print(f"first reply, with building the index              {(ready - analysed) * 1000:10.1f} ms")
    print(f"a further reply                                   {seconds * 1000:10.1f} ms")
    print(f"a position                                        {seconds * 1000 / positions:10.3f} ms")
    print(f"accepted positions {len(first.positions)}, problems {len(first.problems)}")


if __name__ == "__main__":
    main()
