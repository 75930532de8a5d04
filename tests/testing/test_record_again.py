"""What cassettes/README.md says of recording again, done to the letter against a server that is there."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.testing.exchange import Body, Question, read_body
from summarizer.testing.matching import Shelf
from summarizer.testing.storing import Recording, load
from tests.conftest import ROOT
from tests.models.conftest import Asked, Canned, Server

CASSETTES = ROOT / "cassettes"
README = (CASSETTES / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that answers as the model did whose replies are recorded."""
    files = [load(path) for path in CASSETTES.glob("*.yaml")]
    shelf = Shelf(interaction for file in files if file for interaction in file.interactions)

    def answer(asked: Asked) -> Canned:
        found = shelf.take(Question("POST", "chat/completions", read_body(asked.body)))
        assert found
        return Canned(found.answer.body, found.answer.status, {"openai-organization": "org-of-the-server-1"})

    server = Server()
    server.answer = answer
    yield server
    server.close()


def said(recording: Recording) -> dict[str, Body]:
    """What was answered, by what was asked; chunks are asked side by side."""
    return {each.question.key: each.answer.body for each in recording.interactions}


def test_its_command_asks_everything_of_that_server_and_writes_the_same_cassettes(
    server: Server, tmp_path: Path
) -> None:
    words = shlex.split(re.findall(r"(?:^    .*\n)+", README, re.MULTILINE)[0].replace("\\\n", ""))
    settings = dict(word.split("=", 1) for word in words[: words.index("pytest")])
    assert set(settings) == {"OPENAI_BASE_URL", "OPENAI_API_KEY", "SUMMARIZER_MODEL"}
    done = subprocess.run(
        [sys.executable, "-m", *words[words.index("pytest") :], "-o", f"cassettes_folder={tmp_path}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings, "OPENAI_BASE_URL": server.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "cassettes: all" in done.stdout
    written = {path.name: load(path) for path in tmp_path.iterdir()}
    assert sorted(written) == sorted(path.name for path in CASSETTES.glob("*.yaml"))
    for name, recording in written.items():
        old = load(CASSETTES / name)
        assert recording
        assert old
        assert said(recording) == said(old)
        assert {each.question.body["model"] for each in recording.interactions} == {"your-model"}  # type: ignore[index, call-overload]
        assert "org-of-the-server" not in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(CASSETTES.glob("*.yaml")), ids=lambda path: path.stem)
def test_it_tells_of_every_cassette_where_it_comes_from_and_how_many_replies_it_holds(path: Path) -> None:
    (line,) = [line for line in README.splitlines() if f"`{path.name}`" in line]
    assert (ROOT / re.findall("`(seeds/[^`]+)`", line)[0]).exists()
    numbers = {1: "one reply", 2: "two replies", 6: "six replies"}
    recording = load(path)
    assert recording
    assert numbers[len(recording.interactions)] in line
