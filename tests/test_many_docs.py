"""The Python examples of docs/many.md, docs/store.md, docs/replies.md and docs/cost.md run."""

import re
from pathlib import Path

import pytest

from summarizer import ScriptedModel, Summarizer
from summarizer.testing import reply_for

ROOT = Path(__file__).parent.parent


def examples(name: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.DOTALL)


def test_examples_of_many_articles_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("“The bridge is unsafe,” Anna Berg said.", encoding="utf-8")
    (tmp_path / "articles" / "b.txt").write_text(" ", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUMMARIZER_MODEL", "builtin")
    make, follow = examples("many.md")
    (read,) = examples("store.md")
    exec(compile(make, "many.md", "exec"), {})
    lines = sorted(capsys.readouterr().out.splitlines())
    assert lines[0] == f"{Path('articles/a.txt')} 1"
    assert "no text" in lines[1] or "empty" in lines[1]
    exec(compile(follow, "many.md", "exec"), {})
    assert capsys.readouterr().out == "done Ferry\n"
    exec(compile(read, "store.md", "exec"), {})
    assert capsys.readouterr().out.startswith("2\n")


def test_example_of_a_reply_cache_runs(tmp_path: Path) -> None:
    text, names = "“The bridge is unsafe,” Anna Berg said.", {}
    exec(compile(examples("replies.md")[1], "replies.md", "exec"), names)
    briefs = []
    for model in (ScriptedModel(reply_for(text)), ScriptedModel([])):  # the second one would have no reply
        with Summarizer(model=model, replies=names["SharedFolder"](tmp_path)) as summarizer:
            briefs.append(summarizer.summarize(text))
    assert briefs[0].positions == briefs[1].positions


def test_example_of_an_estimate_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    (example,) = examples("cost.md")
    exec(compile(example, "cost.md", "exec"), {})
    articles, calls, money = capsys.readouterr().out.split()
    assert int(articles) == len(list((ROOT / "seeds").glob("*.txt")))
    assert int(calls) > int(articles)
    assert float(money) > 0


def test_table_of_estimates_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    table = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
    with Summarizer(model="some-model") as summarizer:
        one, other = (summarizer.estimate(ROOT / "seeds" / f"{name}.txt") for name in ("water-debate", "tram-opinion"))
    total = one + other
    for label, field in (("prompt tokens", "prompt"), ("completion tokens", "completion")):
        costs = (total.low, total.likely, total.at_most)
        figures = r"\s+".join(f"{round(getattr(cost, field)):,}" for cost in costs)
        assert re.search(rf"{label}\s+{figures}\n", table)
