"""Hypothesis strategies for the findings of chunks."""

from hypothesis import strategies as st

from summarizer.brief import Evidence, Gist, Holder, Issue, OpenQuestion, Position
from summarizer.spans import Span
from summarizer.verification import Findings

NAMES = st.sampled_from(
    [
        "Anna Berg",
        "Berg",
        "Ms Berg",
        "Tomas Lind",
        "Volodymyr Zelensky",
        "Volodymyr Zelenskiy",
        "Zelenskyy",
        "the Union",
        "Ms Anna Berg",
        "Anna",
        "Tomas Lanyon-Lind",
        "Mr Lanyon-Lind",
    ]
)
PROPOSITIONS = st.sampled_from(["The bridge should go.", "the bridge should go", "Repairs are cheap."])
STATEMENTS = st.sampled_from(["The bridge must go.", "Repairs cost 4 million.", "It is unsafe.", "it is unsafe"])


def evidence(first: int, last: int) -> st.SearchStrategy[tuple[Evidence, ...]]:
    """Return a strategy for one to three sentences with numbers from ``first`` to ``last``."""
    numbers = st.lists(st.integers(first, last), min_size=1, max_size=3, unique=True).map(sorted)
    return numbers.map(
        lambda found: tuple(
            Evidence(sentence=number, spans=(Span(number * 10, number * 10 + 9),), quote=f"Sentence {number}.")
            for number in found
        )
    )


@st.composite
def findings(draw: st.DrawFn, first: int = 1, last: int = 10) -> Findings:
    """Draw the findings of a chunk with the sentences ``first`` to ``last``."""
    names = draw(st.lists(NAMES, max_size=4, unique=True))
    holders = tuple(Holder(id=f"H{number}", name=name, kind="person") for number, name in enumerate(names))
    propositions = draw(st.lists(PROPOSITIONS, max_size=2, unique=True))
    issues = tuple(Issue(id=f"I{n}", proposition=words, kind="policy") for n, words in enumerate(propositions))
    ids = [holder.id for holder in holders]
    some = st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True).map(tuple) if ids else st.nothing()
    positions = [
        Position(
            id=f"P{number}",
            holders=draw(some),
            statement=draw(STATEMENTS),
            issue=draw(st.sampled_from([None, *(issue.id for issue in issues)])),
            evidence=draw(evidence(first, last)),
        )
        for number in range(draw(st.integers(0, 4)) if ids else 0)
    ]
    questions = [
        OpenQuestion(
            id=f"Q{number}",
            question=draw(st.sampled_from(["Who pays?", "When?"])),
            origin="implied",
            raised_by=draw(some) if ids else (),
            evidence=draw(evidence(first, last)),
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    gist = draw(st.none() | evidence(first, last).map(lambda items: Gist(text="About a bridge.", evidence=items)))
    return Findings(holders, issues, tuple(positions), tuple(questions), gist)


@st.composite
def chunks(draw: st.DrawFn) -> list[Findings]:
    """Draw the findings of several chunks, in the order of the article."""
    return [draw(findings(1 + 10 * number, 10 + 10 * number)) for number in range(draw(st.integers(1, 4)))]
