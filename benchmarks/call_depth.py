"""Count the package's files and the deepest stack that one call uses.

    python benchmarks/call_depth.py

``summarize`` is called once with a short article for each engine. The OpenAIModel has a local server with a canned
reply. A profile function in all threads records each function of the package. A file counts when one of its functions
is called; the code that runs at import does not. The depth is the largest number of the package's frames on one stack.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType
from typing import Any

import summarizer
from summarizer import OpenAIModel, summarize

PACKAGE = str(Path(summarizer.__file__).parent)
ARTICLE = "Bridge must go\n\n“The bridge is unsafe,” Anna Berg said. Tomas Lind said that it would be repaired."
REPLY = {
    "holders": [{"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}],
    "issues": [{"id": "I1", "proposition": "The bridge is unsafe.", "kind": "fact"}],
    "positions": [
        {
            "sentences": [2], "holders": ["H1"], "reported_by": None,
            "statement": "The bridge is unsafe.", "issue": "I1", "stance": "agrees", "certainty": "asserted",
        }
    ],
    "open_questions": [],
    "gist": {"sentences": [2], "text": "Anna Berg calls the bridge unsafe."},
}  # fmt: skip


@dataclass
class CallProfile:
    """The package's files that a call used, and its deepest stack."""

    files: set[str] = field(default_factory=set)
    deepest: list[str] = field(default_factory=list)
    """The functions on the deepest stack, outermost first."""

    @property
    def depth(self) -> int:
        """Number of the package's frames on the deepest stack."""
        return len(self.deepest)

    def record(self, frame: FrameType, event: str, _: object) -> None:
        """Record a call; this is a profile function."""
        if event != "call" or not _is_ours(frame):
            return
        self.files.add(frame.f_code.co_filename)
        stack = []
        caller: FrameType | None = frame
        while caller is not None:
            if _is_ours(caller):
                stack.append(caller.f_code)
            caller = caller.f_back
        if len(stack) > self.depth:
            self.deepest = [f"{Path(code.co_filename).relative_to(PACKAGE)}:{code.co_name}" for code in stack[::-1]]


def _is_ours(frame: FrameType) -> bool:
    """Return whether a frame is a function of the package, not the code of a module or class."""
    return frame.f_code.co_filename.startswith(PACKAGE) and bool(frame.f_code.co_flags & CO_OPTIMIZED)


def profile(call: Callable[[], object]) -> CallProfile:
    """Return the profile of a call, including its threads."""
    result = CallProfile()
    threading.setprofile(result.record)
    sys.setprofile(result.record)
    try:
        call()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return result


def profile_builtin() -> CallProfile:
    """Return the profile of a call with the built-in engine."""
    return profile(lambda: summarize(ARTICLE, model="builtin"))


def profile_openai() -> CallProfile:
    """Return the profile of a call with an OpenAIModel."""
    with canned_server() as url:
        return profile(lambda: summarize(ARTICLE, model=OpenAIModel("canned", base_url=url)))


@contextmanager
def canned_server() -> Iterator[str]:
    """Start a server that always sends the same completion, and return its base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    message = {"role": "assistant", "content": json.dumps(REPLY)}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    completion = {"id": "c", "object": "chat.completion", "created": 1, "model": "canned", "choices": [choice]}
    body = json.dumps(completion | {"usage": usage}).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    """Print the table, and the deepest stack of each call."""
    profiles = {"builtin": profile_builtin(), "OpenAIModel": profile_openai()}
    print(f"{'model':12}{'files':>6}{'depth':>6}")
    for name, result in profiles.items():
        print(f"{name:12}{len(result.files):6}{result.depth:6}")
    for name, result in profiles.items():
        print(f"\nDeepest stack with {name}:")
        print("\n".join(f"  {function}" for function in result.deepest))
    if "--files" in sys.argv:
        for name, result in profiles.items():
            print(f"\nFiles with {name}:")
            print("\n".join(f"  {Path(file).relative_to(PACKAGE)}" for file in sorted(result.files)))


if __name__ == "__main__":
    main()
