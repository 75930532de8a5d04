"""Measure what a model finds of statements that differ from their evidence, and its false alarms.

    python benchmarks/support_by_model.py --model NAME
    python benchmarks/support_by_model.py --replies FOLDER

The statements are those of ``support/*.yaml``; each article is one request of the check by ``verify``. With a folder,
replies are read from ``NAME.reply.txt``, and a request without a reply is written to ``NAME.prompt.md``. The last line
has all that the rules or the model find.
"""

import argparse
import asyncio
from collections import Counter, defaultdict
from pathlib import Path

from support import FAITHFUL, Case, find_by_rules, load_cases

from summarizer.brief import Evidence, Holder, Position
from summarizer.engines import ExtractionContext, load_prompts, split_into_chunks
from summarizer.engines.llm.session import ModelSession
from summarizer.engines.llm.support_check import SupportCheck
from summarizer.errors import ServerFailed, SummarizerError
from summarizer.models import Model, Reply, Request, UsageTracker, resolve_model
from summarizer.verification import Findings, run_checks


class Folder(Model):
    """A model whose replies are files."""

    def __init__(self, path: Path) -> None:
        self.name, self.path, self.article = str(path), path, ""

    async def complete(self, request: Request) -> Reply:
        """Return the reply to the article's request, or write the request."""
        if request.schema_name == "support" and len(request.messages) == 2:
            reply = self.path / f"{self.article}.reply.txt"
            if reply.exists():
                return Reply(reply.read_text(encoding="utf-8"))
            text = "\n\n".join(f"# {message.role}\n\n{message.content}" for message in request.messages)
            reply.with_name(f"{self.article}.prompt.md").write_text(text, encoding="utf-8")
        raise ServerFailed("There is no reply.")


async def find_faults(cases: list[Case], model: Model) -> list[bool]:
    """Return for each statement about one article whether the model finds it faulty."""
    context = ExtractionContext(cases[0].context.reading, cases[0].context.analysis)
    names = list(dict.fromkeys(case.claim.holders[0] for case in cases))
    findings = Findings(
        holders=tuple(Holder(id=name, name=name, kind="person") for name in names),
        positions=tuple(
            Position(
                id=f"P{number}",
                holders=case.claim.holders,
                statement=case.claim.statement,
                evidence=tuple(
                    Evidence(sentence=number, spans=sentence.spans, quote=sentence.text)
                    for number in case.claim.sentences
                    for sentence in [context.reading.sentence(number)]
                ),
                checks=run_checks(case.claim, context)[0],
            )
            for number, case in enumerate(cases, 1)
        ),
    )
    (chunk,) = split_into_chunks(context.reading)
    session = ModelSession(model, load_prompts(), UsageTracker(), repairs=0, slots=asyncio.Semaphore(1))
    check = SupportCheck(session, context)
    checked = await check.run(findings, chunk)
    if check.errors and not check.has_verdicts:
        raise check.errors[0]
    return [
        position.checks.support in ("partly", "unsupported") or position.statement != case.claim.statement
        for position, case in zip(checked.positions, cases, strict=True)
    ]


async def main(model: Model) -> None:
    """Print the counts by kind."""
    by_article: defaultdict[str, list[Case]] = defaultdict(list)
    for case in load_cases():
        by_article[case.name].append(case)
    counts, by_model, by_any = Counter[str](), Counter[str](), Counter[str]()
    for name, cases in by_article.items():
        if isinstance(model, Folder):
            model.article = name
        try:
            faults = await find_faults(cases, model)
        except SummarizerError as error:
            print(f"{name}: {error.message}")
            continue
        for case, is_found in zip(cases, faults, strict=True):
            counts[case.kind] += 1
            by_model[case.kind] += is_found
            by_any[case.kind] += is_found or bool(find_by_rules(case))
            if is_found == (case.kind == FAITHFUL):
                print(f"{name}, {case.kind}: {case.claim.statement}")
    for kind in sorted(counts, key=lambda kind: (kind == FAITHFUL, kind)):
        print(f"{kind:20} {by_model[kind]:3} of {counts[kind]}")
    for label, found in (("a model", by_model), ("a model or the rules", by_any)):
        corrupted = found.total() - found[FAITHFUL], counts.total() - counts[FAITHFUL]
        print(
            f"found by {label}: {corrupted[0]} of {corrupted[1]}; false alarms: {found[FAITHFUL]} of {counts[FAITHFUL]}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="the name of a model at an OpenAI-compatible server")
    parser.add_argument("--replies", type=Path, help="a folder of replies")
    options = parser.parse_args()
    chosen = Folder(options.replies) if options.replies else resolve_model(options.model)
    if chosen is None:
        parser.error("name a model or a folder")
    asyncio.run(main(chosen))
