"""For tests of what is built on the library: models that say what they are told to, replies made to
measure, and cassettes that play a server's answers back.

    from summarizer import ScriptedModel, summarize
    from summarizer.testing import reply_for

    brief = summarize(text, model=ScriptedModel(reply_for(text)))

`cassette` needs vcrpy (``pip install 'articlebrief[testing]'``); nothing else here does. The pytest plugin
is in `summarizer.testing.plugin`, and pytest finds it by itself.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.errors import StaleCassette
    from summarizer.models.fake import FunctionModel, ScriptedModel, ScriptedReply
    from summarizer.testing.cassettes import Cassette, cassette
    from summarizer.testing.replies import Says, reply_for, replying

__all__ = [
    "Cassette",
    "FunctionModel",
    "Says",
    "ScriptedModel",
    "ScriptedReply",
    "StaleCassette",
    "cassette",
    "reply_for",
    "replying",
]

_HOMES = {
    "Cassette": "summarizer.testing.cassettes",
    "FunctionModel": "summarizer.models.fake",
    "Says": "summarizer.testing.replies",
    "ScriptedModel": "summarizer.models.fake",
    "ScriptedReply": "summarizer.models.fake",
    "StaleCassette": "summarizer.errors",
    "cassette": "summarizer.testing.cassettes",
    "reply_for": "summarizer.testing.replies",
    "replying": "summarizer.testing.replies",
}
_NEED_VCRPY = ("Cassette", "cassette")


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for.

    Raises:
        ConfigurationError: it needs vcrpy or PyYAML, which is not installed.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if name not in _NEED_VCRPY or error.name is None or error.name.startswith("summarizer"):
            raise
        raise _missing(error.name.partition(".")[0]) from error


def __dir__() -> list[str]:
    return __all__


def _missing(module: str) -> Exception:
    from summarizer.errors import ConfigurationError

    hint = "Install what cassettes need: pip install 'articlebrief[testing]'"
    return ConfigurationError(f"Cassettes need the Python package {module!r}, which is not installed.", hint=hint)
