"""Measure what the checks find of statements that differ from their evidence, and their false alarms.

    python benchmarks/support.py [--list]

The articles and statements in ``support/*.yaml`` are invented. Half of the statements are corrupted in one of eight
ways. The rules find one if the support check calls it doubtful, or the speaker check contradicts it.
`support_by_model.py` measures a model.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.verification import Claim, GroundingContext, run_checks

FOLDER = Path(__file__).parent / "support"
FAITHFUL = "faithful"


class Case(NamedTuple):
    """A statement about an article, and how it was corrupted."""

    name: str
    kind: str
    claim: Claim
    context: GroundingContext


def load_cases(folder: Path = FOLDER) -> Iterator[Case]:
    """Yield the statements of all files."""
    for path in sorted(folder.glob("*.yaml")):
        articles: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for article in articles:
            reading = read(Article.from_text(article["text"]))
            context = GroundingContext(reading, analyse(reading))
            for item in article["statements"]:
                claim = Claim(item["statement"], (item["holder"],), tuple(item["sentences"]))
                yield Case(article["name"], item.get("corruption", FAITHFUL), claim, context)


def find_by_rules(case: Case) -> str:
    """Return what the rules have against a statement; empty if nothing."""
    checks, _ = run_checks(case.claim, case.context)
    if checks.speaker == "contradicted":
        return "The sentences cited quote somebody else."
    return checks.support_reason if checks.support == "doubtful" else ""


def main(*, listed: bool) -> None:
    """Print the counts by kind, and the cases."""
    cases = list(load_cases())
    found = [(case, find_by_rules(case)) for case in cases]
    counts = Counter(case.kind for case in cases)
    flagged = Counter(case.kind for case, reason in found if reason)
    for kind in sorted(counts, key=lambda kind: (kind == FAITHFUL, kind)):
        print(f"{kind:20} {flagged[kind]:3} of {counts[kind]}")
    corrupted = len(cases) - counts[FAITHFUL]
    print(f"corrupted statements found: {sum(flagged.values()) - flagged[FAITHFUL]} of {corrupted}")
    print(f"false alarms: {flagged[FAITHFUL]} of {counts[FAITHFUL]}")
    for case, reason in found if listed else ():
        print(f"\n{case.name}, {case.kind}: {case.claim.statement}\n  {reason or 'nothing found'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print each statement with what was found")
    arguments = parser.parse_args()
    main(listed=arguments.list)
