"""Run the commands of docs/testing.md; ``python -m tests.testing_docs`` writes their output into it."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from summarizer.testing import reply_for
from tests.models.conftest import CannedResponse, Server, completion

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs" / "testing.md"
FOLDER = "/home/ada/bridge"
"""The folder in the outputs shown."""
SERVER = "http://localhost:11434/v1"
"""The server in the commands shown."""
_STEP = re.compile(r"<!-- (file|run|excerpt)(?:: (\S+))? -->\n```\w*\n(.*?)```\n", re.DOTALL)


def with_outputs(text: str) -> str:
    """Return ``text`` with the outputs of its commands, run one after the other in a new folder."""
    server = Server()
    server.respond = lambda _: CannedResponse(completion(_reply()))
    try:
        with tempfile.TemporaryDirectory() as folder:
            reader = _Reader(Path(folder).resolve(), server.url)
            return _STEP.sub(reader.step, text)
    finally:
        server.close()


def _reply() -> str:
    """Return the reply about the article of the docs."""
    namespace: dict[str, str] = {}
    exec(_STEP.search(DOCS.read_text(encoding="utf-8"))[3].split("\n\n\n")[1], namespace)  # type: ignore[index]
    positions = [
        ("Anna Berg", "The bridge must go", "agrees"),
        ("Tomas Lind", "a repair would be cheaper", "disagrees"),
    ]
    return reply_for(namespace["TEXT"], positions, issue="The old bridge should be torn down.").model_dump_json()


class _Reader:
    """Run the steps of the docs in order."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server = folder, server
        self.environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        (folder / "pytest.ini").write_text("[pytest]\naddopts = -p pytest_recording.plugin -p no:cacheprovider\n")

    def step(self, found: re.Match[str]) -> str:
        kind, name, body = found.groups()
        if kind == "file":
            (self.folder / name).write_text(body, encoding="utf-8")
            return found.group()
        if kind == "excerpt":
            return found.group() if self.holds(name, body) else found.group().replace(body, f"not in {name}\n")
        commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        shown = "".join(f"$ {command}\n{self.run(command)}" for command in commands)
        return found.group().replace(body, shown)

    def run(self, command: str) -> str:
        """Run a command and return its output."""
        words = shlex.split(command, comments=True)
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.environment[name] = value.replace(SERVER, self.server)
            return ""
        if words[0] == "unset":
            for name in words[1:]:
                del self.environment[name]
            return ""
        if words[0] == "sed":
            path = self.folder / words[-1]
            _, old, new, _ = words[2].split("/")
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
            return ""
        assert words[0] == "pytest"
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        shown = done.stdout.replace(str(self.folder), FOLDER) + done.stderr
        lines = [line.rstrip() for line in re.sub(r"in \d+\.\d+s", "in 0.50s", shown).splitlines()]
        return "\n".join(lines) + "\n"

    def holds(self, name: str, excerpt: str) -> bool:
        """Return whether a file has the lines of an excerpt, in order; "…" matches other lines."""
        lines = iter((self.folder / name).read_text(encoding="utf-8").splitlines())
        return all(line in lines for line in excerpt.splitlines() if line.strip() not in ("…", ""))


def main() -> None:
    DOCS.write_text(with_outputs(DOCS.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
