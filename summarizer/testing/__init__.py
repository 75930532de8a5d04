"""Tools for tests of programs that use the library: fake models, and recorded replies on vcrpy.

    from summarizer import ScriptedModel, summarize
    from summarizer.testing import reply_for

    brief = summarize(text, model=ScriptedModel(reply_for(text)))

`vcr_config` and `configure_vcr` need vcrpy (``pip install 'articlebrief[testing]'``). The pytest plugin is
`summarizer.testing.plugin`.
"""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports

if TYPE_CHECKING:
    from summarizer.models import CallbackModel, ScriptedModel, ScriptedReply
    from summarizer.testing.recording import configure_vcr, vcr_config
    from summarizer.testing.replies import replies_for, reply_for
    from summarizer.testing.staleness import StaleCassette
else:
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            "summarizer.models": "CallbackModel ScriptedModel ScriptedReply",
            ".recording": "configure_vcr vcr_config",
            ".replies": "replies_for reply_for",
            ".staleness": "StaleCassette",
        },
        extra="testing",
    )

__all__ = [
    "CallbackModel",
    "ScriptedModel",
    "ScriptedReply",
    "StaleCassette",
    "configure_vcr",
    "replies_for",
    "reply_for",
    "vcr_config",
]
