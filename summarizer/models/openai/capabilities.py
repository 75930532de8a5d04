"""The capabilities of a server: parameters of a request, and fallbacks after a rejection.

The first request has all features. Each rejection removes one, at the cost of one failed request a server.
"""

import json
import logging
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import replace_surrogates
from summarizer.errors import ConfigurationError
from summarizer.models.base import Message, OutputForm, Reply, Request
from summarizer.models.retry import check_number
from summarizer.models.throttle import estimate_tokens

Output = Literal["auto", "json_schema", "json_object", "text"]
WEAKER_FORM: Mapping[OutputForm, OutputForm] = {"json_schema": "json_object", "json_object": "text"}
"""The output format to try after one that a server rejects or ignores."""
LIMIT_NAMES = ("max_tokens", "max_completion_tokens")

REASONING_TOKENS = 16_384
"""Tokens added to the default limit of a reply for a model that reasons within it."""
MAX_SEARCHED = 2_000  # characters of a server's error that are searched
MAX_FAILURES = 2
"""Server errors without a reason after which a request is tried in a weaker output format."""
MAX_MISMATCHES = 2
"""Replies in a row without the right shape, after which a server is taken to ignore the output format."""
OPTIONAL_PARAMETERS = ("temperature", "seed", "store")
"""Parameters that are dropped where a server does not support them."""
RESERVED_KEYS = ("model", "messages", "response_format", "stream", "n")
"""Keys that ``extra_body`` may not contain: the library sets them."""

_log = logging.getLogger("summarizer")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of a request beside its messages; only those that are set are sent.

    Raises:
        ConfigurationError: One of them is invalid.
    """

    max_tokens: int | None = None
    """Tokens of a reply, reasoning included."""
    temperature: float | None = None
    seed: int | None = None
    extra_body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Further keys of the request body."""

    def __post_init__(self) -> None:
        if self.max_tokens is not None:
            check_number("max_tokens", self.max_tokens, "a whole number above 0", whole=True)
        if self.seed is not None:
            check_number("seed", self.seed, "a whole number", whole=True, least=None)
        if self.temperature is not None:
            check_number("temperature", self.temperature, "a number of at least 0", least=0)
        for key in self.extra_body:
            if key in RESERVED_KEYS:
                raise ConfigurationError(f"extra_body cannot contain {key!r}.", hint="The library sets it.")
        try:
            copy = json.loads(json.dumps(dict(self.extra_body), allow_nan=False))
        except (TypeError, ValueError) as error:
            raise ConfigurationError("extra_body is not valid JSON.", hint=f"{error}.") from error
        object.__setattr__(self, "extra_body", copy)


REJECTIONS: list[dict[str, Any]] = read_toml(__file__, "rejections.toml")["rejections"]
"""The meaning of servers' errors, by status and words."""

_OFFER = compile_lazily(
    r"\b(?:expected|did you mean|(?:one|any|some) of|"
    r"(?:known|valid|allowed|available|supported|accepted|permitted) (?:\w+ )?(?:are|is|include)\b|"
    r"(?:known|valid|allowed|available|supported|accepted|permitted) (?:\w+ )?\w+:).*?(?=[.;!?](?:\W|$)|$)"
)
"""Alternatives that a server lists, up to the end of the sentence."""
_CONTEXT = compile_lazily(
    r'"n_ctx": ?(\d{1,8})|'  # llama.cpp
    r"(?:context|model)[ _](?:length|window|size)\b(?:(?!exceed|request|prompt)[^\d.;!?]){0,20}(\d[\d,]{0,9})|"
    r"max_model_len\D{0,12}(\d{1,8})|exceeds context: ?\d+ ?> ?(\d{1,8})"  # vLLM, KoboldCpp
)
"""The number of tokens in words such as "maximum context length is 8192 tokens"."""
_PROMPT_MARGIN = 1.15  # of the tokens of a prompt to their estimate
_SHORTEST_LIMIT = 256  # tokens; a reply with less room is not worth a request
_PART_END = compile_lazily(r"[.;!?](?=\s|$)|\}, ?\{|\n")


@dataclass(frozen=True)
class Rejection:
    """The reason for the rejection of a request, from the server's error."""

    status: int
    words: str = field(repr=False)
    """The server's error in lower case."""
    param: str = ""
    """The parameter in the error's field ``param``, in lower case."""

    @property
    def is_too_long(self) -> bool:
        """Return whether the request is too long for the model."""
        return self._means("too long", self.words)

    @property
    def is_about_key(self) -> bool:
        """Return whether the key is invalid."""
        return self._means("key", self.words)

    @property
    def is_about_credit(self) -> bool:
        """Return whether no money is left."""
        return self._means("credit", self.words)

    @property
    def is_about_system_message(self) -> bool:
        """Return whether the model takes no system message."""
        return self._means("system", self.words)

    @property
    def context(self) -> int | None:
        """Return the tokens of the model's context, if the error names them."""
        found = _CONTEXT.search(self.words)
        return int(next(filter(None, found.groups())).replace(",", "")) if found else None

    @property
    def is_about_output(self) -> bool:
        """Return whether the output format is not supported."""
        return self._means("output", self.words) or self.does_not_support("strict")

    def does_not_support(self, parameter: str) -> bool:
        """Return whether the server does not support ``parameter`` with any value.

        A parameter that the server offers instead of another one does not count.
        """
        if self.param and not _mentions(parameter, self.param):
            return False
        return any(self._means("not supported", words) for words in self._sentences_about(parameter))

    def is_about_value(self, parameter: str) -> bool:
        """Return whether the value of ``parameter`` is at fault, not its presence."""
        return any(self._means("value", words) for words in self._sentences_about(parameter))

    def _means(self, meaning: str, words: str) -> bool:
        rows = (row for row in REJECTIONS if row["meaning"] == meaning and self.status in row["statuses"])
        return any(re.search(pattern, words) for row in rows for pattern in row["words"])

    def _sentences_about(self, parameter: str) -> list[str]:
        if _mentions(parameter, self.param):
            return [self.words]
        return [part for part in _PART_END.split(_OFFER.sub(" ", self.words)) if _mentions(parameter, part)]


def _mentions(parameter: str, words: str) -> bool:
    return bool(re.search(rf"\b{re.escape(parameter)}\b", words))


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one for any other value: servers send values of any type."""
    return value if isinstance(value, dict) else {}


def read_rejection(status: int, body: object) -> Rejection:
    """Return the rejection in the body of an error, which may be of any shape."""
    param = as_mapping(body).get("param")
    words = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    has_param = isinstance(param, str) and param != "None"  # LiteLLM's word for null
    return Rejection(status, words[:MAX_SEARCHED].casefold(), str(param).casefold() if has_param else "")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The known capabilities of a server."""

    form: OutputForm = "json_schema"
    simple_schema: bool = False
    """Whether the schema is reduced to its basic keywords, without ``strict``."""
    schema_in_json_object: bool = True
    """Whether the schema is sent with the format json_object, too."""
    limit_names: tuple[str, ...] = LIMIT_NAMES
    """The names to try for the token limit of a reply; the first is sent."""
    doubled_limit: bool = False
    """Whether replies may have twice the token limit."""
    reasons_within_limit: bool = False
    """Whether the model's hidden reasoning counts towards the limit, which is extended for it."""
    folds_system_message: bool = False
    """Whether the system message is put before the first message of the user."""
    dropped: tuple[str, ...] = ()
    """Parameters that are left out."""

    def after(self, rejection: Rejection, sent: frozenset[str], *, auto: bool) -> "Capabilities | None":
        """Return the next capabilities to try after a rejection, or None; ``auto`` allows weaker output formats."""
        if rejection.is_too_long:
            return None
        if rejection.is_about_system_message and not self.folds_system_message:
            return replace(self, folds_system_message=True)
        for name in OPTIONAL_PARAMETERS:
            if name in sent and rejection.does_not_support(name):
                return replace(self, dropped=(*self.dropped, name))
        limit = next(iter(self.limit_names), "")
        if limit in sent and rejection.does_not_support(limit) and not rejection.is_about_value(limit):
            return replace(self, limit_names=self.limit_names[1:])
        return self._weaker_output(auto=auto) if rejection.is_about_output else None

    def _weaker_output(self, *, auto: bool) -> "Capabilities | None":
        """Return the next fallback of the output. Servers rarely say which part they reject, so parts go one by one."""
        if self.form == "json_schema" and not self.simple_schema:
            return replace(self, simple_schema=True)
        if self.form == "json_object" and self.schema_in_json_object:
            return replace(self, schema_in_json_object=False)
        return replace(self, form=WEAKER_FORM[self.form]) if auto and self.form in WEAKER_FORM else None


class ServerCapabilities:
    """The capabilities of one server and model, learned from its responses, across event loops and threads."""

    def __init__(self, first: Capabilities, *, auto: bool) -> None:
        self.current = first
        self.auto = auto
        self.proven = False
        """Whether a request of the current output format had a reply."""
        self._mismatches = 0
        self._lock = threading.Lock()

    def learn(self, used: Capabilities, rejection: Rejection, sent: frozenset[str]) -> Capabilities | None:
        """Return the capabilities for the next attempt after a rejection; None if no change would help."""
        found = used.after(rejection, sent, auto=self.auto)
        if found is None:
            return None
        if self.replace(used, found):
            changes = dict(asdict(found).items() - asdict(used).items())
            _log.info("request rejected (HTTP %d); from now on: %s", rejection.status, changes)
        return self.current

    def replace(self, old: Capabilities, new: Capabilities) -> bool:
        """Replace ``old`` by ``new``, and return whether it was still current: another request may have learned."""
        with self._lock:
            is_current = self.current == old
            if is_current:
                self.current = new
            return is_current

    def note_reply(self, form: OutputForm, *, fits: bool) -> bool:
        """Record whether a reply matched the schema, and return whether the output format changes."""
        with self._lock:
            if not self.auto or form != self.current.form:
                return False
            self._mismatches = 0 if fits else self._mismatches + 1
            if self._mismatches < MAX_MISMATCHES or form not in WEAKER_FORM:
                return False
            self._mismatches = 0
            self.current = replace(self.current, form=WEAKER_FORM[form])
            _log.info("%d replies in a row ignored %s; from now on: %s", MAX_MISMATCHES, form, self.current.form)
            return True


class PreparedRequest:
    """A request in the form that the server is known to accept."""

    def __init__(
        self,
        model: str,
        request: Request,
        parameters: Parameters,
        server: ServerCapabilities,
        context: int | None = None,
        *,
        used: Capabilities | None = None,
    ) -> None:
        self.model = model
        self.tokens = estimate_tokens(request)
        self.rejection: Rejection | None = None
        """Why the server rejected the last attempt."""
        self.is_empty = False
        """Whether the last attempt had an empty reply."""
        self.context = context
        """The tokens of the model's context, if the server reported them."""
        self._max_reply_tokens = _fit_limit(request.max_reply_tokens, context, self.tokens)
        self._failures = 0
        """Server errors that named no reason."""
        self._request, self._parameters, self._server = request, parameters, server
        self._first = server.current
        self._use(used or server.current)

    @property
    def capabilities(self) -> Capabilities:
        """The capabilities that the request makes use of."""
        return self._capabilities

    def _use(self, capabilities: Capabilities) -> None:
        self._capabilities, self.form = capabilities, capabilities.form
        request = replace(self._request, max_reply_tokens=self._max_reply_tokens)
        self.body = request_body(self.model, request, capabilities, self._parameters)

    @property
    def limit(self) -> int | None:
        """The limit of the reply that is sent, in tokens."""
        return next((self.body[name] for name in LIMIT_NAMES if name in self.body), None)

    def raise_limit(self, reply: Reply) -> bool:
        """Raise the limit that cut off ``reply``, at most once, and return whether that may help.

        A limit of the user's is doubled. The default limit is raised if hidden reasoning took a part of it: a visible
        reply that reaches it is likely to be endless.
        """
        used, limit = self._capabilities, self.limit
        if limit is None or used.doubled_limit or used.reasons_within_limit:
            return False
        if self._parameters.max_tokens is not None:
            self._use(replace(used, doubled_limit=True))
        elif _is_cut_by_reasoning(reply, limit):
            self._use(replace(used, reasons_within_limit=True))
        return self._capabilities != used

    def keep_limit(self) -> None:
        """Use the raised limit for later requests, too."""
        before = replace(self._capabilities, doubled_limit=False, reasons_within_limit=False)
        self._server.replace(before, self._capabilities)

    def adapt(self) -> bool:
        """Change the request after a rejection, and return whether there was something to change."""
        rejection, self.rejection = self.rejection, None
        is_empty, self.is_empty = self.is_empty, False
        if is_empty and self._server.auto and self.form != "text":  # `confirm` keeps it if it works
            self._use(replace(self._capabilities, form="text"))
            return True
        if rejection is None:
            return False
        sent = frozenset(self.body) | frozenset(self.body.get("extra_body", ()))
        if self._has_default_limit and (rejection.is_too_long or any(map(rejection.is_about_value, LIMIT_NAMES))):
            self._lower_limit(rejection.context)
            return True
        found = self._server.learn(self._capabilities, rejection, sent)
        if found is None and self._may_be_about_output(rejection):  # `confirm` keeps it if it works
            self._use(replace(self._capabilities, form=WEAKER_FORM[self.form], schema_in_json_object=False))
            return False  # the failure counts: the reason is a guess
        if found is not None:
            self._use(found)
        elif rejection.is_about_output and not rejection.is_too_long:
            # The fallbacks did not help. After any other error, they did: the output is accepted now.
            self._server.replace(self._capabilities, self._first)
        return found is not None

    def _lower_limit(self, context: int | None) -> None:
        """Limit the reply to the rest of the context; without a lower limit, leave the limit out."""
        self.context = context or self.context
        lower = _fit_limit(self._max_reply_tokens, context, self.tokens)
        self._max_reply_tokens = lower if lower != self._max_reply_tokens else None
        self._use(self._capabilities)

    def _may_be_about_output(self, rejection: Rejection) -> bool:
        """Return whether to try a weaker output format after `MAX_FAILURES` server errors without a reason."""
        if rejection.status != 500 or self._server.proven or not self._server.auto or self.form not in WEAKER_FORM:
            return False
        self._failures += 1
        return self._failures >= MAX_FAILURES

    def confirm(self) -> None:
        """Note that the request has a reply: what was tried for it is kept."""
        self._server.proven = True
        if self.form != self._first.form:
            self._server.replace(self._first, self._capabilities)

    @property
    def _has_default_limit(self) -> bool:
        return self.limit is not None and self._parameters.max_tokens is None


def _fit_limit(limit: int | None, context: int | None, prompt: float) -> int | None:
    """Return the limit of a reply that fits the context with the prompt; many servers reject a higher one."""
    if limit is None or context is None:
        return limit
    room = int(context - _PROMPT_MARGIN * prompt)
    return min(limit, room) if room >= _SHORTEST_LIMIT else limit


def _is_cut_by_reasoning(reply: Reply, limit: int) -> bool:
    """Return whether the text is much shorter than the limit that it reached. A token has a byte at least.

    A reply with fewer tokens was not stopped by the limit, but by the end of the context.
    """
    if 0 < reply.usage.completion < 0.9 * limit:
        return False
    text = reply.text.lstrip()
    is_short = len(text.encode(errors="replace")) < limit or reply.usage.reasoning > limit // 4
    return is_short or (text.startswith("<think>") and "</think>" not in text)


def request_body(
    model: str, request: Request, capabilities: Capabilities = Capabilities(), parameters: Parameters = Parameters()
) -> dict[str, Any]:
    """Return the keyword arguments of a chat completion, the same to the byte for the same arguments."""
    messages = _fold(request.messages) if capabilities.folds_system_message else request.messages
    limit, default = parameters.max_tokens, request.max_reply_tokens
    if limit is not None:
        limit *= 1 + capabilities.doubled_limit
    elif default is not None and not any(name in parameters.extra_body for name in LIMIT_NAMES):
        limit = default + REASONING_TOKENS * capabilities.reasons_within_limit
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": replace_surrogates(message.content)} for message in messages],
        **dict.fromkeys(capabilities.limit_names[:1], limit),
        "response_format": _response_format(request, capabilities),
        "seed": parameters.seed,
        "temperature": parameters.temperature,
        "extra_body": {k: value for k, value in parameters.extra_body.items() if k not in capabilities.dropped} or None,
    }  # in the order of the SDK
    return {name: value for name, value in body.items() if value is not None and name not in capabilities.dropped}


def _fold(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with those of the system before the first of the user, which some templates need."""
    system = [message.content for message in messages if message.role == "system"]
    first, *others = [message for message in messages if message.role != "system"]
    return [replace(first, content="\n\n".join([*system, first.content])), *others]


def _response_format(request: Request, capabilities: Capabilities) -> dict[str, Any] | None:
    if capabilities.form == "text":
        return None
    schema = simplify_schema(request.schema) if capabilities.simple_schema else dict(request.schema)
    if capabilities.form == "json_object":
        return {"type": "json_object"} | ({"schema": schema} if capabilities.schema_in_json_object else {})
    # Strict means closed objects, which a simple schema lacks: OpenAI would reject the two together.
    strict = {} if capabilities.simple_schema else {"strict": True}
    return {"type": "json_schema", "json_schema": {"name": request.schema_name, **strict, "schema": schema}}


def simplify_schema(
    schema: object, definitions: Mapping[str, Any] | None = None, path: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return ``schema`` with types, properties, items, alternatives and required fields only.

    References are replaced by their targets; a recursive one becomes a schema that accepts anything. Patterns,
    bounds, formats, closed objects and titles are removed.
    """
    if not isinstance(schema, Mapping):  # true and false are schemas, too
        return {}
    known = schema.get("$defs", {}) if definitions is None else definitions
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return {} if name in path else simplify_schema(known.get(name), known, (*path, name))
    simple: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("type", "description", "enum", "required"):
            simple[key] = value
        elif key == "const":
            simple["enum"] = [value]
        elif key == "properties":
            simple[key] = {name: simplify_schema(part, known, path) for name, part in value.items()}
        elif key == "items":
            simple[key] = simplify_schema(value, known, path)
        elif key in ("anyOf", "oneOf"):
            simple["anyOf"] = [simplify_schema(part, known, path) for part in value]
    return simple
