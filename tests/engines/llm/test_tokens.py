"""Tokens are counted with o200k_base, without a download."""

import hashlib
import inspect
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.engines import TOKEN_ENCODING, count_tokens
from summarizer.engines.llm import tokens

PUBLISHED = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"


def test_vocabulary_equals_the_published_one() -> None:
    assert hashlib.sha256(tokens._VOCABULARY.read_bytes()).hexdigest() == PUBLISHED


def test_pattern_equals_that_of_tiktoken() -> None:
    from tiktoken_ext import openai_public

    source = inspect.getsource(openai_public.o200k_base)
    assert PUBLISHED in source
    published = re.findall(r'r"""(.*?)"""', source)
    assert "|".join(published) == tokens._PATTERN


def test_encoding_is_called_o200k_base() -> None:
    assert tokens.encoding().name == TOKEN_ENCODING == "o200k_base"


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("hello world", 2), ("Hello, world!", 4), ("2025", 2), ("antidisestablishmentarianism", 6), ("\n\n", 1)],
)
def test_known_counts(text: str, count: int) -> None:
    assert count_tokens(text) == count


def test_markers_of_special_tokens_are_counted_as_text() -> None:
    assert count_tokens("<|endoftext|>") > 1


def test_encoding_needs_no_network_and_no_environment() -> None:
    program = (
        "import socket, os\n"
        "from summarizer.engines import count_tokens\n"
        "def refuse(*_, **__): raise AssertionError('a socket')\n"
        "socket.socket = refuse\n"
        "before = dict(os.environ)\n"
        "assert count_tokens('hello world') == 2\n"
        "assert dict(os.environ) == before\n"
    )
    root = Path(tokens.__file__).parents[3]
    empty = {"PYTHONPATH": str(root), "TIKTOKEN_CACHE_DIR": "/nowhere/at/all", "PATH": os.environ.get("PATH", "")}
    done = subprocess.run([sys.executable, "-c", program], env=empty, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not Path("/nowhere").exists()
    assert socket.socket is not None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_word_counts_add_up_to_the_count_of_the_line(text: str) -> None:
    line = " ".join(text.split()) + "\n"
    assert tokens.count_words(line) == count_tokens(" " + line)


def test_cache_of_words_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_MAX_CACHED_WORDS", 3)
    words = tokens._Words()
    assert [words[word] for word in ("a", "b", "c", "d", "a" * 50)] == [1, 1, 1, 1, count_tokens(" " + "a" * 50)]
    assert len(words) == 3
