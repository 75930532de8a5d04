"""The support check finds statements that differ from their evidence, and leaves faithful ones alone."""

import importlib.util
import re
import tomllib
from importlib import resources
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summarizer import summarize
from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.verification import Claim, GroundingContext, check_support

HOLDER = "Ruth Berg"


def reason(evidence: str, statement: str, *, holder: str = HOLDER, sentences: tuple[int, ...] = (1,)) -> str:
    """Return why a statement is doubtful; empty if it is not."""
    reading = read(Article.from_text(evidence))
    result = check_support(Claim(statement, (holder,), sentences), GroundingContext(reading, analyse(reading)))
    assert (result.verdict, result.problem) == ("doubtful" if result.reason else "unflagged", "")
    return result.reason


@pytest.mark.parametrize(
    ("evidence", "statement", "flagged"),
    [
        ("Ruth Berg falsely said that the dam held.", "The dam held.", "The article says “falsely”"),
        ("“The dam holds,” said Ruth Berg. Unless it rains, that is.", "The dam holds.", "The evidence adds “unless"),
        ("“Nobody sleeps here,” said Ruth Berg. “Pumps run.”", "Nobody sleeps, pumps run.", ""),
        ("Ruth Berg said that the dam may burst.", "The dam will burst.", ""),
    ],
)
def test_verbatim_statement_lacks_only_a_correction_or_a_condition(evidence: str, statement: str, flagged: str) -> None:
    reading = read(Article.from_text(evidence))
    claim = Claim(statement, (HOLDER,), (1,), is_verbatim=True)
    found = check_support(claim, GroundingContext(reading, analyse(reading))).reason
    assert found[: len(flagged) or None] == flagged


DIFFERENT = [
    ("“The dam will not hold,” said Ruth Berg.", "The dam will hold.", "The evidence says “not”"),
    ("“The dam won’t hold,” said Ruth Berg.", "The dam will hold.", "The evidence says “not”"),
    ("Ruth Berg said that nobody warned the village.", "Somebody warned the village.", "The evidence says “nobody”"),
    ("Ruth Berg denied that the dam leaked.", "The dam leaks.", "The evidence says “denied”"),
    ("Ruth Berg said that the firm failed to warn them.", "The firm warned them.", "The evidence says “failed to”"),
    ("“We refused to clean the pump,” said Ruth Berg.", "They cleaned the pump.", "The evidence says “refused to”"),
    ("Ruth Berg said that the village has no pump.", "The village has a pump.", "The evidence says “no”"),
    ("“The dam will hold,” said Ruth Berg.", "The dam will never hold.", "The statement says “never”"),
    ("Ruth Berg said that the dam may burst.", "The dam will burst.", "The evidence says “may”"),
    ("“Perhaps the dam leaks,” said Ruth Berg.", "The dam leaks.", "The evidence says “perhaps”"),
    ("“The dam leaks,” said Ruth Berg.", "The dam possibly leaks.", "The statement says “possibly”"),
    ("“The town must repair the dam,” said Ruth Berg.", "The town repairs the dam.", "The evidence says “must”"),
    ("“The town repairs the dam,” said Ruth Berg.", "The town should repair the dam.", "The statement says “should”"),
    ("Ruth Berg said that most pumps leak.", "The pumps leak.", "The evidence says “most”"),
    ("Ruth Berg said that some of the pumps leak.", "All pumps leak.", "The statement says “all”"),
    ("“Only the north pump leaks,” said Ruth Berg.", "The north pump leaks.", "The evidence says “only”"),
    ("“I used to trust the dam,” said Ruth Berg.", "Berg trusts the dam.", "The evidence says “used to”"),
    ("“The dam was sound in the old days,” said Ruth Berg.", "The dam is sound.", "The evidence says “was sound”"),
    ("“Costs will rise in spring,” said Ruth Berg.", "Costs will fall in spring.", "The evidence says “rise”"),
    ("Ruth Berg spoke for the dam in May.", "Berg spoke against the dam in May.", "The evidence says “for”"),
    ("Ruth Berg welcomed the new pump.", "Berg criticised the new pump.", "The evidence says “welcomed”"),
    ("Ruth Berg said that it took 12 days.", "It took 12 weeks.", "The evidence has the figure 12 with another unit."),
    ("Ruth Berg said that it took 12 days.", "It took 120 days.", "The evidence does not have the figure 120."),
    ("Ruth Berg said costs rose from 4 euros.", "Costs rose to 4 euros.", "The evidence says “from 4”"),
    ("“I back the dam, unless it floods us,” said Ruth Berg.", "Berg backs the dam.", "The evidence adds “unless …”"),
    ("Ruth Berg falsely said that the dam leaked.", "The dam leaked.", "The article says “falsely” of it"),
    ("The dam is sound, Ruth Berg said. She later corrected that.", "The dam is sound.", "The article says “later"),
    ("“I think we have got to go,” said Ruth Berg.", "We probably have to go.", "The statement says “probably”"),
    ("“I loathe the new toll,” said Ruth Berg.", "The new toll is to be loathed.", "The statement says “is to be”"),
    ("“I am sick of the toll,” Ruth Berg said.", "The toll is no longer to be paid.", "The statement says “no longer"),
    ("“We don’t miss the ferry,” said Ruth Berg.", "People do not miss the ferry.", "The statement says “people”"),
    ("Ruth Berg suspected the valve was open.", "The valve was open.", "The evidence says “suspected”"),
    ("„Der Damm hält nicht“, sagte Ruth Berg.", "Der Damm hält.", "The evidence says “nicht”"),
    ("Ruth Berg sagte, die Kosten könnten steigen.", "Die Kosten steigen.", "The evidence says “könnten”"),
    ("Der Umbau könne teurer werden, sagte Ruth Berg.", "Der Umbau wird teurer.", "The evidence says “könne”"),
    ("« Le barrage ne tient pas », a dit Ruth Berg.", "Le barrage tient.", "The evidence says “ne”"),
]


@pytest.mark.parametrize(("evidence", "statement", "expected"), DIFFERENT)
def test_a_difference_is_told(evidence: str, statement: str, expected: str) -> None:
    assert reason(evidence, statement).startswith(expected)


FAITHFUL = [
    ("“The dam will not hold,” said Ruth Berg.", "The dam is not going to hold."),
    ("“The dam won’t hold,” said Ruth Berg.", "The dam will fail."),
    ("Ruth Berg said that the dam may burst.", "The dam could burst."),
    ("“Not only the dam leaks,” said Ruth Berg.", "The dam leaks."),
    ("Ruth Berg said in May that the dam leaks.", "The dam leaks."),
    ("“No doubt the dam leaks,” said Ruth Berg.", "The dam leaks."),
    ("“Do you not see that the dam leaks?” asked Ruth Berg.", "The dam leaks."),
    ("“The town must repair the dam,” said Ruth Berg.", "The town has to repair the dam."),
    ("“Repair the dam,” said Ruth Berg. “It is time to act.”", "The town should repair the dam."),
    ("“Nothing but a new dam helps,” said Ruth Berg.", "Only a new dam helps."),
    ("The pumps will not run in May, but the dam holds, said Ruth Berg.", "The dam holds."),
    ("“It is 5% dearer,” said Ruth Berg.", "It is 5 percent dearer."),
    ("“I back the dam, unless it floods us,” said Ruth Berg.", "Berg backs the dam if it does not flood them."),
    ("Ruth Berg does not want higher costs.", "Berg wants lower costs."),
    ("“I expect that we will have to go,” said Ruth Berg.", "We probably have to go."),
    ("“The toll must be scrapped,” said Ruth Berg.", "The toll is to be scrapped."),
    ("“The hall will open in May,” said Ruth Berg.", "The hall is to be opened in May."),
    ("“We are to lose the ferry,” said Ruth Berg.", "The ferry is to be lost."),
    ("“Nobody misses the ferry,” said Ruth Berg.", "People do not miss the ferry."),
    ("Ruth Berg suspected the valve was open.", "The valve may have been open."),
    ("Ruth Berg sagte, die Kosten könnten steigen.", "Die Kosten steigen vielleicht."),
    ("Der Umbau könne teurer werden, sagte Ruth Berg.", "Der Umbau kann teurer werden."),
    ("Die Stadt könne den Umbau nicht bezahlen, sagte Ruth Berg.", "Die Stadt hat kein Geld für den Umbau."),
    ("Ruth Berg powiedziała, że tama nie wytrzyma wiosennej powodzi.", "Tama wytrzyma."),  # without lists of words
]


@pytest.mark.parametrize(("evidence", "statement"), FAITHFUL)
def test_what_says_the_same_is_not_flagged(evidence: str, statement: str) -> None:
    assert not reason(evidence, statement)


def test_words_of_another_speaker_are_told() -> None:
    text = "Ruth Berg runs the dam. “The pumps are old,” said Karl Noe."
    assert reason(text, "The pumps are old.", sentences=(2,)) == "The article attributes these words to Karl Noe."
    assert not reason(text, "The pumps are old.", holder="Karl Noe", sentences=(2,))


def test_a_cause_that_joins_two_sentences_is_told() -> None:
    text = "“The pumps are old,” said Ruth Berg. “The village lost its harvest,” she said."
    fused = "The village lost its harvest because the pumps are old."
    assert reason(text, fused, sentences=(1, 2)) == "The statement says “because”; the evidence does not."
    assert not reason(text.replace("lost", "therefore lost"), fused, sentences=(1, 2))


def test_a_doubt_neither_rejects_nor_repairs() -> None:
    brief = summarize("“Perhaps the dam leaks,” said Ruth Berg.", model="builtin")
    assert [position.checks.support for position in brief.positions] == ["unflagged"]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    script = Path(__file__).parents[2] / "benchmarks" / "support.py"
    spec = importlib.util.spec_from_file_location("support_benchmark", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_most_corrupted_statements_are_found_without_a_false_alarm(benchmark: ModuleType) -> None:
    found = [(case.kind, bool(benchmark.find_by_rules(case))) for case in benchmark.load_cases()]
    corrupted = [is_found for kind, is_found in found if kind != benchmark.FAITHFUL]
    assert len(corrupted) == len(found) / 2 >= 60
    assert len({kind for kind, _ in found}) == 9
    assert sum(corrupted) / len(corrupted) > 0.9
    assert [kind for kind, is_found in found if is_found and kind == benchmark.FAITHFUL] == []


WORDS = st.sampled_from(
    "the dam may not leak must all only used_to some of pumps in May unless it never rises 5 percent more than 12 days "
    "because “ ” , . ? no cannot won’t falsely was sound is safe at least Ruth Berg said that nobody but".split()
)
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=15).map(" ".join), st.text(min_size=1, max_size=60))


@given(TEXTS)
@example("“The dam may burst”, May said.")
@example("No , May not")
def test_a_sentence_supports_itself(text: str) -> None:
    sentences = read(Article.from_text(f"{text.strip()}.")).sentences if text.strip(" .\n") else ()
    if len(sentences) == 1:
        assert not reason(f"{text.strip()}.", sentences[0].text, holder="")


@given(TEXTS, TEXTS, st.sampled_from(["en", "de", "fr", "pl"]))
def test_nothing_raises(evidence: str, statement: str, language: str) -> None:
    try:
        reading = read(Article.from_text(f"Ruth Berg: {evidence}", language=language))
    except ValueError:
        return
    numbers = tuple(sentence.number for sentence in reading.sentences)
    context = GroundingContext(reading, analyse(reading))
    assert check_support(Claim(statement, (HOLDER,), numbers), context).verdict in ("doubtful", "unflagged")


def test_each_mark_counts_as_said_in_the_same_way() -> None:
    data = tomllib.loads((resources.files("summarizer.verification") / "support.toml").read_text(encoding="utf-8"))
    for language, kinds in data.items():
        for name, kind in kinds.items():
            if isinstance(kind, dict):
                same = [word.replace("*", r"[\w'-]*").replace("_", " ") for word in kind["same"].split()]
                marks = re.sub(r"\(\?.*?\)", "", f"{kind.get('marks', '')} {kind.get('lost', '')}").split()
                known = re.compile(rf"(?<![\w'-])(?:{'|'.join(same)})(?![\w'-])")
                missing = [mark for mark in marks if not known.search(mark.replace("_", " "))]
                assert (language, name, missing) == (language, name, [])
