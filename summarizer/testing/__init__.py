"""For tests of what is built on the library: models that say what they are told to, replies made to
measure, and cassettes that play a server's answers back.

    from summarizer import ScriptedModel, summarize
    from summarizer.testing import reply_for

    brief = summarize(text, model=ScriptedModel(reply_for(text)))

`cassette` needs vcrpy (``pip install 'articlebrief[testing]'``); nothing else here does. The pytest plugin
is in `summarizer.testing.plugin`, and pytest finds it by itself.
"""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports

if TYPE_CHECKING:
    from summarizer.errors import StaleCassette
    from summarizer.models.fake import CallbackModel, ScriptedModel, ScriptedReply
    from summarizer.testing.cassettes import Cassette, cassette
    from summarizer.testing.replies import replies_for, reply_for
else:
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "summarizer.errors": ["StaleCassette"],
            "summarizer.models.fake": ["CallbackModel", "ScriptedModel", "ScriptedReply"],
            ".cassettes": ["Cassette", "cassette"],
            ".replies": ["reply_for", "replies_for"],
        },
        extra="testing",
    )

__all__ = [
    "CallbackModel",
    "Cassette",
    "ScriptedModel",
    "ScriptedReply",
    "StaleCassette",
    "cassette",
    "replies_for",
    "reply_for",
]
