"""Make a digest of a folder of articles: issues, positions by holder, and open questions."""

import sys
from collections.abc import Iterator
from pathlib import Path

from summarizer import Brief, Summarizer, SummarizerError
from summarizer.brief import Position


def digest(folder: Path, summarizer: Summarizer) -> str:
    """Return a digest of all text files in ``folder``, in Markdown; failed articles are named."""
    sections = [_section(path, summarizer) for path in sorted(folder.glob("*.txt"))]
    return "\n".join(["# Digest", *sections, ""])


def _section(path: Path, summarizer: Summarizer) -> str:
    try:
        brief = summarizer.summarize(path)
    except SummarizerError as error:
        return f"\n## {path.name}\n\n*Not read: {error.message}*"
    return "\n".join([f"\n## {brief.article.title or path.name}", *_lines(brief)])


def _lines(brief: Brief) -> Iterator[str]:
    for issue in brief.issues:
        yield f"\n### {issue.proposition}\n"
        yield from (_line(brief, position) for position in brief.positions if position.issue == issue.id)
    if others := [position for position in brief.positions if position.issue is None]:
        yield "\n### Also said\n"
        yield from (_line(brief, position) for position in others)
    if brief.open_questions:
        yield "\n### Open\n"
        yield from (f"- {question.question}" for question in brief.open_questions)


def _line(brief: Brief, position: Position) -> str:
    """Format a position; mark it for the editor if its sentences quote another speaker."""
    names = " and ".join(brief.holder(holder).name or "The author" for holder in position.holders)
    stance = f" ({position.stance})" if position.issue and position.stance != "unclear" else ""
    sentences = ", ".join(str(evidence.sentence) for evidence in position.evidence)
    doubt = " — **check the speaker**" if position.checks.speaker == "contradicted" else ""
    return f"- **{names}**{stance}: {position.statement} [{sentences}]{doubt}"


def main() -> None:
    """Run ``newsdesk FOLDER``: print the digest made by the model that the environment names."""
    if len(sys.argv) != 2:
        sys.exit("usage: newsdesk FOLDER")
    with Summarizer() as summarizer:
        sys.stdout.write(digest(Path(sys.argv[1]), summarizer))


if __name__ == "__main__":
    main()
