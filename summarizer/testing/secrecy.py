"""What may be a secret: by the name under which it stands, and by what it looks like."""

import re

SENT_BY_CLIENTS = re.compile(
    r"(x-stainless-.*|accept.*|content-.*|user-agent|host|connection|idempotency-key|traceparent|transfer-encoding"
    r"|http-referer|referer|x-title)$",
    re.IGNORECASE,
)
"""Headers of a request that clients add themselves."""
SECRET_IN_REQUESTS = re.compile(
    r".*(cookie|organi[sz]ation|project|key|token|auth|secret|password|credential|session|signature)", re.IGNORECASE
)
SECRET_IN_ANSWERS = re.compile(
    r"(?!.*ratelimit).*(cookie|organi[sz]ation|project|api-?key|token|authorization)",  # limits count tokens
    re.IGNORECASE,
)
KEY_MEMBERS = re.compile(
    r".*(api[_-]?key|secret|password|authorization|assertion|(access|auth|id|refresh|session|subject)_token)"
    r"|(set-)?cookies?",
    re.IGNORECASE,
)
"""Names under which bodies hold keys: those of gateways, and of servers that give out tokens."""
ID_MEMBERS = re.compile(r"(.*[_-])?(organi[sz]ation|project)([_-]?id)?", re.IGNORECASE)
"""Names under which they hold the ids of organisations and projects."""
HARMLESS_QUERY = frozenset({"api-version", "after", "before", "limit", "order"})
SECRET_VARIABLES = re.compile(
    r"OPENAI_(API_KEY|ADMIN_KEY|ORG_ID|PROJECT_ID|CUSTOM_HEADERS)"
    r"|AZURE_.*(KEY|TOKEN|SECRET|PASSWORD|ENDPOINT|_ID|CONNECTION_STRING)"
)

KEY_LIKE = re.compile(
    r"\b(?:sk|pk|rk|sess)-(?=[\w*.-]*[\d*])[\w*.-]{8,}"  # OpenAI's and those after its pattern, masked ones too
    r"|\b\w[\w-]{2,}\*{4,}[\w-]{2,}"  # other masked ones
    r"|\b(?:org|proj)_[A-Za-z0-9]{8,}\b"
    r"|\b(?:org|proj)-(?:(?=[A-Za-z0-9]*(?:\d|[a-z][A-Z]))[A-Za-z0-9]{8,}|[A-Za-z0-9]{16,})\b"  # "org-approved" is none
    r"|\buser[-_](?=[A-Za-z0-9]*\d)[A-Za-z0-9]{12,}"
    r"|\b[Bb]earer\s+(?=[\w.~+/*=-]*\d)[\w.~+/*=-]{16,}"
    r"|\bBasic\s+(?=[\w+/=]*\d)[\w+/=]{12,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"  # JSON web tokens
    r"|\bgh[opsur]_\w{30,}|\bhf_[A-Za-z0-9]{20,}|\bAKIA[A-Z0-9]{16}|\bAIza[\w-]{35}|\bgsk_[A-Za-z0-9]{20,}"
)

_NOT_SECRET = frozenset(
    "no-key none empty dummy ollama lm-studio not-needed not_needed unused placeholder recorded "
    "sk-no-key-required application/json".split()
)
"""What people give where a key is wanted and none is needed; words that articles may hold."""
_LONGEST_WORD, _MOST_WORDS = 15, 3
_NUMBER = re.compile(r"v?[\d.,:/_-]{1,14}(-?(preview|beta|alpha)\d*)?", re.IGNORECASE)
_MIXED = re.compile(r"(?=.*\d)(?=.*[^\W\d_])\S+", re.DOTALL)


def is_placeholder(value: str) -> bool:
    """Whether ``value`` stands where a key is wanted and none is needed."""
    return value.casefold() in _NOT_SECRET


def may_be_word(value: str) -> bool:
    """Whether articles may well hold ``value``: up to three words, or a number, such as a date or a version."""
    words = re.split("[ _-]", value)
    return (len(words) <= _MOST_WORDS and all(map(_is_word, words))) or _NUMBER.fullmatch(value) is not None


def looks_random(value: str) -> bool:
    """Whether ``value`` is of letters and digits in one, and so may be a key, whatever it is called."""
    return _MIXED.fullmatch(value) is not None and not may_be_word(value)


def _is_word(text: str) -> bool:
    return text.isalpha() and len(text) <= _LONGEST_WORD and text in (text.lower(), text.upper(), text.title())
