"""docs/evaluation.md is correct: its commands and examples run, and its table is measured."""

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner
from vcr import VCR

from summarizer import Brief, Gold, OpenAIModel, Summarizer, evaluate
from summarizer._async import EventLoopThread
from summarizer.cli import app
from summarizer.evaluation import load_gold, score
from summarizer.evaluation.scores import evaluate_measures
from summarizer.models import Request
from summarizer.testing import CallbackModel, configure_vcr, reply_for, vcr_config

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
SAMPLES = ROOT / "tests" / "evaluation" / "gold"
RECORDED = (
    *("harbour-interview", "kommunalstrom", "leaflet-dispute"),
    *("reservoir-brief", "tram-opinion", "ukraine-nato-offer"),
)


def blocks(name: str) -> list[str]:
    return re.findall(rf"<!-- {name} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with gold and articles, in which every model but the built-in one has a scripted reply."""
    shutil.copytree(SAMPLES, tmp_path / "gold")
    shutil.copytree(SAMPLES, tmp_path / "articles", ignore=shutil.ignore_patterns("*.yaml", "*.json"))

    def answer(request: Request) -> object:
        return reply_for(SAMPLES / ("kiln.txt" if "apprentices" in request.messages[-1].content else "orchard.txt"))

    real = sys.modules["summarizer.client"].resolve_model
    monkeypatch.setattr(
        "summarizer.client.resolve_model",
        lambda name: real(name) if name == "builtin" else CallbackModel(answer, name=name),
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_commands_run(folder: Path) -> None:
    for command in [line[2:] for block in blocks("run") for line in block.splitlines()]:
        program, *arguments = shlex.split(command)
        done = CliRunner().invoke(app, arguments)
        assert (program, done.exit_code) == ("summarizer", 0), f"{command}: {done.output}"
    assert "(small)" in (folder / "large.md").read_text(encoding="utf-8")
    assert load_gold(folder / "gold" / "kiln.yaml")[0].article == "../articles/kiln.txt"


def test_gold_file_is_valid(tmp_path: Path) -> None:
    (tmp_path / "bridge.yaml").write_text(*blocks("gold"), encoding="utf-8")
    (gold,) = load_gold(tmp_path)
    assert [position.optional for position in gold.positions] == [False, True]


def test_test_of_a_gate_passes_on_gold_of_the_built_in_engine(folder: Path) -> None:
    namespace: dict[str, Any] = {}
    exec(*blocks("gate"), namespace)
    namespace["test_briefs_are_as_good_as_before"]()
    (folder / "gold" / "orchard.json").unlink()
    kiln = folder / "gold" / "kiln.yaml"
    text = kiln.read_text(encoding="utf-8")
    for name in ("Ines Vogt", "Dario Pell"):
        text = text.replace(f"name: {name}", "kind: unnamed, name: a passer-by")
    kiln.write_text(text, "utf-8")
    with pytest.raises(AssertionError, match="holders_precision"):
        namespace["test_briefs_are_as_good_as_before"]()


def test_adapter_gives_the_measures_of_each_article(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is no dependency, so that a stand-in takes its place."""
    (code,) = blocks("adapter")
    assert len(code.splitlines()) <= 30
    found: list[dict[str, float]] = []

    class Dataset(SimpleNamespace):
        def evaluate_sync(self, make_brief: Callable[[Gold], Any]) -> SimpleNamespace:
            thread = EventLoopThread()
            for case in self.cases:
                context = SimpleNamespace(inputs=case.inputs, output=thread.run(make_brief(case.inputs)))
                found.extend(each.evaluate(context) for each in self.evaluators)
            thread.close()
            return SimpleNamespace(print=lambda **_: None)

    package, evaluators = ModuleType("pydantic_evals"), ModuleType("pydantic_evals.evaluators")
    vars(package).update(Case=SimpleNamespace, Dataset=Dataset)
    vars(evaluators).update(Evaluator=dict, EvaluatorContext=dict)
    monkeypatch.setitem(sys.modules, "pydantic_evals", package)
    monkeypatch.setitem(sys.modules, "pydantic_evals.evaluators", evaluators)
    exec(compile(code, "evaluation.md", "exec"), {"__name__": "adapter"})
    assert len(found) == 2
    expected = evaluate("gold/kiln.yaml", model="builtin").measures["positions_f1"].value
    assert found[0]["positions_f1"] == expected


@pytest.mark.slow
def test_table_is_measured() -> None:
    every = {Path(gold.article).stem: gold for gold in load_gold(ROOT / "seeds" / "gold")}
    thread = EventLoopThread()
    builtin = {name: make_brief("builtin", thread.run(gold.load())) for name, gold in every.items()}
    thread.close()
    measured = [
        measures(every, builtin, every),
        measures(every, builtin, RECORDED),
        measures(every, {name: recorded_brief(name) for name in RECORDED}, RECORDED),
    ]
    rows = [line.split("|")[2:-1] for line in PAGE.partition("<!-- table -->")[2].splitlines()[3:6]]
    assert [[float(cell) for cell in row] for row in rows] == [pytest.approx(row, abs=0.02) for row in measured]


def make_brief(model: str | OpenAIModel, article: Any) -> Brief:
    with Summarizer(model=model) as summarizer:
        return summarizer.summarize(article)


def recorded_brief(name: str) -> Brief:
    model = OpenAIModel("recorded-model", api_key="recorded", base_url="http://recorded.invalid/v1")
    with configure_vcr(VCR(record_mode="none")).use_cassette(ROOT / "cassettes" / f"{name}.yaml", **vcr_config()):
        return make_brief(model, ROOT / "seeds" / f"{name}.txt")


def measures(gold: dict[str, Gold], briefs: dict[str, Brief], names: Iterable[str]) -> list[float | None]:
    counts = [score(gold[name], briefs[name]).counts() for name in names]
    values = evaluate_measures(counts, range(len(counts)))
    shown = ("positions_precision", "positions_recall", "positions_f1", "holders_f1")
    return [
        len(counts),
        *(values[name] for name in (*shown, "evidence_precision", "evidence_recall", "stances_accuracy")),
    ]


def test_page_has_at_most_1200_words() -> None:
    assert len(PAGE.split()) <= 1_200
