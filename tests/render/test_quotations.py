"""Shortened statements of short views."""

import pytest

from summarizer.render.quotations import shorten_statement

WHOLE = "The tax will hurt the poor of the town"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{WHOLE}, which has no other income at all.", f"{WHOLE}…"),
        (f"{WHOLE}; nobody has an answer to that today.", f"{WHOLE}…"),
        (f"{WHOLE} unless the council pays them back.", None),
        (f"{WHOLE}, but only for a year or for two.", None),
        ("The tax will hurt, and so will the toll. It should go. Nobody in the whole town wants it.", None),
    ],
)
def test_a_statement_is_cut_only_where_the_words_before_stand_alone(text: str, shown: str | None) -> None:
    result = shorten_statement(text, 12)
    assert result == shown if shown else result == text or result.rstrip(" …").endswith(".")
