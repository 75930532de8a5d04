"""Replies that stand: made of an article, as a model that read it well would write them."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from summarizer.article import Chunk, read
from summarizer.attribution import analyse
from summarizer.errors import ConfigurationError
from summarizer.models import Request
from summarizer.sources.loading import Source, to_article
from summarizer.testing.analysed import analysed
from summarizer.testing.saying import Said, Says, said
from summarizer.testing.sound import sound, within
from summarizer.testing.whole import first_gist, ungrouped
from summarizer.verification import GroundingContext
from summarizer.verification.reply_types import ExtractionReply, ReplyRecord

__all__ = ["Says", "reply_for", "replying"]

_ARTICLE = re.compile(r"<article-([0-9a-f]{12})>\n(.*?)\n</article-\1>", re.DOTALL)
_OF_THE_WHOLE: Mapping[str, Callable[[Request], ReplyRecord]] = {"group": ungrouped, "gist": first_gist}
_NUMBER = re.compile(r"^\[(\d+)\] ", re.MULTILINE)


def reply_for(
    article: Source,
    positions: Iterable[Said] | None = None,
    *,
    issue: str | None = None,
    questions: Iterable[str] | None = None,
    gist: str | None = None,
    clean: bool = True,
) -> ExtractionReply:
    """A reply about ``article`` in which everything stands, for a request that holds all of it.

        model = ScriptedModel(reply_for(text))
        model = ScriptedModel(reply_for(text, [("Anna Berg", "The bridge must go", "agrees")]))

    What is left out is as the library's own analysis of reported speech finds it: real holders, real
    sentences, stances unclear. What is given is said in words of the article, and never with numbers.

    Args:
        article: a text, the path of a text file, or an Article.
        positions: each a `Says`, or a tuple of what it takes: holder, phrase, stance, issue.
        issue: the proposition that stances are taken to, where a position names none; the headline,
            if that is left out too.
        questions: for each open question, words of a sentence that asks it or leaves it open.
        gist: the gist; its evidence are the title and the first sentence.
        clean: as in `Summarizer`, whose numbers of sentences depend on it.

    Raises:
        ArticleError: the article cannot be read.
        ConfigurationError: a name or a phrase does not stand in the article, a stance is none, or
            a figure is none of the article's; the message says which, and what is nearest.
    """
    made, given = _made(article, clean, positions=positions, issue=issue, questions=questions, gist=gist)
    return _part(made, given, range(1, len(given.reading.sentences) + 1))


def replying(
    *articles: Source,
    positions: Iterable[Said] | None = None,
    issue: str | None = None,
    questions: Iterable[str] | None = None,
    gist: str | None = None,
    clean: bool = True,
) -> Callable[[Request], ReplyRecord]:
    """A function that answers each request with what lies in its sentences, for a `CallbackModel`.

    It serves articles of several chunks, in any order, and several articles; of what is asked about a whole
    it joins nothing, and takes the gist of the first part:

        model = CallbackModel(replying(first, second))

    A claim whose sentences lie in two chunks is made in neither. The options are those of `reply_for`;
    what they say is about a single article.

    Raises:
        ConfigurationError: as `reply_for`, or something is said of more than one article at once.
    """
    options = {"positions": positions, "issue": issue, "questions": questions, "gist": gist}
    if len(articles) != 1 and any(option is not None for option in options.values()):
        raise ConfigurationError("What replying() is told to answer is about one article; give it one.")
    known = {}
    for article in articles:
        made, given = _made(article, clean, **options)
        known[given.reading.article.sha256[:12]] = (made, given)

    def answer(request: Request) -> ReplyRecord:
        if request.schema_name in _OF_THE_WHOLE:
            return _OF_THE_WHOLE[request.schema_name](request)
        name, numbers = _asked(request)
        if name not in known:
            raise AssertionError(
                "The request is about another text than those that replying() was given; "
                "it must be the same to the letter."
            )
        return _part(*known[name], numbers)

    return answer


def _made(article: Source, clean: bool, **options: Any) -> tuple[ExtractionReply, GroundingContext]:
    """What is to be said of all of an article, and what it is held against."""
    reading = read(to_article(article), clean=clean)
    given = GroundingContext.of(reading, analyse(reading))
    found = sound(analysed(given), Chunk(reading.sentences, ()), given)
    return said(given, found, **options), given


def _part(made: ExtractionReply, given: GroundingContext, numbers: range) -> ExtractionReply:
    """What ``made`` says on the sentences with these numbers."""
    sentences = given.reading.sentences[numbers.start - 1 : numbers.stop - 1]
    return within(made, Chunk(sentences, ()), given)


def _asked(request: Request) -> tuple[str, range]:
    """The article that a request is about, by the beginning of its hash, and the numbers of its sentences.

    Raises:
        AssertionError: it holds no article.
    """
    shown = (_ARTICLE.search(message.content) for message in request.messages if message.role != "assistant")
    found = next(filter(None, shown), None)
    numbers = [int(number) for number in _NUMBER.findall(found[2])] if found else []
    if not found or not numbers:
        raise AssertionError("The request holds no article between delimiters, as the library's own requests do.")
    return found[1], range(numbers[0], numbers[-1] + 1)
