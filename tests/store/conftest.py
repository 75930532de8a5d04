"""A store, an article, a brief, and the key of an engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer import Article, Brief, Store, summarize
from summarizer.models import PromptId
from summarizer.store import EngineKey

TEXT = "Bridge must go\n\n“The bridge is unsafe,” Anna Berg said. Tomas Lind said that it would be repaired."
PROMPT = PromptId("extract", "3", "ab" * 32)


def engine(name: str = "tiny", prompt: PromptId = PROMPT, chunk_tokens: int = 6_000, library: str = "1") -> EngineKey:
    return EngineKey("model", {"name": name}, [prompt], {"chunk_tokens": chunk_tokens}, library=library)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "briefs.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def article() -> Article:
    return Article.from_text(TEXT, source="a.txt")


@pytest.fixture(scope="session")
def brief(article: Article) -> Brief:
    return summarize(article, model="builtin")
