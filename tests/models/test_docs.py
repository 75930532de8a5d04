"""The pages about models name every option, and their defaults are those of the code."""

import re
from pathlib import Path

import pytest

from summarizer import Summarizer

FOLDER = Path(__file__).parent.parent.parent / "docs"
LIMITS = (FOLDER / "limits.md").read_text(encoding="utf-8")
DOCS = LIMITS + "".join(
    (FOLDER / name).read_text(encoding="utf-8") for name in ("models.md", "requests.md", "privacy.md")
)


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
