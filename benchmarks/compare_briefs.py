"""Compare the briefs of two versions of the library.

    python benchmarks/compare_briefs.py dump OUT.jsonl [--texts FOLDER ...] [--replies REPLIES.json]
    python benchmarks/compare_briefs.py diff OLD.jsonl NEW.jsonl

``dump`` writes one line of JSON an article: the built-in engine's brief and the attributions. With ``--replies`` it
also writes the briefs that recorded replies give; the file maps the hash of a request to the text of its reply. A
request that has no reply is an error, so the requests are compared as well. Times and versions are left out.
Run each ``dump`` with the Python environment of one version. ``diff`` prints what differs and exits with 1.
"""

import argparse
import asyncio
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from summarizer import Article, Model, Reply, Request, asummarize, attributions, summarize

SEEDS = Path(__file__).parent.parent / "seeds"
VOLATILE = ("made", "seconds", "waited", "library")


class RecordedModel(Model):
    """Answer from recorded replies, found by the hash of the request's messages."""

    name = "recorded-model"

    def __init__(self, replies: Mapping[str, str]) -> None:
        self.replies = replies

    async def complete(self, request: Request) -> Reply:
        """Return the recorded reply to ``request``."""
        return Reply(self.replies[request_hash([[each.role, each.content] for each in request.messages])])


def request_hash(messages: list[list[str]]) -> str:
    """Return the hash of role and content of each message."""
    return hashlib.sha256(json.dumps(messages).encode()).hexdigest()


def brief_of(article: Article, **options: Any) -> dict[str, Any]:
    """Return an article's brief as JSON, without what differs from run to run."""
    return _stable(json.loads(summarize(article, **options).model_dump_json()))


def _stable(brief: dict[str, Any]) -> dict[str, Any]:
    for name in VOLATILE:
        brief["provenance"].pop(name, None)
    brief["article"].pop("source", None)
    return brief


def attributions_of(article: Article) -> list[dict[str, Any]]:
    """Return each attribution's spans, holders and properties."""
    return [
        {
            **{name: getattr(found, name) for name in ("source", "cue", "content", "sentences", "speech", "certainty")},
            **{name: getattr(found, name) for name in ("act", "polarity", "denied", "unsaid")},
            "holders": [
                [each.name, each.kind, each.role, each.affiliation, each.aliases, each.mentions]
                for each in found.holders
            ],
        }
        for found in attributions(article)
    ]


def rows(folders: list[Path], replies: Mapping[str, str] | None) -> Iterator[dict[str, Any]]:
    """Yield one row an article: of the seeds, and of the .txt files below ``folders``."""
    for path in [each for folder in [SEEDS, *folders] for each in sorted(folder.rglob("*.txt"))]:
        article = Article.from_file(path)
        yield {
            "id": path.name,
            "brief": brief_of(article, model="builtin"),
            "attributions": attributions_of(article),
        }
    if replies is not None:
        for path in sorted(SEEDS.glob("*.txt")):
            brief = asyncio.run(asummarize(Article.from_file(path), model=RecordedModel(replies)))
            yield {"id": f"{path.name} (recorded)", "brief": _stable(json.loads(brief.model_dump_json()))}


def differences(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Yield a line for each value that differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(new.keys() - old.keys())]:
            yield from differences(old.get(key), new.get(key), f"{where}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif old != new:
        yield f"{where}: {json.dumps(old, ensure_ascii=False)[:300]} -> {json.dumps(new, ensure_ascii=False)[:300]}"


def diff(old: Path, new: Path) -> int:
    """Print the differences of two dumps and return how many articles differ."""
    tables = [{row["id"]: row for row in map(json.loads, path.read_text().splitlines())} for path in (old, new)]
    changed = 0
    for name in tables[0] | tables[1]:
        found = list(differences(*[table.get(name) for table in tables], name))
        changed += bool(found)
        print("\n".join(found[:10]), end="\n" if found else "")
    print(f"{len(tables[0] | tables[1])} articles compared, {changed} differ")
    return changed


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    dump = commands.add_parser("dump")
    dump.add_argument("out", type=Path)
    dump.add_argument("--texts", type=Path, nargs="*", default=[])
    dump.add_argument("--replies", type=Path)
    compare = commands.add_parser("diff")
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    options = parser.parse_args()
    if options.command == "diff":
        sys.exit(1 if diff(options.old, options.new) else 0)
    replies = json.loads(options.replies.read_text()) if options.replies else None
    with options.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(options.texts, replies))


if __name__ == "__main__":
    main()
