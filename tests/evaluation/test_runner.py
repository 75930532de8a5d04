"""Evaluations: runs, the report, gates, and the comparison with an earlier run."""

import json
import sys
from pathlib import Path

import pytest

from summarizer import Prices, aevaluate, evaluate
from summarizer.brief import Stance
from summarizer.errors import AuthenticationFailed, ConfigurationError, ServerFailed
from summarizer.evaluation import MEASURES, Report, gold_from_brief, load_gold, read_report
from summarizer.models import Request
from summarizer.outcome import Outcome
from summarizer.testing import CallbackModel, reply_for

GOLD = Path(__file__).parent / "gold"
KILN_POSITIONS = [
    ("Ines Vogt", "The kiln must be replaced", "agrees"),
    ("Dario Pell", "An electric kiln would ruin his glazes", "agrees"),
]
ORCHARD_POSITIONS = [("Petra Lund", "We will plant two hundred trees", "agrees")]


def answer(request: Request) -> object:
    """Reply with two positions on the kiln, of which one has the wrong stance, or with one on the orchard."""
    if "apprentices" in request.messages[-1].content:
        return reply_for(
            GOLD / "kiln.txt", KILN_POSITIONS, issue="The gas kiln should go.", questions=["Who will teach"]
        )
    return reply_for(GOLD / "orchard.txt", ORCHARD_POSITIONS, issue="The trees should be planted.", questions=())


@pytest.fixture
def model() -> CallbackModel:
    return CallbackModel(answer, name="small")


def test_report_counts_what_a_model_found(model: CallbackModel) -> None:
    report = evaluate(GOLD, model=model)
    assert report.tallies["positions"].model_dump() == {"right": 3, "found": 3, "gold": 6}
    assert report.tallies["holders"].model_dump() == {"right": 3, "found": 3, "gold": 6}
    assert report.tallies["questions"].model_dump() == {"right": 1, "found": 1, "gold": 1}
    assert report.measures["positions_f1"].value == pytest.approx(2 / 3)
    assert report.measures["positions_recall"].low is not None
    assert (report.engine, report.model, report.name) == ("model", "small", "small")
    assert [prompt.name for prompt in report.prompts][:1] == ["extract"]
    assert report.support == {"unflagged": 3}


def test_stances_are_scored_for_each_issue(model: CallbackModel) -> None:
    report = evaluate(GOLD, model=model)
    (issue,) = report.issues
    assert (issue.id, issue.articles) == ("kiln", 1)
    assert issue.tallies["stances"].model_dump() == {"right": 1, "found": 2, "gold": 2}
    assert issue.tallies["positions"].model_dump() == {"right": 2, "found": 2, "gold": 2}
    assert issue.measures["stances_accuracy"].value == report.measures["stances_accuracy"].value == 0.5


@pytest.mark.parametrize(
    ("issue", "stances", "accuracy"),
    [
        ("The gas kiln should be replaced.", ("agrees", "disagrees"), 1),
        ("The gas kiln should not be replaced.", ("disagrees", "agrees"), 1),
        ("The gas kiln should not be replaced.", ("agrees", "disagrees"), 0),
        ("The glazes are ugly.", ("agrees", "disagrees"), 0),
    ],
)
def test_stances_are_compared_on_the_same_issue_or_its_negation(
    issue: str, stances: tuple[Stance, Stance], accuracy: float
) -> None:
    positions = [(*each[:2], stance) for each, stance in zip(KILN_POSITIONS, stances, strict=True)]
    model = CallbackModel(lambda _: reply_for(GOLD / "kiln.txt", positions, issue=issue))
    assert evaluate(GOLD / "kiln.yaml", model=model).measures["stances_accuracy"].value == accuracy


def test_rows_have_every_position_with_both_sides(model: CallbackModel) -> None:
    rows = evaluate(GOLD / "kiln.yaml", model=model).rows()
    assert [row["status"] for row in rows] == ["found", "found", "missed"]
    assert (rows[1]["holders"], rows[1]["stance"], rows[1]["found_stance"]) == ("Dario Pell", "disagrees", "agrees")
    assert (rows[1]["found_sentences"], rows[1]["speaker_sentences"]) == ((5, 6), (5,))
    assert rows[2]["found_statement"] is None


def test_built_in_engine_is_evaluated_without_a_model() -> None:
    report = evaluate(GOLD, model="builtin")
    assert report.tallies["positions"].gold == 6
    assert report.tallies["positions"].right >= 4
    assert report.usage.total == 0


async def test_asynchronous_call_gives_the_same_measures(model: CallbackModel) -> None:
    report = await aevaluate(load_gold(GOLD), model=model)
    assert report.measures == evaluate(GOLD, model=CallbackModel(answer, name="small")).measures


def test_model_is_not_asked_twice_with_a_store(model: CallbackModel, tmp_path: Path) -> None:
    first = evaluate(GOLD, model=model, store=tmp_path / "briefs.db")
    second = evaluate(GOLD, model=model, store=tmp_path / "briefs.db")
    assert len(model.requests) == 2
    assert second.measures == first.measures
    assert (second.spent.total, second.usage) == (0, first.usage)


def test_cost_is_that_of_the_tokens() -> None:
    report = evaluate(GOLD, model="builtin", prices=Prices(1.0, 2.0))
    assert report.cost == 0
    assert evaluate(GOLD, model="builtin").cost is None


def test_outcomes_are_reported_as_they_are_ready(model: CallbackModel) -> None:
    seen: list[tuple[str, str, int]] = []

    def note(outcome: Outcome, name: str, total: int) -> None:
        seen.append((outcome.status, Path(name).name, total))

    evaluate(GOLD, model=model, on_outcome=note)
    assert sorted(seen) == [("done", "kiln.yaml", 2), ("done", "orchard.json", 2)]


def test_article_without_a_brief_is_named_and_in_no_rate() -> None:
    def fail(request: Request) -> object:
        if "apprentices" in request.messages[-1].content:
            raise ServerFailed("The server broke.")
        return answer(request)

    report = evaluate(GOLD, model=CallbackModel(fail))
    assert [article.title for article in report.failed] == ["Potters split over the gas kiln"]
    assert report.tallies["positions"].gold == 3
    assert "**No brief:** The server broke." in report.to_markdown()


def test_article_whose_format_needs_an_extra_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mammoth", None)
    seeds = GOLD.parents[2] / "seeds" / "gold"
    every = [*load_gold(seeds / "ferry-letter.docx.yaml"), *load_gold(seeds / "reservoir-brief.txt.yaml")]
    report = evaluate(every, model="builtin")
    assert [each.scored for each in report.articles] == [False, True]
    assert "pip install 'articlebrief[docx]'" in (report.articles[0].error or "")


def test_failed_article_of_a_store_is_tried_again(model: CallbackModel, tmp_path: Path) -> None:
    broken = CallbackModel(
        lambda request: answer(request) if "apprentices" in request.messages[-1].content else "no JSON", name="small"
    )
    assert len(evaluate(GOLD, model=broken, store=tmp_path / "briefs.db").failed) == 1
    assert evaluate(GOLD, model=model, store=tmp_path / "briefs.db").failed == ()
    assert all("apprentices" not in request.messages[-1].content for request in model.requests)


def test_run_without_an_article_of_the_earlier_one_has_no_comparison(model: CallbackModel) -> None:
    earlier = evaluate(GOLD / "kiln.yaml", model=model)
    broken = CallbackModel(lambda request: "" if "apprentices" in request.messages[-1].content else answer(request))
    assert evaluate(GOLD, model=broken, against=earlier).comparison is None


@pytest.mark.parametrize("failing", ["apprentices", "hundred trees"])
def test_report_names_the_verifier_and_the_articles_that_it_did_not_check(model: CallbackModel, failing: str) -> None:
    def check(request: Request) -> object:
        if failing in request.messages[-1].content:
            raise ServerFailed("The checker broke.")
        return {"right": [1, 2] if failing == "hundred trees" else [1], "wrong": []}

    report = evaluate(GOLD, model=model, verify=CallbackModel(check, name="large"))
    assert report.verified_by == "large"
    assert report.unchecked == "1 of 2 articles were not checked, or not in full: The checker broke."
    assert report.unchecked in report.to_markdown()
    assert report.unchecked in report.to_html()


def test_report_names_no_verifier_that_never_answered(model: CallbackModel) -> None:
    report = evaluate(GOLD, model=model, verify=CallbackModel(lambda _: "no JSON", name="large"))
    assert report.verified_by is None
    assert report.unchecked.startswith("2 of 2 articles were not checked")
    assert "support checked by" not in report.to_markdown()


def test_verdicts_that_a_model_leaves_out_are_counted(model: CallbackModel) -> None:
    report = evaluate(GOLD, model=model, verify=CallbackModel(lambda _: {"right": [1], "wrong": []}, name="large"))
    assert report.unchecked == (
        "1 of 2 articles were not checked, or not in full: "
        "The model gave no verdict on 1 of 2 statements from sentences 1 to 10."
    )


def test_report_without_a_verifier_says_nothing_of_it(model: CallbackModel) -> None:
    report = evaluate(GOLD, model=model)
    assert (report.verified_by, report.unchecked) == (None, "")
    assert "not checked" not in report.to_markdown() + report.to_html()


def test_error_of_every_article_is_raised() -> None:
    def fail(_: Request) -> object:
        raise ServerFailed("The server broke.")

    with pytest.raises(ServerFailed, match="The server broke"):
        evaluate(GOLD, model=CallbackModel(fail))


def test_error_that_affects_every_article_ends_the_run() -> None:
    def refuse(_: Request) -> object:
        raise AuthenticationFailed("The key is wrong.")

    with pytest.raises(AuthenticationFailed):
        evaluate(GOLD, model=CallbackModel(refuse))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fail_under": {"F2": 0.5}}, "There is no measure F2"),
        ({"fail_under": {"F1": 60}}, "The gate of F1 cannot be 60"),
        ({"fail_under": {"F1": "0.5"}}, "The gate of F1 cannot be '0.5'"),
        ({"fail_under": {1: 0.5}}, "There is no measure 1"),
        ({"fail_under": 0.5}, "Gates cannot be 0.5"),
        ({"gold": 5}, "gold cannot be 5"),
        ({"gold": ["kiln.yaml"]}, "gold cannot be 'kiln.yaml'"),
        ({"against": 5}, "against cannot be 5"),
        ({"prices": 5}, "prices cannot be 5"),
        ({"against": GOLD / "kiln.txt"}, "kiln.txt: Not a report of an evaluation"),
        ({"against": GOLD / "missing.json"}, "missing.json cannot be read"),
        ({"chunk_tokens": 0}, "chunk_tokens must be at least 1"),
    ],
)
def test_mistake_in_an_option_is_found_before_a_model_is_asked(
    model: CallbackModel, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        evaluate(**{"gold": GOLD, "model": model, **options})  # type: ignore[arg-type]
    assert model.requests == []


def test_other_text_than_that_of_gold_is_found_before_a_model_is_asked(model: CallbackModel) -> None:
    (gold,) = load_gold(GOLD / "kiln.yaml")
    changed = gold.model_copy(update={"article": str(GOLD / "orchard.txt")})
    with pytest.raises(ConfigurationError, match="the article's text has changed"):
        evaluate(changed, model=model)
    assert model.requests == []


def test_two_gold_files_of_one_article_are_an_error() -> None:
    with pytest.raises(ConfigurationError, match="are gold of the same article"):
        evaluate([*load_gold(GOLD), *load_gold(GOLD / "kiln.yaml")], model="builtin")


def test_no_gold_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="There is no gold"):
        evaluate([], model="builtin")


def test_gates_pass_at_their_value_and_fail_below_it(model: CallbackModel) -> None:
    report = evaluate(GOLD, model=model, fail_under={"recall": 0.5, "stances_accuracy": 0.6})
    assert not report.passes()
    assert report.below() == {"stances_accuracy": 0.6}
    assert report.passes({"Recall": 0.5, "questions_f1": 1, "Stances": 0.5})
    assert report.below({"alpha": 0.9, "accuracy": 0.9}) == {"stances_alpha": 0.9, "stances_accuracy": 0.9}
    assert "stances\\_accuracy: 0.500, at least 0.600: **not reached**" in report.to_markdown()


def test_gate_of_a_measure_without_a_value_fails(model: CallbackModel) -> None:
    report = evaluate(GOLD / "orchard.json", model=model)
    assert report.measures["stances_alpha"].value is None
    assert not report.passes({"stances_alpha": 0.0})


def test_counts_of_one_are_singular(model: CallbackModel) -> None:
    (orchard,) = load_gold(GOLD / "orchard.json")
    one = orchard.model_copy(update={"article": str(GOLD / "orchard.txt"), "positions": orchard.positions[:1]})
    earlier = evaluate(one, model=model)
    text = evaluate(one, model=model, against=earlier).to_markdown()
    assert "of 1 position found, " in text
    assert "Articles in both runs: 1." in text


def test_report_round_trips_through_json(model: CallbackModel, tmp_path: Path) -> None:
    report = evaluate(GOLD, model=model, fail_under={"F1": 0.2})
    path = tmp_path / "run.json"
    path.write_text(report.to_json(), encoding="utf-8")
    assert read_report(path) == report
    newer = json.loads(report.to_json()) | {"added_later": 1}
    assert Report.from_json(json.dumps(newer)) == report


def test_comparison_pairs_the_articles_of_two_runs(model: CallbackModel) -> None:
    earlier = evaluate(
        GOLD, model=CallbackModel(lambda _: reply_for(GOLD / "kiln.txt", KILN_POSITIONS[:1]), name="old")
    )
    comparison = evaluate(GOLD, model=model, against=earlier).comparison
    assert comparison is not None
    assert (comparison.model, comparison.articles, comparison.left_out) == ("old", 2, 0)
    recall = comparison.measures["positions_recall"]
    assert recall.after == 0.5
    assert recall.change.value == pytest.approx(0.5 - (recall.before or 0))
    assert recall.better + recall.worse + recall.same == 2


def test_run_compared_with_itself_has_no_difference(model: CallbackModel) -> None:
    report = evaluate(GOLD, model=model)
    again = evaluate(GOLD, model=CallbackModel(answer, name="small"), against=report)
    assert again.comparison is not None
    assert again.comparison.measures.keys() == MEASURES.keys()
    for found in again.comparison.measures.values():
        assert (found.better, found.worse) == (0, 0)
        assert {found.change.value, found.change.low, found.change.high} <= {0, None}


def test_articles_with_other_gold_are_left_out_of_the_comparison(model: CallbackModel) -> None:
    kiln, orchard = load_gold(GOLD)
    earlier = evaluate([kiln, orchard], model=model)
    changed = orchard.model_copy(update={"positions": orchard.positions[:1]})
    report = evaluate([kiln, changed], model=model, against=earlier)
    asked = len(model.requests)
    assert report.comparison is not None
    assert (report.comparison.articles, report.comparison.left_out) == (1, 2)
    with pytest.raises(ConfigurationError, match="no article with the same text and the same gold"):
        evaluate(changed, model=model, against=earlier)
    assert len(model.requests) == asked


def test_hash_of_gold_does_not_depend_on_the_order(model: CallbackModel) -> None:
    kiln, orchard = load_gold(GOLD)
    hashes = {evaluate(order, model="builtin").gold_sha256 for order in ([kiln, orchard], [orchard, kiln])}
    assert len(hashes) == 1


def test_markdown_escapes_the_texts_of_articles(model: CallbackModel, tmp_path: Path) -> None:
    kiln = load_gold(GOLD / "kiln.yaml")[0]
    hostile = kiln.positions[2].model_copy(update={"statement": "<b>`x`</b> | [a](b)\n# Heading"})
    gold = kiln.model_copy(update={"article": str(GOLD / "kiln.txt"), "positions": (*kiln.positions[:2], hostile)})
    text = evaluate(gold, model=model).to_markdown()
    assert "missed: two members of the guild: \\<b\\>\\`x\\`\\</b\\> \\| \\[a\\]" in text
    assert "\n# Heading" not in text


def test_own_brief_as_gold_is_perfect(model: CallbackModel) -> None:
    from summarizer import summarize

    brief = summarize(GOLD / "kiln.txt", model=model)
    report = evaluate(gold_from_brief(brief, str(GOLD / "kiln.txt")), model=CallbackModel(answer))
    assert {found.value for found in report.measures.values()} <= {1.0, None}
