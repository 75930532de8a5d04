"""Articles are coded against a codebook: by a model, by the built-in engine, and through all that follows."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Brief, Codebook, ScriptedModel, Summarizer, summarize
from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.brief import ROW_FIELDS, Holder, brief_schema
from summarizer.engines import ExtractionContext, LLMEngine, first_request, load_prompts, split_into_chunks
from summarizer.engines.llm.consolidation import apply_groupings
from summarizer.engines.llm.parsing import GroupingReply, IssueGroup
from summarizer.merging import merge
from summarizer.merging.matching import match_given
from summarizer.testing import CallbackModel, replies_for, reply_for
from summarizer.verification import ExtractionReply, Findings, ground

TEXT = (
    "Council argues about the toll\n\n"
    "The toll on the bridge should rise, Mayor Grace Okafor said.\n\n"
    "The ferry must stay, Tomas Lind said. The toll is a disgrace, Ms Okafor’s rival Ines Marr said.\n"
)
ISSUES = [
    {"id": "toll", "proposition": "The toll should rise.", "aliases": ["a higher toll"], "notes": "The bridge only."},
    {"id": "ferry", "proposition": "The ferry should stay."},
]
HOLDERS = [{"id": "okafor", "name": "Grace A. Okafor", "kind": "person", "aliases": ["the mayor"]}]
OPEN = Codebook.model_validate({"issues": ISSUES, "holders": HOLDERS})
CLOSED = OPEN.model_copy(update={"closed": True})
READING = read(Article.from_text(TEXT))
ANALYSIS = analyse(READING)
NAMES = {"H1": "Grace Okafor", "H2": "Tomas Lind", "H3": "Ines Marr"}


def context(codebook: Codebook) -> ExtractionContext:
    return ExtractionContext(READING, ANALYSIS, codebook)


def reply(*issues: tuple[str, str], on: Sequence[str | None] = ("toll", "ferry", "toll")) -> dict[str, Any]:
    """Return a reply with these issues, and a position of each holder on the issues named."""
    return {
        "holders": [
            {"id": key, "name": name, "kind": "person", "role": None, "affiliation": None}
            for key, name in NAMES.items()
        ],
        "issues": [{"id": key, "proposition": words, "kind": "policy"} for key, words in issues],
        "positions": [
            {
                "sentences": [number],
                "holders": [f"H{number - 1}"],
                "reported_by": None,
                "statement": f"Statement {number}.".replace(str(number), "of them"),
                "issue": issue,
                "stance": "agrees",
                "certainty": "asserted",
            }
            for number, issue in enumerate(on, 2)
        ],
        "open_questions": [],
        "gist": None,
    }


def grounded(value: dict[str, Any], codebook: Codebook) -> Findings:
    return ground(ExtractionReply.model_validate(value), READING.sentences, context(codebook))


def brief_by_model(value: dict[str, Any], codebook: Codebook) -> Brief:
    return summarize(TEXT, model=ScriptedModel([json.dumps(value)]), issues=codebook, repairs=0)


# The request


def test_request_lists_the_codebook_after_the_instructions() -> None:
    (chunk,) = split_into_chunks(READING)
    prompts = load_prompts()
    plain, coded = (first_request(chunk, context(each), prompts) for each in (Codebook(), OPEN))
    assert coded.messages[1:] == plain.messages[1:]
    assert coded.messages[0].content.startswith(plain.messages[0].content)
    block = coded.messages[0].content.removeprefix(plain.messages[0].content)
    assert "- toll: The toll should rise. Also: a higher toll. Notes: The bridge only.\n" in block
    assert "- okafor: Grace A. Okafor. Also: the mayor." in block
    assert [prompt.name for prompt in coded.prompts] == ["extract", "codebook"]
    assert [prompt.name for prompt in plain.prompts] == ["extract"]


def test_request_says_whether_other_issues_are_allowed() -> None:
    (chunk,) = split_into_chunks(READING)
    one, other = (first_request(chunk, context(each), load_prompts()).messages[0].content for each in (OPEN, CLOSED))
    assert "are issues of your own" in one
    assert "`issues` is an empty list" in other


def test_provenance_names_the_prompt_only_if_there_is_a_codebook() -> None:
    model = ScriptedModel([])
    assert "codebook" not in [prompt.name for prompt in LLMEngine(model, load_prompts()).prompts]
    assert "codebook" in [prompt.name for prompt in LLMEngine(model, load_prompts(), codebook=OPEN).prompts]


def test_estimate_counts_the_codebook() -> None:
    model = ScriptedModel([])
    costs = [Summarizer(model=model, issues=issues).estimate(TEXT).likely.prompt for issues in (None, OPEN)]
    assert costs[0] + 100 < costs[1]


# The reply


def test_position_bears_on_a_given_issue_that_the_reply_does_not_list() -> None:
    brief = brief_by_model(reply(), OPEN)
    assert [(each.issue, each.stance) for each in brief.positions] == [
        ("toll", "agrees"),
        ("ferry", "agrees"),
        ("toll", "agrees"),
    ]
    assert [(each.id, each.proposition, each.given) for each in brief.issues] == [
        ("toll", "The toll should rise.", True),
        ("ferry", "The ferry should stay.", True),
    ]
    assert brief.rejected == ()


@pytest.mark.parametrize("words", ["TOLL", "Toll ", "The toll should rise.", "the toll should rise", "A higher toll"])
@pytest.mark.parametrize("codebook", [OPEN, CLOSED])
def test_position_can_name_a_given_issue_by_its_words(codebook: Codebook, words: str) -> None:
    brief = brief_by_model(reply(on=(words, None, "ferry")), codebook)
    assert [(each.issue, each.stance) for each in brief.positions][::2] == [("toll", "agrees"), ("ferry", "agrees")]
    assert brief.rejected == ()


def test_problem_with_an_issue_names_those_that_exist() -> None:
    (problem,) = grounded(reply(on=("tunnel", None, None)), CLOSED).problems
    assert problem.reason.startswith("there is no issue tunnel; use one of toll, ferry, or null")


def test_given_issue_without_a_position_is_left_out() -> None:
    assert [each.id for each in brief_by_model(reply(on=("toll", None, None)), OPEN).issues] == ["toll"]


def test_new_issue_stands_beside_given_ones() -> None:
    brief = brief_by_model(reply(("I7", "A second bridge is needed."), on=("I7", "ferry", "I7")), OPEN)
    assert [(each.id, each.given) for each in brief.issues] == [("I1", False), ("ferry", True)]
    assert [each.issue for each in brief.positions] == ["I1", "ferry", "I1"]


@pytest.mark.parametrize("codebook", [OPEN, CLOSED])
@pytest.mark.parametrize("words", ["the toll should rise", "A higher toll."])
def test_new_issue_in_the_words_of_a_given_one_is_that(words: str, codebook: Codebook) -> None:
    brief = brief_by_model(reply(("I1", words), on=("I1", None, "toll")), codebook)
    assert [each.issue for each in brief.positions] == ["toll", None, "toll"]
    assert [each.proposition for each in brief.issues] == ["The toll should rise."]
    assert brief.rejected == ()


def test_given_issue_that_the_reply_lists_in_other_words_keeps_its_own() -> None:
    brief = brief_by_model(reply(("toll", "The toll must fall."), on=("toll", None, None)), OPEN)
    assert [each.proposition for each in brief.issues] == ["The toll should rise."]


def test_closed_codebook_drops_a_new_issue_and_keeps_its_positions_without_one() -> None:
    brief = brief_by_model(reply(("I1", "A second bridge is needed."), on=("I1", "toll", "I1")), CLOSED)
    assert [(each.issue, each.stance) for each in brief.positions] == [
        (None, "unclear"),
        ("toll", "agrees"),
        (None, "unclear"),
    ]
    (rejected,) = brief.rejected
    assert (rejected.what, rejected.text) == ("issue", "A second bridge is needed.")
    assert "only the given issues are allowed" in rejected.reason


def test_new_issue_is_named_in_the_request_for_a_repair() -> None:
    model = ScriptedModel([json.dumps(reply(("I1", "A second bridge is needed."), on=("I1", None, None)))] * 2)
    summarize(TEXT, model=model, issues=CLOSED)
    assert "only the given issues are allowed" in model.requests[1].messages[-1].content


@pytest.mark.parametrize("name", ["Grace Okafor", "Okafor", "Mayor Grace Okafor"])
def test_holder_with_a_given_name_or_a_form_of_it_takes_the_given_id_and_name(name: str) -> None:
    value = reply()
    value["holders"][0]["name"] = name
    brief = brief_by_model(value, OPEN)
    assert [(each.id, each.name, each.given) for each in brief.holders] == [
        ("okafor", "Grace A. Okafor", True),
        ("H1", "Tomas Lind", False),
        ("H2", "Ines Marr", False),
    ]
    assert name in brief.holder("okafor").aliases
    assert brief.positions[0].holders == ("okafor",)


def test_two_holders_who_are_one_given_holder_are_joined() -> None:
    codebook = Codebook.model_validate(
        {"holders": [{"id": "council", "name": "Riverton council", "aliases": ["Tomas Lind", "Ines Marr"]}]}
    )
    brief = brief_by_model(reply(on=(None, None, None)), codebook)
    assert [each.id for each in brief.holders] == ["H1", "council"]
    assert [each.holders for each in brief.positions][1:] in ([("council",), ("council",)], [("council",)])


def test_name_that_may_mean_two_given_holders_takes_neither_id() -> None:
    codebook = Codebook.model_validate(
        {"holders": [{"id": "a", "name": "Anna Okafor"}, {"id": "b", "name": "Ben Okafor"}]}
    )
    value = reply()
    value["holders"][0]["name"] = "Okafor"
    assert not any(each.given for each in brief_by_model(reply(on=(None, None, None)), codebook).holders)


def test_id_of_a_given_holder_without_the_name_is_not_enough() -> None:
    value = reply(on=(None, None, None))
    value["holders"][1]["id"] = value["positions"][1]["holders"][0] = "okafor"
    brief = brief_by_model(value, OPEN)
    assert {each.id: each.name for each in brief.holders} == {
        "okafor": "Grace A. Okafor",
        "H1": "Tomas Lind",
        "H2": "Ines Marr",
    }
    assert brief.positions[1].holders == ("H1",)


# Several chunks


def test_given_ids_are_kept_when_chunks_are_merged() -> None:
    chunks = [
        grounded(reply(("I1", "A second bridge is needed."), on=on), OPEN)
        for on in (("toll", "I1", None), ("ferry", "toll", "I1"))
    ]
    merged = merge(chunks, OPEN)
    assert {each.id for each in merged.issues} == {"toll", "ferry", "I1"}
    assert {each.id for each in merged.holders} == {"okafor", "H1", "H2"}


def grouping(*groups: tuple[str, Sequence[str], Sequence[str]]) -> GroupingReply:
    issues = tuple(IssueGroup(keep=keep, same=tuple(same), opposite=tuple(opposite)) for keep, same, opposite in groups)
    return GroupingReply(issues=issues, positions=(), open_questions=())


@pytest.mark.parametrize(
    ("groups", "sides"),
    [
        ([("toll", ["I1"], []), ("ferry", [], [])], ["toll agrees", "toll agrees", "ferry agrees"]),
        ([("I1", ["toll"], []), ("ferry", [], [])], ["toll agrees", "toll agrees", "ferry agrees"]),
        ([("I1", [], ["toll"]), ("ferry", [], [])], ["toll disagrees", "toll agrees", "ferry agrees"]),
        ([("toll", ["ferry"], ["I1"])], ["toll disagrees", "toll agrees", "ferry agrees"]),
        ([("I1", ["ferry", "toll"], [])], ["ferry agrees", "toll agrees", "ferry agrees"]),
    ],
)
def test_given_issues_are_neither_joined_nor_reworded(groups: Any, sides: list[str]) -> None:
    findings = merge([grounded(reply(("I1", "A second bridge is needed."), on=("I1", "toll", "ferry")), OPEN)], OPEN)
    found = apply_groupings(findings, [grouping(*groups)])
    assert {each.proposition for each in found.issues} == {"The toll should rise.", "The ferry should stay."}
    assert [f"{each.issue} {each.stance}" for each in found.positions] == sides


def test_model_is_not_asked_to_group_given_issues_alone() -> None:
    text = TEXT + "\n" + "\n\n".join(f"It rained for {number} days on the bridge." for number in range(2, 60))
    model = CallbackModel(replies_for(text, issues=CLOSED))
    summarize(text, model=model, issues=CLOSED, chunk_tokens=200)
    lists = [request.messages[-1].content for request in model.requests if request.schema_name == "group"]
    assert not any("toll (policy)" in each for each in lists)


IDS = st.sampled_from(["toll", "ferry", "okafor", "0.1", "0-I1", "h1", "I1x"])
WORDS = st.sampled_from(["The toll should rise.", "The ferry should stay.", "A second bridge is needed.", "Rain fell."])


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    ids = draw(st.lists(IDS, min_size=1, unique=True))
    words = draw(st.lists(WORDS, min_size=1, unique=True))
    names = draw(st.lists(st.sampled_from(["Grace Okafor", "Ms Okafor", "Lind", "Anna Marr"]), unique=True))
    issues = [{"id": key, "proposition": proposition} for key, proposition in zip(ids, words, strict=False)]
    holders = [{"id": key, "name": name} for key, name in zip(ids[len(issues) :], names, strict=False)]
    return Codebook.model_validate({"issues": issues, "holders": holders, "closed": draw(st.booleans())})


@st.composite
def replies(draw: st.DrawFn) -> dict[str, Any]:
    keys = IDS | st.sampled_from(["I1", "I2", "0/I1", "H1", ""])
    value = reply(*draw(st.lists(st.tuples(keys, WORDS), max_size=4)), on=draw(st.tuples(*[st.none() | keys] * 3)))
    for holder, position, key in zip(value["holders"], value["positions"], draw(st.tuples(*[keys] * 3)), strict=True):
        holder["id"], position["holders"] = key, [key, draw(keys)]
    return value


@given(codebooks(), st.lists(replies(), min_size=1, max_size=3), st.data())
def test_ids_are_unique_given_ids_are_kept_and_references_resolve(
    codebook: Codebook, values: list[dict[str, Any]], data: st.DataObject
) -> None:
    chunks = []
    for value in values:
        try:
            chunks.append(grounded(value, codebook))
        except ValueError:  # an empty id is no reply
            continue
    findings = merge(chunks, codebook)
    ids = [each.id for each in findings.issues]
    groups = [] if not ids else [(data.draw(st.sampled_from(ids)), data.draw(st.lists(st.sampled_from(ids))), ())]
    groups = [(keep, [name for name in same if name != keep], ()) for keep, same, _ in groups]
    for found in (findings, apply_groupings(findings, [grouping(*groups)])):
        every = [each.id for each in (*found.issues, *found.holders, *found.claims)]
        assert len(every) == len(set(every))
        given_words = {entry.id: entry.proposition for entry in codebook.issues}
        assert all(each.given == (each.id in given_words) for each in found.issues)
        assert all(each.proposition == given_words[each.id] for each in found.issues if each.given)
        given_names = {entry.id: entry.name for entry in codebook.holders}
        assert all(each.name == given_names.get(each.id) for each in found.holders if each.given)
        assert all(each.given == (each.id in given_names) for each in found.holders)
        assert {each.issue for each in found.positions} - {None} <= {each.id for each in found.issues}
        assert {name for each in found.positions for name in each.holders} <= {each.id for each in found.holders}
        assert all(each.given for each in found.issues) or not codebook.closed


# The built-in engine


def builtin(text: str, codebook: Codebook = OPEN) -> Brief:
    return summarize(text, model="builtin", issues=codebook)


@pytest.mark.parametrize(
    ("proposition", "aliases", "statement", "side"),
    [
        ("The toll should be abolished.", [], "opposes the toll", "toll agrees"),
        ("The toll should be abolished.", [], "supports the toll", "toll disagrees"),
        ("The council should abolish the toll.", [], "opposes the toll", "toll agrees"),
        ("The toll should go.", [], "said the toll was a mistake", "toll agrees"),
        ("The toll is right.", [], "said the toll was a mistake", "toll disagrees"),
        ("The toll hurts small shops.", [], "said that the toll hurts small shops", "toll agrees"),
        ("The toll hurts small shops.", [], "said that the toll does not hurt small shops", "toll disagrees"),
        ("The bridge toll should rise.", [], "said the bridge needed a new toll", "toll unclear"),
        ("The bridge toll should not rise.", [], "opposes the bridge toll", "toll unclear"),
        ("The fee should rise.", ["bridge toll"], "said the bridge needed a toll", "toll unclear"),
        ("The fee should rise.", ["bridge toll"], "said the bridge needed paint", "None unclear"),
        ("The toll on ferries should rise.", [], "said that the toll was collected at night", "None unclear"),
    ],
)
def test_position_bears_on_an_issue_whose_words_it_has(
    proposition: str, aliases: list[str], statement: str, side: str
) -> None:
    entry = {"id": "toll", "proposition": proposition, "aliases": aliases}
    text = f"News from Riverton\n\nRain fell on Monday. Anna Berg {statement}.\n"
    (position,) = builtin(text, Codebook.model_validate({"issues": [entry], "closed": True})).positions
    assert f"{position.issue} {position.stance}" == side


RAISE, HURTS, RIGHT = "The toll should be raised.", "The toll hurts small shops.", "The toll is right."


@pytest.mark.parametrize(
    ("proposition", "statement", "stance"),
    [
        (RAISE, "The toll should be raised, Ann Berg said.", "agrees"),
        (RAISE, "The toll should not be raised, Ann Berg said.", "disagrees"),
        (RAISE, "The toll must never be raised, Ann Berg said.", "disagrees"),
        (RAISE, "Ann Berg opposes raising the toll.", "disagrees"),
        (RAISE, "The toll must be raised only if the bridge is repaired, Ann Berg said.", "mixed"),
        (RAISE, "Ann Berg said that it is not true that the toll should be raised.", "unclear"),
        (RAISE, "It is a myth that the toll should be raised, Ann Berg said.", "unclear"),
        (RAISE, "It is wrong that the toll should be raised, Ann Berg said.", "unclear"),
        (RAISE, "I do not believe that the toll should be raised, Ann Berg said.", "unclear"),
        (RAISE, "The toll should be raised by nobody, Ann Berg said.", "unclear"),
        (RAISE, "The toll should hardly be raised, Ann Berg said.", "unclear"),
        (RAISE, "“The toll should be raised” is what fools say, Ann Berg said.", "unclear"),
        (RAISE, "Ann Berg used to think the toll should be raised.", "unclear"),
        (RAISE, "Ann Berg said that critics claim the toll should be raised.", "unclear"),
        (RAISE, "We should raise the toll, but not now, Ann Berg said.", "unclear"),
        (RAISE, "If traffic grows, the toll should be raised, Ann Berg said.", "unclear"),
        (RAISE, "The idea that the toll should be raised is absurd, Ann Berg said.", "unclear"),
        (HURTS, "The toll hurts small shops in theory, Ann Berg said.", "unclear"),
        (RAISE, "Perhaps the toll should be raised, Ann Berg said.", "unclear"),
        (HURTS, "The toll hurts small shops, Ann Berg said.", "agrees"),
        (HURTS, "The toll does not hurt small shops, Ann Berg said.", "disagrees"),
        (HURTS, "Ann Berg doubts that the toll hurts small shops.", "disagrees"),
        (HURTS, "Ann Berg said that it is false that the toll hurts small shops.", "unclear"),
        (HURTS, "That the toll hurts small shops is a myth, Ann Berg said.", "unclear"),
        (HURTS, "The toll hardly hurts small shops, Ann Berg said.", "unclear"),
        (HURTS, "The toll may hurt small shops, Ann Berg said.", "unclear"),
        (HURTS, "The toll helps small shops, Ann Berg said.", "unclear"),
        (HURTS, "If the toll hurts small shops, we will lower it, Ann Berg said.", "unclear"),
        (HURTS, "Small shops hurt the toll, Ann Berg said.", "unclear"),
        (RIGHT, "The toll is not right, Ann Berg said.", "disagrees"),
        (RIGHT, "The toll is right only for lorries, Ann Berg said.", "unclear"),
        (RIGHT, "Critics say the toll is wrong, but they are mistaken, Ann Berg said.", "unclear"),
        ("The toll deserves support.", "The toll deserves no support, Ann Berg said.", "unclear"),
        ("Higher tolls for small lorries", "Higher tolls for small lorries are a disgrace, Ann Berg said.", "unclear"),
    ],
)
def test_only_a_plain_statement_takes_a_stance(proposition: str, statement: str, stance: str) -> None:
    text = f"Council debates the toll\n\nThe council met on Monday. {statement}\n"
    codebook = Codebook.model_validate({"issues": [{"id": "toll", "proposition": proposition}], "closed": True})
    (position,) = builtin(text, codebook).positions
    assert (position.issue, position.stance) == ("toll", stance)


@pytest.mark.parametrize(
    ("proposition", "statement"),
    [
        ("Die Maut soll erhöht werden.", "Die Maut soll erhöht werden, sagte Anna Berg."),
        ("Die Maut soll erhöht werden.", "Die Maut darf nicht erhöht werden, sagte Anna Berg."),
        ("Die Maut soll erhöht werden.", "„Die Maut soll auf keinen Fall erhöht werden“, sagte Anna Berg."),
        ("Die Schule sollte geschlossen werden.", "Die Schule sollte nie geschlossen werden, sagte Anna Berg."),
    ],
)
def test_built_in_engine_takes_no_stance_in_german(proposition: str, statement: str) -> None:
    codebook = Codebook.model_validate({"issues": [{"id": "x", "proposition": proposition}], "closed": True})
    (position,) = builtin(f"Riverton\n\nDer Stadtrat tagte am Montag. {statement}\n", codebook).positions
    assert (position.issue, position.stance) == ("x", "unclear")


@pytest.mark.parametrize(
    ("article", "holders"),
    [
        ("Peter Lind met Tomas Lind on Monday. The toll must go down, Lind said.", {"H1"}),
        ("Peter Lind came on Monday. The toll must go down, Lind said.", {"peter"}),
        ("Peter Lind met Tomas Lind on Monday. The toll must go down, Tomas Lind said.", {"tomas"}),
    ],
)
def test_surname_of_two_given_holders_matches_neither(article: str, holders: set[str]) -> None:
    given_holders = [{"id": "peter", "name": "Peter Lind"}, {"id": "tomas", "name": "Tomas Lind"}]
    brief = builtin(f"Toll divides Riverton\n\n{article}\n", Codebook.model_validate({"holders": given_holders}))
    assert {name for each in brief.positions for name in each.holders} == holders


@pytest.mark.parametrize(("title", "issue"), [("Anger at the toll", "toll"), ("Anger in Riverton", None)])
def test_noun_of_a_proposition_is_enough_if_the_headline_has_it(title: str, issue: str | None) -> None:
    entry = {"id": "toll", "proposition": "The toll on the bridge should be raised."}
    text = f"{title}\n\nRain fell on Monday. Anna Berg said that the toll divides the valley.\n"
    (position,) = builtin(text, Codebook.model_validate({"issues": [entry]})).positions
    assert (position.issue, position.stance) == (issue, "unclear")


def test_plan_means_the_given_issue_that_the_article_is_about() -> None:
    text = "Council votes on whether to raise the dam by six metres\n\nThe growers’ union opposes the plan.\n"
    entry = {"id": "dam", "proposition": "The dam should be raised by six metres."}
    (position,) = builtin(text, Codebook.model_validate({"issues": [entry], "closed": True})).positions
    assert (position.issue, position.stance) == ("dam", "disagrees")


def test_found_issue_about_the_same_thing_becomes_the_given_one() -> None:
    text = (
        "Council votes on whether to close the library\n\n"
        "Anna Berg opposes the closure. Tomas Lind said the library must close. It must go, Ines Marr said.\n"
    )
    entry = {"id": "lib", "proposition": "The library should stay open.", "aliases": ["library"]}
    keep = Codebook.model_validate({"issues": [{**entry, "proposition": "The library should be kept."}]})
    brief = builtin(text, keep)
    assert [each.id for each in brief.issues] == ["lib"]
    assert [each.stance for each in brief.positions][:2] == ["agrees", "disagrees"]


def test_side_on_another_demand_is_no_side_on_the_given_one() -> None:
    text = "Council votes on whether to abolish the old bridge toll\n\nAnna Berg opposes the old bridge toll.\n"
    entry = {"id": "rise", "proposition": "The old bridge toll should be raised."}
    (position,) = builtin(text, Codebook.model_validate({"issues": [entry]})).positions
    assert (position.issue, position.stance) == ("rise", "unclear")


def test_closed_codebook_leaves_no_issue_of_the_engine() -> None:
    text = "Council votes on whether to close the library\n\nAnna Berg opposes the closure of the library.\n"
    assert [each.id for each in builtin(text, Codebook()).issues] == ["I1"]
    assert builtin(text, CLOSED).issues == ()


def test_built_in_holder_takes_the_given_id() -> None:
    assert builtin(TEXT).holder("okafor").name == "Grace A. Okafor"


def test_pronoun_takes_no_side_on_an_issue_that_the_article_does_not_name(seeds: Path) -> None:
    entry = {"id": "tram", "proposition": "The tram should be taken out of Lantern Street."}
    brief = summarize(
        seeds / "bridge-toll-paper.pdf", model="builtin", issues=Codebook.model_validate({"issues": [entry]})
    )
    assert not any(each.issue == "tram" for each in brief.positions)


# What follows


def test_rows_and_json_have_the_ids(tmp_path: Path) -> None:
    brief = brief_by_model(reply(on=("toll", None, "ferry")), OPEN)
    assert [row["issue_id"] for row in brief.rows()] == ["toll", None, "ferry"]
    assert brief.rows()[0]["issue"] == "The toll should rise."
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        csv.DictWriter(file, ROW_FIELDS).writerows(brief.rows())
    assert Brief.from_json(brief.model_dump_json()) == brief
    assert "given" in brief_schema()["$defs"]["Issue"]["properties"]


def test_other_codebook_makes_a_new_brief(tmp_path: Path) -> None:
    model = CallbackModel(lambda _: json.dumps(reply(on=(None, None, None))))
    requests = []
    for issues in (OPEN, OPEN, CLOSED, None, None):
        summarize(TEXT, model=model, issues=issues, store=tmp_path / "briefs.db")
        requests.append(len(model.requests))
    assert requests == [1, 1, 2, 3, 3]


def test_other_codebook_makes_a_new_brief_of_the_built_in_engine(tmp_path: Path) -> None:
    briefs = [summarize(TEXT, model="builtin", issues=each, store=tmp_path / "b.db") for each in (OPEN, None)]
    assert [any(issue.given for issue in brief.issues) for brief in briefs] == [True, False]


@pytest.mark.parametrize("codebook", [OPEN, CLOSED])
def test_replies_for_tests_take_stances_on_given_issues(codebook: Codebook) -> None:
    model = CallbackModel(replies_for(TEXT, issues=codebook))
    brief = summarize(TEXT, model=model, issues=codebook)
    assert {each.issue for each in brief.positions} >= {"toll", "ferry"}
    assert brief.rejected == ()
    assert len(model.requests) == 1


def test_reply_for_a_test_takes_a_given_issue_by_id() -> None:
    made = reply_for(TEXT, [("Tomas Lind", "The ferry must stay", "agrees")], issue="ferry", issues=CLOSED)
    assert (made.issues, made.positions[0].issue) == ((), "ferry")


MAYOR = Codebook.model_validate(
    {
        "issues": [{"id": "ferry", "proposition": "The ferry should stay."}],
        "holders": [{"id": "okafor", "name": "Grace Okafor", "kind": "person", "aliases": ["the mayor", "Gracie"]}],
    }
)


@pytest.mark.parametrize(
    ("name", "aliases", "is_given"),
    [
        ("Ann Day", ["the mayor"], False),
        ("Ann Day", ["Gracie", "the mayor"], False),
        ("the mayor", [], True),
        ("Mayor Okafor", ["the mayor"], True),
        ("Grace Okafor", ["the mayor"], True),
        ("G. Okafor", ["the mayor"], True),
        ("the head of the council", ["the mayor"], True),
    ],
)
def test_an_office_in_the_codebook_does_not_rename_somebody_else(name: str, aliases: list[str], is_given: bool) -> None:
    holder = Holder(id="H1", name=name, kind="person", aliases=tuple(aliases))
    assert bool(match_given([holder], MAYOR.holders)) == is_given


def test_somebody_whom_an_article_calls_mayor_keeps_name_and_statements() -> None:
    text = "The ferry\n\nThe mayor said that the ferry should stay. Ann Day said that the library should close."
    brief = summarize(text, model="builtin", issues=MAYOR)
    (found,) = [each for each in brief.positions if each.statement == "The library should close."]
    assert [brief.holder(holder).name for holder in found.holders] == ["Ann Day"]
