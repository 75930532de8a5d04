"""Lazily compiled patterns."""

import re
import sys

import pytest

from summarizer import summarize
from summarizer._patterns import LazyPattern, compile_lazily, fill_patterns, required_literals


def test_pattern_acts_like_a_compiled_one() -> None:
    lazy, compiled = compile_lazily(r"(?P<day>\d+) may", re.IGNORECASE), re.compile(r"(?P<day>\d+) may", re.IGNORECASE)
    assert lazy.sub("x", "2 May") == compiled.sub("x", "2 May")
    assert (lazy.pattern, lazy.flags, lazy.groupindex) == (compiled.pattern, compiled.flags, compiled.groupindex)


def test_invalid_pattern_is_an_error_on_first_use() -> None:
    lazy = compile_lazily("(")
    with pytest.raises(re.error):
        lazy.search("text")


def test_unknown_attribute_is_an_error() -> None:
    with pytest.raises(AttributeError, match="serch"):
        _ = compile_lazily("a").serch  # type: ignore[attr-defined]


def test_every_pattern_of_the_imported_modules_is_valid() -> None:
    assert callable(summarize)  # which imports the engines
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("summarizer.")]
    patterns = [value for module in modules for value in vars(module).values() if isinstance(value, LazyPattern)]
    assert len(patterns) > 100
    assert all(each.groups >= 0 for each in patterns)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("bail|custody", ("bail", "custody")),
        (r"\bjur(?:y|ors?)\b", ("jur",)),
        ("(?:crown|high) court", (" court",)),
        ("(?:filed|lodged) (?:by|for)", ("filed", "lodged")),
        ("(?:very )?old", ("old",)),
        ("colou?r+", ("colo",)),
        (r"(?P<name>[A-Z]\w+) says|(?!Mr)(?i:Mrs) [KQ]C", (" says", "Mrs")),
        (r"\w+", ("",)),
        (r"[\w\]]{20,30}: \(\d{1,300} x\x27{1000}", (" x",)),
    ],
)
def test_each_match_has_one_of_the_required_literals(pattern: str, literals: tuple[str, ...]) -> None:
    assert required_literals(pattern) == literals


def test_name_in_braces_is_an_earlier_pattern_or_a_list() -> None:
    patterns = {"end": "[.!?]{1,3}", "verdict": "a (?:{good}|\n{bad}){end}"}
    filled = fill_patterns(patterns, {"good": "gem|joy", "bad": "flop"})
    assert filled == {"end": "[.!?]{1,3}", "verdict": "a (?:gem|joy|flop)[.!?]{1,3}"}


def test_unknown_name_in_braces_is_an_error() -> None:
    with pytest.raises(KeyError, match="god"):
        fill_patterns({"verdict": "{god}"}, {"good": "gem"})
