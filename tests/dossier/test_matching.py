"""Statements are placed under the issues of a codebook that their words, or embeddings, match best."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Codebook, Dossier, Store
from summarizer.codebook import CodebookIssue
from summarizer.dossier.grouping import Passage, Unit
from summarizer.dossier.matching import FindVector, IssueMatch, IssueMatcher, Said
from summarizer.dossier.wording import read_content, read_terms
from summarizer.errors import ServerFailed
from summarizer.models import OpenAIEmbedder
from tests.dossier.briefs import Held, make_brief

WORDINGS = {
    "orchard": ["The old orchard should be felled.", "The apple trees must be spared."],
    "mill": ["The water mill should be restored.", "The mill wheel must stay a ruin."],
    "market": ["The weekly market should move to the square."],
}
SAID = [
    "The old orchard has to be felled this winter.",
    "The old orchard must not be felled.",
    "The apple trees must be spared.",
    "The water mill should be restored by the parish.",
    "Restoring the water mill would be a mistake.",
    "The weekly market should move to the square.",
    "The weekly market must never move to the square.",
    "The weather was fine for once.",
]
NEUTRAL = ["It rained all day.", "The bakery opens at seven.", "Trains were late again."]


def units(texts: Sequence[str] = SAID, **headlines: str) -> list[Said]:
    headings = [read_terms(headlines.get(f"of_{at}", "")) for at in range(len(texts))]
    return [
        Said(Unit(at, f"holder {at}", read_content(text), text, headline=headings[at]), None, text)
        for at, text in enumerate(texts)
    ]


def match(
    said: Sequence[Said], wordings: dict[str, list[str]] = WORDINGS, find_vector: FindVector | None = None
) -> list[IssueMatch | None]:
    passages = {
        each.unit.article: [Passage(read_terms(text), text) for text in (each.unit.text, *NEUTRAL)] for each in said
    }
    matcher = IssueMatcher(wordings, said, passages, find_vector)
    return [matcher.match(each) for each in said]


def issues(matches: Sequence[IssueMatch | None]) -> list[str | None]:
    return [each and each.issue for each in matches]


def test_statements_match_the_issue_whose_words_they_have() -> None:
    assert issues(match(units())) == [*["orchard"] * 3, *["mill"] * 2, *["market"] * 2, None]


def test_words_decide_the_side_of_the_proposition() -> None:
    sides = [each.side if each else 0 for each in match(units())]
    assert sides[:2] == [1, -1]
    assert sides[5:7] == [1, -1]


def test_a_statement_on_two_issues_alike_matches_none() -> None:
    both = "The water mill and the weekly market are dear to all."
    assert match(units([*SAID, both]))[-1] is None


def test_the_headline_tells_the_issue_of_a_statement_that_does_not_name_it() -> None:
    vague = "That would be a sad day for all of us."
    headline = "Orchard to be felled: the old orchard and its apple trees"
    assert issues(match(units([*SAID, vague])))[-1] is None
    assert issues(match(units([*SAID, vague], of_8=headline)))[-1] == "orchard"


@pytest.mark.parametrize(
    "foreign",
    [
        {
            "runway": ["A second runway should be built.", "The airport is large enough."],
            "curfew": ["Night flights end."],
        },
        {"school": ["The village school should close."], "bus": ["The bus should run on Sundays."]},
    ],
)
def test_issues_of_another_dispute_match_nothing(foreign: dict[str, list[str]]) -> None:
    assert not any(match(units(), foreign))
    assert issues(match(units(), WORDINGS | foreign)) == issues(match(units()))


@settings(max_examples=30, deadline=None)
@given(st.permutations(SAID), st.permutations(list(WORDINGS)))
def test_the_order_of_statements_and_issues_does_not_count(texts: list[str], order: list[str]) -> None:
    found = dict(zip(texts, match(units(texts), {issue: WORDINGS[issue] for issue in order}), strict=True))
    expected = dict(zip(SAID, match(units()), strict=True))
    assert {text: each and each[:2] for text, each in found.items()} == {
        text: each and each[:2] for text, each in expected.items()
    }


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([*SAID, *NEUTRAL, "", "The"]), max_size=12), st.booleans())
def test_any_statements_have_a_given_issue_or_none_and_a_lead_up_to_1(texts: list[str], embeds: bool) -> None:
    find = (lambda text: [1.0, float(len(text)), float("mill" in text)]) if embeds else None
    for each in match(units(texts), WORDINGS, find):
        assert each is None or (each.issue in WORDINGS and 0 < each.lead <= 1 and each.side in (-1, 0, 1))


OTHER_WORDS = [
    "The Bramleys must go.",
    "Let the Bramleys stand.",
    "Save the Bramleys.",
    "No blade may touch the Bramleys.",
]


def vector(text: str) -> list[float]:
    """Return a vector that knows a variety of apples and the mill."""
    about = ("orchard" in text or "apple" in text or "Bramley" in text, "mill" in text, "market" in text)
    return [*map(float, about), 0.1]


def test_embeddings_match_other_words_and_take_no_side() -> None:
    said = units([*SAID, *OTHER_WORDS])
    assert issues(match(said))[-4:] == [None] * 4
    found = match(said, WORDINGS, vector)[-4:]
    assert issues(found) == ["orchard"] * 4
    assert {each.side for each in found if each} <= {0, 1, -1}
    assert issues(match(said, WORDINGS, lambda _: None)) == issues(match(said))


class Embedder(OpenAIEmbedder):
    def __init__(self, *, fails: bool = False) -> None:
        super().__init__("apples", base_url="http://localhost:9/v1")
        self.texts: list[str] = []
        self.fails = fails

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        if self.fails:
            raise ServerFailed("The server broke.")
        self.texts += texts
        return [vector(text) for text in texts]


def fill(store: Store) -> None:
    names = ["Ada Voss", "Bela Kern", "Cora Lund", "Dirk Hahn"]
    for day in range(12):
        texts = [SAID[day % 7], OTHER_WORDS[day % 4]]
        held: list[Held] = [(names[(day + at) % 4], "", "unclear", text) for at, text in enumerate(texts)]
        store.add(make_brief(f"2026-03-{day + 1:02}", held, title=f"Brook, day {day}: Voss, Kern, Lund, Hahn"))


CODEBOOK = Codebook(
    issues=tuple(
        CodebookIssue(id=key, proposition=texts[0], aliases=tuple(texts[1:])) for key, texts in WORDINGS.items()
    )
)


def placed(dossier: Dossier) -> dict[str, str | None]:
    details = dossier.details([each.position for each in dossier.statements])
    return {details[each.position].statement: each.issue for each in dossier.statements}


def test_a_dossier_embeds_each_text_once_and_finds_its_issue(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        fill(store)
        embedder = Embedder()
        found = placed(Dossier.from_store(store, codebook=CODEBOOK, embedder=embedder))
        dossier = Dossier.from_store(store, codebook=CODEBOOK, embedder=embedder)
        dossier.rebuild()
        assert placed(dossier) == found
    assert {found[text] for text in OTHER_WORDS} == {"orchard"}
    assert len(embedder.texts) == len(set(embedder.texts)) > len(SAID)


def test_a_failing_server_leaves_what_words_decide(tmp_path: Path) -> None:
    with Store(tmp_path / "one.db") as one, Store(tmp_path / "other.db") as other:
        fill(one)
        fill(other)
        with pytest.raises(ServerFailed):
            Dossier.from_store(one, codebook=CODEBOOK, embedder=Embedder(fails=True))
        by_words = placed(Dossier.from_store(other, codebook=CODEBOOK))
        assert placed(Dossier.from_store(one)) == by_words
    assert by_words["The water mill should be restored by the parish."] == "mill"


def test_briefs_that_come_one_by_one_are_placed_alike(tmp_path: Path) -> None:
    with Store(tmp_path / "one.db") as one, Store(tmp_path / "other.db") as other:
        fill(one)
        at_once = placed(Dossier.from_store(one, codebook=CODEBOOK))
        for brief in one.briefs():
            other.add(brief)
            last = Dossier.from_store(other, codebook=CODEBOOK)
        assert placed(last) == at_once
