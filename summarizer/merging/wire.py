"""What a model is asked to write of a long article's merged findings: ids, and the words of the gist."""

from summarizer.verification.reply_types import ReplyRecord, Words


class WireIssues(ReplyRecord):
    """Issues that are one matter."""

    keep: Words
    same: tuple[Words, ...]
    opposite: tuple[Words, ...]
    """Those that say the contrary: who agrees with them disagrees with the one that is kept."""


class WireSame(ReplyRecord):
    """Positions of one holder that make the same claim, or open questions that ask the same."""

    keep: Words
    same: tuple[Words, ...]


class GroupingReply(ReplyRecord):
    """A reply about what belongs together."""

    issues: tuple[WireIssues, ...]
    positions: tuple[WireSame, ...]
    open_questions: tuple[WireSame, ...]


class CombinedGistReply(ReplyRecord):
    """A reply about what the whole is about."""

    text: Words
    rests_on: tuple[Words, ...]
