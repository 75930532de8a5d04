"""The form of an article: report, interview, transcript, live blog, and the others.

A form that the article declares is taken. Otherwise the front of the text, its layout and its words decide.
A text without clear signs is a report.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily, required_literals
from summarizer.article.article import Article, ArticleForm
from summarizer.article.cleaning import fill_in
from summarizer.article.labels import SpeakerLabel, find_asking, find_interviewers, find_labels
from summarizer.article.paragraphs import split_lazily
from summarizer.article.press_release import find_release

if TYPE_CHECKING:
    from summarizer.article.reading import Reading, Sentence

_DATA = read_toml(__file__, "forms.toml")
_FRONT = {form: compile_lazily(pattern, re.IGNORECASE) for form, pattern in fill_in(_DATA["front"]).items()}
_FOOTER = compile_lazily("|".join(_DATA["back"]["opinion"]), re.IGNORECASE)
_ARGUMENT = fill_in(_DATA["argument"])
_DEMAND, _VALUE, _IMPERATIVE, _CONCESSION = (
    compile_lazily(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE) for pattern in _ARGUMENT.values()
)
_DEMAND_LITERALS, _VALUE_LITERALS = (required_literals(_ARGUMENT[name]) for name in ("demands", "values"))
_VERDICT = compile_lazily(
    r"\b(?:is|are|was|were|be|been|ist|sind|wären?|est|sont|serait)(?:n['’]t| not| also| still)? (?:[\w-]+ ){0,5}"
    rf"(?:{_VALUE.pattern})",
    re.IGNORECASE,
)
_COURT = [
    (compile_lazily(rf"\b(?:{pattern})\b", re.IGNORECASE), True, required_literals(pattern.lower()))
    if "(?-i:" in pattern
    else (compile_lazily(rf"\b(?:{pattern.lower()})\b"), False, required_literals(pattern.lower()))
    for pattern in _DATA["court"]["words"]
]
"""Each with whether case counts; a search of a text in lower case is several times as quick."""
_FRONT_LINES = 6
_MAX_FRONT = 2_000  # characters
_MAX_STANDFIRST = 200
_MAX_HEAD = 120  # characters of a headline
_INTRODUCTION = 8  # paragraphs before the first question that can tell of an interview
_PERSONAL_SHARE = 3  # answers for each in the first person
_READ = 300  # paragraphs that decide the form
_MIN_COURT = 9  # kinds of words of a court report, those of the lead counted twice
_MAX_COURT = 8_000  # characters in which they are searched
_MIN_COURT_LEAD = 3  # of them in the first three paragraphs
_MIN_POSTS = 3
_MIN_OWN = 2  # sentences in the first person singular
_MIN_ARGUMENTS = 4  # sentences of an argument without "I"
_ARGUMENT_SHARE = 0.3  # of the paragraphs
_PERSONAL_ARGUMENT_SHARE = 0.6  # of the paragraphs, if the author also says "I"
_SENTENCE_END = compile_lazily(r"(?<=[.!?])\s+")
_PERSONAL = compile_lazily(
    r"(?<![\w’'])(?:I|[Ww]e|[Mm]y|[Oo]ur|[Ii]ch|[Ww]ir|[Mm]ein|[Jj]e|[Nn]ous)(?:['’](?:m|d|ve|ll|re))?\b(?!\.)"
)
_FIRST_PERSON = compile_lazily(r"(?:I|My|my)\b(?<![\w’']I)(?<![\w’'][Mm]y)(?!\.)")  # begins with a letter: is quicker
_YOU = compile_lazily(r"\b(?:[Yy]our?|Sie|Ihnen|Ihre?[mnrs]?|[Vv]o(?:us|tre|s))\b")
_QUOTED = compile_lazily(r"[“\"«„][^“”\"«»„]*(?:[”\"»]|$)")
_ZONE = r"(?: (?-i:[A-Z]{2,4}|Uhr)\b)?"
_NOON = r" ?[ap]\.?m\b\.?"
_POST = compile_lazily(
    rf"(?:(?:posted|published)(?: at)? )?[\[(]?"
    rf"(?P<time>\d{{1,2}}(?:h\d{{2}}|[:.]\d{{2}}(?::\d{{2}})?(?:{_NOON})?|{_NOON}){_ZONE})"
    r"[\])]?(?:\s*[-–—|:]\s+|\s+(?=(?-i:[A-Z“\"‘]))|$)",
    re.IGNORECASE,
)


class Post(NamedTuple):
    """The beginning of a post in a live blog."""

    sentence: int
    """The number of its first sentence."""
    time: str
    """As the article writes it."""


def find_form(article: Article, sentences: Sequence["Sentence"]) -> ArticleForm:
    """Return the declared form of an article, else the one that its text shows."""
    if article.form:
        return article.form
    paragraphs = _paragraphs(sentences)
    lines = [line.text for line in islice(split_lazily(article.text[:_MAX_FRONT]), _FRONT_LINES)]
    front = [article.title or "", article.section or "", *lines]
    prose = [text for text, kind in paragraphs if kind == "prose"]
    if find_release(article.text):
        return "press-release"
    texts = [text if kind != "title" else "" for text, kind in paragraphs]
    if labels := find_labels(texts):
        return _form_of_labels(labels, find_interviewers(texts, labels), front)
    if len(find_posts(sentences)) >= _MIN_POSTS:
        return "live-blog"
    if _is_interview(texts, find_emphasised(article.text, sentences), front):
        return "interview"
    heads = front[:2] + [line for line in lines[:2] if len(line) <= _MAX_HEAD and line[-1] != "."]
    for form in ("opinion", "analysis", "round-up"):
        if _matches(heads, form):
            return form
    if _is_court_report(prose):
        return "court-report"
    is_argued = _is_argued(article, prose) or any(_FOOTER.fullmatch(text) for text in prose[-2:])
    return "opinion" if is_argued else "report"


def find_posts(sentences: Sequence["Sentence"]) -> list[Post]:
    """Return the posts of a live blog: paragraphs that begin with a time of day."""
    posts = []
    paragraph = -1
    for sentence in sentences:
        if sentence.paragraph != paragraph and sentence.text[0] in "0123456789[(pP" and sentence.kind == "prose":
            match = _POST.match(sentence.text)
            if match and (any(mark in match["time"] for mark in ":.h") or match.end() == len(sentence.text)):
                posts.append(Post(sentence.number, match["time"]))
        paragraph = sentence.paragraph
    return posts


def _paragraphs(sentences: Sequence["Sentence"]) -> list[tuple[str, str]]:
    """Return the text and the kind of the first paragraphs."""
    texts: dict[int, list[str]] = {}
    kinds: dict[int, str] = {}
    for sentence in sentences:
        if sentence.paragraph >= _READ:
            break
        texts.setdefault(sentence.paragraph, []).append(sentence.text)
        kinds.setdefault(sentence.paragraph, sentence.kind)
    return [(" ".join(words), kinds[index]) for index, words in texts.items()]


def _matches(lines: Sequence[str], form: str) -> bool:
    return any(_FRONT[form].search(line) for line in lines if line)


def _form_of_labels(
    labels: Mapping[int, SpeakerLabel], interviewers: frozenset[str], front: Sequence[str]
) -> ArticleForm:
    """Tell an interview, in which one speaker answers, from a transcript of several speakers."""
    if any(label.kind == "answer" for label in labels.values()):
        return "interview"
    if _matches(front[:3], "transcript") and not _matches(front[:3], "interview"):
        return "transcript"
    speakers = {label.key for label in labels.values()} - interviewers
    return "interview" if interviewers and len(speakers) < 2 else "transcript"


def find_emphasised(text: str, sentences: Sequence["Sentence"]) -> frozenset[int]:
    """Return the paragraphs that are in bold type or italics as a whole, by the marks of Markdown."""
    if "*" not in text and "_" not in text:
        return frozenset()
    ends: dict[int, tuple[int, int]] = {}
    for sentence in sentences:
        start = ends.get(sentence.paragraph, (sentence.spans[0].start, 0))[0]
        ends[sentence.paragraph] = start, sentence.spans[-1].end
    places = ((index, text[max(0, start - 1) : start], text[end : end + 1]) for index, (start, end) in ends.items())
    return frozenset(index for index, before, after in places if {before, after} <= {"*", "_"})


def _is_interview(paragraphs: Sequence[str], emphasised: Collection[int], front: Sequence[str]) -> bool:
    """Return whether paragraphs ask and others answer, and the front tells of an interview."""
    asking = find_asking(paragraphs, emphasised)
    size = sum(map(bool, paragraphs))
    if not asking or asking[-1] - asking[0] >= 8 * len(asking) or 2 * len(asking) > size + 1:
        return False
    if _matches(front[:3], "interview"):
        return True
    answers = [text for index, text in enumerate(paragraphs) if text and index > asking[0] and index not in asking]
    personal = sum(bool(_PERSONAL.search(_QUOTED.sub(" ", text))) for text in answers)
    to_you = sum(bool(_YOU.search(paragraphs[index])) for index in asking)
    if to_you > 1 and not any(paragraphs[: asking[0]]) and _PERSONAL_SHARE * personal >= len(answers):
        return True  # it begins with a question, without headline and introduction
    if personal and _matches([line for line in front if len(line) <= _MAX_STANDFIRST], "interview"):
        return True
    is_personal = len(asking) > 2 and _PERSONAL_SHARE * personal >= len(answers)
    return is_personal and _matches([*paragraphs[: min(asking[0], _INTRODUCTION)], paragraphs[-1]], "interview")


def _is_court_report(prose: Sequence[str]) -> bool:
    lead = _count_court_words(prose[:3])
    return lead >= _MIN_COURT_LEAD and lead + _count_court_words(prose) >= _MIN_COURT


def _count_court_words(paragraphs: Sequence[str]) -> int:
    """Return how many kinds of words of the courts there are."""
    text = " ".join(paragraphs)[:_MAX_COURT]
    lower = text.lower()
    return sum(
        any(literal in lower for literal in literals) and bool(pattern.search(text if has_case else lower))
        for pattern, has_case, literals in _COURT
    )


def _is_argued(article: Article, prose: Sequence[str]) -> bool:
    """Return whether an author argues: says "I" outside quotations, or signs and says what should be."""
    may_be_personal = filter(_FIRST_PERSON.search, prose)
    personal = sum(bool(_FIRST_PERSON.search(_QUOTED.sub(" ", text))) for text in may_be_personal)
    is_signed = bool(article.author) and any(str(article.author) in text for text in prose[-2:])  # below the text
    if not article.author:
        return personal > _MIN_OWN and _PERSONAL_SHARE * personal >= len(prose)
    if personal >= _MIN_OWN:
        return True
    plain = [_QUOTED.sub(" ", text) for text in prose]
    has_quotations = sum(text != own for text, own in zip(prose, plain, strict=True))
    if is_signed and 3 * has_quotations < len(prose):
        demands = [text for part in plain for text in _SENTENCE_END.split(part) if weigh_argument(text) > 1]
        return len(demands) >= max(_MIN_OWN, _ARGUMENT_SHARE * len(prose))
    limits = [max(_MIN_OWN, _PERSONAL_ARGUMENT_SHARE * len(prose))] if personal else []
    if 3 * has_quotations < len(prose):
        limits.append(max(_MIN_ARGUMENTS, _ARGUMENT_SHARE * len(prose)))
    arguments = (text for text in plain if any(map(weigh_argument, _SENTENCE_END.split(text))))
    return bool(limits) and len(list(islice(arguments, ceil(min(limits))))) >= min(limits)


def weigh_argument(text: str) -> int:
    """Return 2 if a sentence demands or judges, 1 if it has words of worth, 0 for any other."""
    if _CONCESSION.match(text):
        return 0
    lower = text.lower()
    has_demand = any(literal in lower for literal in _DEMAND_LITERALS)
    if (has_demand and _DEMAND.search(text)) or _IMPERATIVE.fullmatch(text):
        return 2
    if not any(literal in lower for literal in _VALUE_LITERALS):
        return 0
    return 2 if _VERDICT.search(text) else int(bool(_VALUE.search(text)))


def posts_by_sentence(reading: "Reading") -> dict[int, str]:
    """Return the time of the post of each sentence of a live blog."""
    times: dict[int, str] = {}
    posts = {post.sentence: post.time for post in find_posts(reading.sentences)}
    time = None
    for sentence in reading.sentences:
        time = posts.get(sentence.number, time)
        if time:
            times[sentence.number] = time
    return times
