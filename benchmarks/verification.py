"""Measure what the check of statements by a model (``verify``) costs, and what it finds.

    python benchmarks/verification.py
    python benchmarks/verification.py --marked FOLDER (--model NAME | --replies FOLDER)

Without options, it counts tokens. The extraction is played from the recordings. The verdicts are made up: every
statement is right, or one in twenty is faulty and is reworded. For each article, the table has the statements, and the
tokens of the check as a part of those of the extraction. A last column counts a token received as four tokens sent, as
prices do.

``--marked`` names a folder of briefs whose statements readers have judged: for each brief NAME.article.txt,
NAME.extraction.json (the model's reply to the prompt "extract"), and NAME.faults.json, which maps each statement with
a fault to an object whose keys are the kinds of its faults. The faults that the check finds are counted by kind, and
its false alarms. With ``--replies``, verdicts are read from NAME.reply.txt, and from NAME.again.reply.txt for reworded
statements; a request without a reply is written to NAME.prompt.md or NAME.again.prompt.md.
"""

import argparse
import asyncio
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from vcr.serialize import deserialize

from summarizer import Article, Model, Reply, Request, Summarizer
from summarizer.article import read
from summarizer.attribution import analyse
from summarizer.brief import Position
from summarizer.engines import ExtractionContext, count_tokens, load_prompts, split_into_chunks
from summarizer.engines.llm.chunks import first_request, read_findings
from summarizer.engines.llm.session import ModelSession
from summarizer.engines.llm.support_check import SupportCheck
from summarizer.errors import ServerFailed
from summarizer.models import UsageTracker, resolve_model
from summarizer.testing import CallbackModel, serializer

ROOT = Path(__file__).parent.parent
FAULTY = 20
"""One statement of so many is faulty."""
_STATEMENT = re.compile(r"^S(\d+) [^:\n]*: (.*)$", re.MULTILINE)


def recorded_replies(cassette: Path) -> dict[str, str]:
    """Return the replies of a recording by the last message of their requests."""
    requests, responses = deserialize(cassette.read_text(encoding="utf-8"), serializer)
    bodies = [json.loads(request.body) for request in requests]
    answers = [json.loads(response["body"]["string"]) for response in responses]
    return {
        body["messages"][-1]["content"]: answer["choices"][0]["message"]["content"]
        for body, answer in zip(bodies, answers, strict=True)
    }


def measure(
    article: Path, replies: dict[str, str], *, with_faults: bool
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return the tokens sent and received by kind of request, and the number of statements."""
    sent, received, statements_of = Counter[str](), Counter[str](), Counter[str]()
    said: dict[int, str] = {}

    def answer(request: Request) -> str:
        kind, text = request.schema_name, request.messages[-1].content
        reply: Any = replies.get(text)
        if kind == "support":
            numbers = [int(number) for number, _ in _STATEMENT.findall(text)]
            is_first = len(numbers) > 1 or not with_faults
            faulty = [number for number in numbers if with_faults and is_first and number % FAULTY == 1]
            right = [str(number) for number in numbers if number not in faulty]
            wrong = {"faults": ["partly"], "reason": "The sentence says that it may.", "stance": "unclear"}
            reply = {
                "right": _join_ranges(right),
                "wrong": [{"id": number, **wrong, "statement": f"{said[number]} now"} for number in faulty],
            }
        elif kind == "extraction":
            positions = json.loads(reply)["positions"]
            said.update((number, position["statement"]) for number, position in enumerate(positions, 1))
            statements_of["statements"] += len(positions)
        written = reply if isinstance(reply, str) else json.dumps(reply, separators=(",", ":"), ensure_ascii=False)
        sent[kind] += sum(count_tokens(message.content) for message in request.messages)
        received[kind] += count_tokens(written)
        return written

    with Summarizer(model=CallbackModel(answer), verify=True, chunk_concurrency=1, repairs=0) as summarizer:
        summarizer.summarize(article)
    return sent, received, statements_of


def _join_ranges(numbers: list[str]) -> str:
    """Return ids as ranges: "1-4,6"."""
    ranges: list[list[int]] = []
    for number in map(int, numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(f"{first}-{last}" if first < last else str(first) for first, last in ranges)


def print_costs() -> None:
    """Print the table of tokens."""
    print(f"{'':22}{'statements':>12}{'tokens':>9}{'1 in 20 faulty':>16}{'at 1 : 4':>10}")
    total: Counter[str] = Counter()
    for article in sorted((ROOT / "seeds").glob("*.txt")):
        replies = recorded_replies(ROOT / "cassettes" / f"{article.stem}.yaml")
        sent, received, statements = measure(article, replies, with_faults=False)
        more_sent, more_received, _ = measure(article, replies, with_faults=True)
        extraction = [sent["extraction"], received["extraction"]]
        check = [sent["support"], received["support"]]
        row = statements + Counter(
            extraction=sum(extraction),
            check=sum(check),
            faulty=more_sent["support"] + more_received["support"],
            price=extraction[0] + 4 * extraction[1],
            check_price=check[0] + 4 * check[1],
        )
        total += row
        print(_line(article.stem, row))
    print(_line("together", total))


def _line(name: str, row: Counter[str]) -> str:
    shares = (row["check"] / row["extraction"], row["faulty"] / row["extraction"], row["check_price"] / row["price"])
    return f"{name:22}{row['statements']:12}{shares[0]:9.0%}{shares[1]:16.0%}{shares[2]:10.0%}"


class Replies(Model):
    """A model whose replies about one brief are files; without a model, a request without a reply is written."""

    def __init__(self, folder: Path, name: str, model: Model | None) -> None:
        self.name, self.folder, self.model, self.tokens, self.again = name, folder, model, 0, ""

    async def complete(self, request: Request) -> Reply:
        """Return the reply to the next request about the brief."""
        stem, self.again = f"{self.name}{self.again}", ".again"
        text = "\n\n".join(f"# {message.role}\n\n{message.content}" for message in request.messages)
        file = self.folder / f"{stem}.reply.txt"
        if self.model is None and not file.exists():
            file.with_name(f"{stem}.prompt.md").write_text(text, encoding="utf-8")
            raise ServerFailed(f"There is no reply {file.name}.")
        reply = Reply(file.read_text(encoding="utf-8")) if self.model is None else await self.model.complete(request)
        self.tokens += sum(count_tokens(message.content) for message in request.messages) + count_tokens(reply.text)
        return reply


async def check_marked(folder: Path, replies: Path, model: Model | None) -> None:
    """Print what the check and the rules find of the faults that readers marked, by kind, and the false alarms."""
    marked, found, by_rules, tokens = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for file in sorted(folder.glob("*.faults.json")):
        name = file.name.partition(".")[0]
        faults = json.loads(file.read_text(encoding="utf-8"))
        reading = read(Article.from_text((folder / f"{name}.article.txt").read_text(encoding="utf-8")))
        context = ExtractionContext(reading, analyse(reading))
        chunk = split_into_chunks(reading)[0]
        extraction = (folder / f"{name}.extraction.json").read_text(encoding="utf-8")
        findings = read_findings(extraction, chunk, context).value
        assert findings, f"{name}: the extraction has no findings"
        checker, tracker = Replies(replies, name, model), UsageTracker()
        session = ModelSession(checker, load_prompts(), tracker, repairs=0, slots=asyncio.Semaphore(1))
        check = SupportCheck(session, context)
        checked = (await check.run(findings, chunk)).positions
        for note in check.notes:
            print(f"{name}: {note}")
        if not check.has_verdicts:
            continue
        request = first_request(chunk, context, load_prompts())
        tokens["extraction"] += sum(count_tokens(message.content) for message in request.messages)
        tokens["extraction"] += count_tokens(extraction)
        tokens["check"] += checker.tokens
        for old, new in zip(findings.positions, checked, strict=True):
            is_found = _has_objection(old, new)
            for kind in faults.get(old.statement, ["right"]):
                marked[kind] += 1
                found[kind] += is_found
                found[f"{kind}, put right"] += is_found and new.checks.support == "supported"
                by_rules[kind] += old.checks.support == "doubtful"
            if is_found or old.statement in faults:
                kinds = ", ".join(faults.get(old.statement, ["right"]))
                print(f"{name} {old.id} {kinds}: {new.checks.support}, {new.checks.support_reason}")
                print(f"    {old.statement}" + (f" -> {new.statement}" if new.statement != old.statement else ""))
    print(f"{'':16}{'marked':>8}{'found':>8}{'of these supported in the end':>32}{'by rules':>10}")
    for kind in sorted(marked):
        print(f"{kind:16}{marked[kind]:8}{found[kind]:8}{found[f'{kind}, put right']:32}{by_rules[kind]:10}")
    if tokens:
        print(f"tokens of the check: {tokens['check'] / tokens['extraction']:.1%} of those of the extraction")


def _has_objection(old: Position, new: Position) -> bool:
    """Return whether the check flagged or changed a position."""
    return new.checks.support in ("partly", "unsupported") or (old.statement, old.stance) != (new.statement, new.stance)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--marked", type=Path, help="a folder of briefs and the faults that readers found in them")
    parser.add_argument("--model", help="the name of a model at an OpenAI-compatible server")
    parser.add_argument("--replies", type=Path, help="a folder of replies")
    options = parser.parse_args()
    if options.marked is None:
        print_costs()
    elif options.model or options.replies:
        chosen = None if options.replies else resolve_model(options.model)
        asyncio.run(check_marked(options.marked, options.replies or options.marked, chosen))
    else:
        parser.error("name a model or a folder of replies")
