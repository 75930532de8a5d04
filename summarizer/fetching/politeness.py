"""Rules of robots.txt, and the interval between two requests to a host."""

import re
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass

from summarizer._patterns import compile_lazily
from summarizer.errors import FetchFailed

MAX_ROBOTS_BYTES = 512_000
"""Bytes of a robots.txt that are read; RFC 9309 asks for at least 500 KiB."""
MAX_ROBOTS_REDIRECTS = 5
"""Redirects of a robots.txt that are followed, as RFC 9309 recommends."""
MAX_CRAWL_DELAY = 10.0
"""Seconds; a longer Crawl-delay is shortened to this."""
_LIFETIME = 24 * 3_600.0  # seconds; RFC 9309: not longer than a day
_LIFETIME_OF_FAILURE = 300.0  # seconds
_MAX_ENTRIES = 2_000  # hosts that are remembered
_MAX_CHARACTERS = 10_000_000  # of all rules that are remembered

_AGENT_LINE = compile_lazily(
    r"^[^\S\n]*user(?:-|[^\S\n]*)agent(?=[:\s])[^\S\n]*:?([^\n#]*)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one server.

    The text is kept, not the parsed rules, which take some forty times the memory.
    """

    text: str = ""
    token: str = ""
    """The product token that the rules are read for."""
    status: int | None = None
    """The HTTP status of a server that failed to send its rules, which forbids all pages."""

    @classmethod
    def parse(cls, data: bytes, token: str) -> "RobotsRules":
        """Read the rules that apply to a product token such as ``"articlebrief"``."""
        text = "\n".join(data[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").splitlines())

        def simplify(line: re.Match[str]) -> str:
            """Give all other agents one name: a file with thousands would take quadratic time and memory."""
            name = line[1].strip().lower()
            if name != "*":
                name = name.replace("*", "").partition("/")[0]
                name = name if name and token.startswith(name) else "other"
            return f"User-agent: {name}"

        return cls(_AGENT_LINE.sub(simplify, text), token)

    def check(self, url: str) -> tuple[bool, float]:
        """Return whether a page may be fetched, and the seconds between two requests, within limits."""
        if self.status is not None:
            return False, 0.0
        if not self.text:
            return True, 0.0
        from protego import Protego

        rules = Protego.parse(self.text)
        delay = rules.crawl_delay(self.token) or 0.0
        return rules.can_fetch(url, self.token), min(max(delay, 0.0), MAX_CRAWL_DELAY)


class RobotsCache:
    """The rules of servers by origin, shared by threads."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, tuple[float, RobotsRules]] = OrderedDict()
        self._characters = 0
        self._requests: dict[str, Future[RobotsRules | FetchFailed | None]] = {}
        self._lock = threading.Lock()

    def get(self, origin: str) -> RobotsRules | None:
        """Return the rules of a server that are not too old."""
        with self._lock:
            expires, rules = self._entries.get(origin, (0.0, None))
            return rules if rules and time.monotonic() < expires else None

    def claim(self, origin: str) -> "Future[RobotsRules | FetchFailed | None] | None":
        """Claim the request for the rules of a server, or return the outcome of the request that is under way.

        Whoever claims it must call `settle`.
        """
        with self._lock:
            if origin in self._requests:
                return self._requests[origin]
            self._requests[origin] = Future()
            self._requests[origin].set_running_or_notify_cancel()  # so that one that waits cannot cancel it
            return None

    def settle(self, origin: str, outcome: RobotsRules | FetchFailed | None) -> None:
        """Tell all that wait how a claimed request ended; None if it was cancelled."""
        if isinstance(outcome, RobotsRules):
            self._put(origin, outcome)
        with self._lock:
            request = self._requests.pop(origin)
        request.set_result(outcome)

    def _put(self, origin: str, rules: RobotsRules) -> None:
        lifetime = _LIFETIME if rules.status is None else _LIFETIME_OF_FAILURE
        with self._lock:
            _, replaced = self._entries.pop(origin, (0.0, RobotsRules()))
            self._entries[origin] = (time.monotonic() + lifetime, rules)
            self._characters += len(rules.text) - len(replaced.text)
            while len(self._entries) > _MAX_ENTRIES or self._characters > _MAX_CHARACTERS:
                _, (_, oldest) = self._entries.popitem(last=False)
                self._characters -= len(oldest.text)


class HostIntervals:
    """Spaces the requests to each host, across threads and event loops."""

    def __init__(self) -> None:
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def take_turn(self, host: str, interval: float) -> float:
        """Take the turn at a host and return 0, or return the seconds until somebody can take it."""
        with self._lock:
            now = time.monotonic()
            if len(self._free) > _MAX_ENTRIES:
                self._free = {name: free for name, free in self._free.items() if free > now}
            wait = self._free.get(host, 0.0) - now
            if wait <= 0:
                self._free[host] = now + interval
            return max(wait, 0.0)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody have a turn at a host for some seconds."""
        with self._lock:
            self._free[host] = max(self._free.get(host, 0.0), time.monotonic() + seconds)


def product_token(user_agent: str) -> str:
    """Return the name by which robots.txt addresses a user agent: its first word, without the version."""
    found = re.match(r"[A-Za-z_-]+", user_agent)
    return found[0].lower() if found else user_agent.lower()
