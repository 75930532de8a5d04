"""Finding out what a server takes: from the strictest form down, each refusal once, and remembered."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from summarizer.models.base import OutputForm, Request
from summarizer.models.dialect import FORMS, Dialect, request_body
from summarizer.models.options import Parameters
from summarizer.models.rates import BYTES_A_TOKEN
from summarizer.models.refusals import Refusal, refusal

if TYPE_CHECKING:
    import openai

Output = Literal["auto", "json_schema", "json_object", "text"]
MOST_MISSES = 2
"""Replies in a row that do not fit, after which a server is taken to ignore the form."""
DROPPED = ("temperature", "seed", "store")
"""Parameters without which a request asks for the same: they are left out where a server takes none."""

_log = logging.getLogger("summarizer")


class Memory:
    """What one server was found to take, for one model; shared by all loops and threads that ask it."""

    def __init__(self, first: Dialect, *, auto: bool) -> None:
        self._current = first
        self._auto = auto
        self._misses = 0
        self.raised = False
        """Whether a reply needed more tokens than the limit allows, and stood with twice as many."""
        self._lock = threading.Lock()

    @property
    def current(self) -> Dialect:
        """How to speak to the server, as far as is known."""
        return self._current

    def next(self, used: Dialect, refused: Refusal, sent: frozenset[str]) -> Dialect | None:
        """The dialect that comes after ``used`` on a refusal, or None; nothing is learned."""
        return _next(used, refused, sent, auto=self._auto)

    def after(self, used: Dialect, refused: Refusal, sent: frozenset[str]) -> Dialect | None:
        """How to ask again after a refusal; None where asking otherwise would not help.

        ``sent`` holds the names of the parameters that stood in the request.
        """
        found = self.next(used, refused, sent)
        if found is None:
            return None
        with self._lock:
            if self._current == used:  # else another request has already learned
                self._current = found
                _log.info("the server does not take what was sent (HTTP %d): %s", refused.status, _told(used, found))
            return self._current

    def forget(self, learned: Dialect, before: Dialect) -> None:
        """Go back to ``before``: what was ``learned`` since did not help, and so may not be true."""
        with self._lock:
            if self._current == learned:
                self._current = before

    def note(self, form: OutputForm, *, fits: bool) -> bool:
        """Take into account that a reply in ``form`` fitted the schema, or did not; true if that changes the form."""
        with self._lock:
            if not self._auto or form != self._current.form:
                return False
            self._misses = 0 if fits else self._misses + 1
            if self._misses < MOST_MISSES or form == FORMS[-1]:
                return False
            self._misses = 0
            self._current = replace(self._current, form=_weaker(form))
            _log.info("%d replies in a row ignored %s: %s from now on", MOST_MISSES, form, self._current.form)
            return True


class Asking:
    """One request on its way: how it is put at the moment, and how it is put differently."""

    def __init__(self, model: str, request: Request, parameters: Parameters, memory: Memory) -> None:
        self.model = model
        self._request, self._parameters, self._memory = request, parameters, memory
        self._first = self._dialect = memory.current
        self._raised = memory.raised
        self._body = self._written()

    @property
    def form(self) -> OutputForm:
        """The form of output that is asked for at the moment."""
        return self._dialect.form

    @property
    def body(self) -> Mapping[str, Any]:
        """The keywords of the chat completion."""
        return self._body

    @cached_property
    def about_tokens(self) -> float:
        """The tokens that are sent, by their bytes: what rates go by until the server has counted."""
        return sum(len(message.content.encode(errors="replace")) for message in self._request.messages) / BYTES_A_TOKEN

    def raises_limit(self) -> bool:
        """Allow twice the tokens, once, where a limit was set and is sent; and say whether."""
        if self._raised or self._parameters.max_tokens is None or "max_tokens" in self._dialect.unused:
            return False
        self._raised = True
        self._body = self._written()
        return True

    def keeps_limit(self) -> None:
        """Allow as much from the start in the requests to come: twice the tokens were what it took."""
        self._memory.raised = True

    def may_adapt(self, error: "openai.APIStatusError") -> bool:
        """Whether another wording may avoid ``error``: then the same, sent again, would meet the same."""
        return self._memory.next(self._dialect, refusal(error), self._sent) is not None

    def adapts(self, error: "openai.APIStatusError") -> bool:
        """Put the request differently where this may avoid ``error``, and say whether."""
        refused = refusal(error)
        found = self._memory.after(self._dialect, refused, self._sent)
        if found is None:
            still = refused.about_form and not refused.about_length
            if still and self._dialect != self._first:  # another fault says that this one is mended
                self._memory.forget(self._dialect, self._first)
            return False
        self._dialect = found
        self._body = self._written()
        return True

    @property
    def _sent(self) -> frozenset[str]:
        return frozenset(self._body) | frozenset(self._body.get("extra_body", ()))

    def _written(self) -> dict[str, Any]:
        limit = self._parameters.max_tokens
        raised = replace(self._parameters, max_tokens=2 * limit) if self._raised and limit else self._parameters
        return request_body(self.model, self._request, self._dialect, raised)


def _next(used: Dialect, refused: Refusal, sent: frozenset[str], *, auto: bool) -> Dialect | None:
    if refused.about_length:
        return None
    for name in DROPPED:
        if name in sent and refused.does_not_take(name):
            return replace(used, unused=used.unused | {name})
    if used.limit in sent and refused.does_not_take(used.limit) and not refused.about_value(used.limit):
        if used.limit_exchanged:
            return replace(used, unused=used.unused | {"max_tokens"})
        other: Any = "max_tokens" if used.limit == "max_completion_tokens" else "max_completion_tokens"
        return replace(used, limit=other, limit_exchanged=True)
    if "response_format" in sent and used.strict and not used.plain and refused.does_not_take("strict"):
        return replace(used, strict=False)
    return _after_form(used, refused, auto=auto) if refused.about_form else None


def _after_form(used: Dialect, refused: Refusal, *, auto: bool) -> Dialect | None:
    """The next way down. Which part of a form displeases is told too differently to go by; a step costs
    one refused request, once for a server.
    """
    if used.form == "json_schema" and not used.plain:
        if used.strict and refused.names("strict"):
            return replace(used, strict=False)
        return replace(used, plain=True)
    if used.form == "json_object" and used.beside:
        return replace(used, beside=False)
    return replace(used, form=_weaker(used.form)) if auto and used.form != FORMS[-1] else None


def _weaker(form: OutputForm) -> OutputForm:
    return FORMS[FORMS.index(form) + 1]


def _told(used: Dialect, found: Dialect) -> str:
    """What changes, for the log."""
    if found.unused != used.unused:
        return f"{', '.join(sorted(found.unused - used.unused))} left out from now on"
    if found.limit != used.limit:
        return f"{found.limit} in place of {used.limit} from now on"
    if found.strict != used.strict:
        return "strict left out from now on"
    parts = [f"output {found.form}", *(["a plain schema"] if found.plain else [])]
    return f"{', '.join(parts)} from now on"
