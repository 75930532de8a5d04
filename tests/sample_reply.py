"""A sample article, its reading, and a valid reply about it."""

import json
from typing import Any

import pytest

from summarizer.article import Article, Reading, read
from summarizer.attribution import analyse
from summarizer.engines import Chunk, ExtractionContext, split_into_chunks

TEXT = """Council splits over the old bridge

RIVERTON, March 3 - The town council argued for 5 hours on Tuesday about the Mill Bridge, built in 1911.

“The bridge must go,” said Ms Anna Berg, the town's chief engineer. “Repairs would cost 4.5 million crowns.”

The Friends of Mill Bridge oppose the plan. Their chairman, Tomas Lind, said a repair may cost under 1,200,000 crowns.

“Who will pay for the detour?” Mr Lind asked.

It remains unclear when the council will vote.
"""


@pytest.fixture(scope="session")
def reading() -> Reading:
    return read(Article.from_text(TEXT, published="2026-03-04"))


@pytest.fixture(scope="session")
def context(reading: Reading) -> ExtractionContext:
    return ExtractionContext(reading, analyse(reading))


@pytest.fixture(scope="session")
def chunk(reading: Reading) -> Chunk:
    (only,) = split_into_chunks(reading)
    return only


@pytest.fixture
def sound() -> dict[str, Any]:
    """Return a reply without problems."""
    return {
        "holders": [
            {"id": "H1", "name": "Anna Berg", "kind": "person", "role": "chief engineer", "affiliation": None},
            {
                "id": "H2",
                "name": "Tomas Lind",
                "kind": "person",
                "role": "chairman",
                "affiliation": "Friends of Mill Bridge",
            },
        ],
        "issues": [{"id": "I1", "proposition": "The Mill Bridge should be torn down.", "kind": "policy"}],
        "positions": [
            {
                "sentences": [3],
                "holders": ["H1"],
                "reported_by": None,
                "statement": "The bridge must go.",
                "issue": "I1",
                "stance": "agrees",
                "certainty": "asserted",
            },
            {
                "sentences": [6],
                "holders": ["H2"],
                "reported_by": None,
                "statement": "A repair may cost less than 1.2 million crowns.".replace("1.2 million", "1,200,000"),
                "issue": None,
                "stance": "unclear",
                "certainty": "hedged",
            },
        ],
        "open_questions": [
            {"sentences": [7], "question": "Who will pay for the detour?", "origin": "asked", "raised_by": ["H2"]},
            {"sentences": [9], "question": "When will the council vote?", "origin": "implied", "raised_by": []},
        ],
        "gist": {"sentences": [2], "text": "A council argues about tearing down a bridge of 1911."},
    }


@pytest.fixture
def sound_text(sound: dict[str, Any]) -> str:
    return json.dumps(sound)
