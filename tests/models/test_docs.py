"""The model in docs/models.md works, and the pages about models are complete."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from summarizer import Summarizer
from summarizer.errors import RateLimited, ServerFailed
from summarizer.models import Model, Request
from summarizer.usage import Usage

FOLDER = Path(__file__).parent.parent.parent / "docs"
LIMITS = (FOLDER / "limits.md").read_text(encoding="utf-8")
DOCS = (FOLDER / "models.md").read_text(encoding="utf-8") + LIMITS
REPLY = '{"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": null}'


class Vendor:
    """A vendor's client that returns a prepared reply, or raises it."""

    class TooManyRequests(Exception):  # named by the vendor
        pass

    class Failure(Exception):
        pass

    def __init__(self, said: object) -> None:
        self.said = said
        self.requests: list[dict[str, Any]] = []

    async def generate(self, **request: Any) -> object:
        self.requests.append(request)
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


def documented_model(reply: object) -> tuple[Model, Vendor]:
    """Return the model of the docs, and its vendor that sends ``reply``."""
    code = re.search(r"<!-- own model -->\n```python\n(.*?)```\n<!-- end -->", DOCS, re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(code.group(1), names)
    vendor = Vendor(reply)
    return names["VendorModel"]("vendor-1", vendor), vendor


def answer(ended: str = "end") -> SimpleNamespace:
    return SimpleNamespace(text=REPLY, ended=ended, tokens_in=40, tokens_out=9, model="vendor-1-2026")


def test_documented_model_makes_a_brief() -> None:
    model, vendor = documented_model(answer())
    assert isinstance(model, Model)
    with Summarizer(model=model) as summarizer:
        brief = summarizer.summarize("The bridge is old.")
    assert (brief.provenance.model, brief.provenance.usage) == ("vendor-1-2026", Usage(prompt=40, completion=9))
    assert brief.positions == ()
    assert "numbered lines" in vendor.requests[0]["system"]
    assert [turn["role"] for turn in vendor.requests[0]["turns"]] == ["user"]


@pytest.mark.parametrize(
    ("ended", "meant"), [("end", "stop"), ("max_tokens", "length"), ("refused", "refusal"), ("?", "other")]
)
async def test_documented_model_maps_finish_reasons(request_: Request, ended: str, meant: str) -> None:
    model, _ = documented_model(answer(ended))
    assert (await model.complete(request_)).finish_reason == meant


@pytest.mark.parametrize(
    ("raised", "kind"), [(Vendor.TooManyRequests(), RateLimited), (Vendor.Failure(), ServerFailed)]
)
async def test_documented_model_maps_errors(request_: Request, raised: Exception, kind: type[Exception]) -> None:
    model, _ = documented_model(raised)
    with pytest.raises(kind) as caught:
        await model.complete(request_)
    assert caught.value.__cause__ is raised


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./-]+)\)", DOCS))))
def test_linked_files_exist(path: str) -> None:
    assert (Path(__file__).parent.parent.parent / "docs" / path).exists()


def test_all_options_are_documented() -> None:
    import inspect

    from summarizer.models import OpenAIModel

    options = set(inspect.signature(OpenAIModel).parameters) - {"environ"}
    assert options <= set(re.findall(r"\w+", DOCS)), "each option is documented"
    for name, default in {"timeout": 120, "attempts": 5, "deadline": 600, "concurrency": 16}.items():
        assert inspect.signature(OpenAIModel).parameters[name].default == default
        assert re.search(rf"`{name}`[\w ]* \({default}\)", DOCS), name


def test_table_of_limits_names_parameters_options_and_variables() -> None:
    import inspect

    from summarizer.cli.options import EngineOptions
    from summarizer.models.resolve import VARIABLES

    rows = re.findall(r"\| `(\w+)` \| `--([a-z-]+)` \| `(\w+)` \|", LIMITS)
    assert {parameter: variable for parameter, _, variable in rows} == VARIABLES
    for parameter, option, _ in rows:
        assert parameter in inspect.signature(Summarizer).parameters
        assert option.replace("-", "_") in inspect.signature(EngineOptions).parameters
