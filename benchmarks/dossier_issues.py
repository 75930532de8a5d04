"""Measure how well the positions of a dispute's articles are placed under issues, and which questions find answers.

    python benchmarks/dossier_issues.py FOLDER [FOLDER …] [--errors] [--wordings] [--embedder NAME]
    python benchmarks/dossier_issues.py FOLDER [FOLDER …] --jackknife
    python benchmarks/dossier_issues.py FOLDER --store STORE [--errors] [--wordings] [--model MODEL]

FOLDER has the articles of a dispute (001.md, 002.md, …) and gold.yaml. Four rows are printed for each:

    builtin   briefs of the built-in engine
    codebook  the same, with the issues of the gold as a codebook of the dossier
    aliases   the same, with the contraries of the gold as aliases
    forms     briefs that a perfect engine would make, without ids

--embedder names an embedding model for the codebook; its server is that of OPENAI_BASE_URL.

With --store, the briefs of a copy of that store are measured instead, as "store".

B³ is that of the positions whose quotation the gold has. "placed" counts those that have an issue; "all" takes each
other one for a group of its own; "of gold issues" are the placed ones to which the gold gives one. A stance is right
if it is the gold's, given the side that most statements of the issue take; "unclear" ones are counted apart. --errors
lists wrong issues and stances, --wordings the propositions that were joined. --jackknife leaves out each article in
turn, with the built-in engine, and prints the mean, the worst and the spread of the F1.
"""

import argparse
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any, NamedTuple

from gold_briefs import gold_briefs, load_articles, load_gold

from summarizer import Article, Brief, Codebook, Dossier, summarize
from summarizer.codebook import CodebookIssue
from summarizer.evaluation import b_cubed
from summarizer.store import Store

SIGNS = {"agrees": 1, "disagrees": -1}


class Placed(NamedTuple):
    """A position of a dossier, and what the gold says of it."""

    position: int
    statement: str
    issue: str | None
    stance: str
    true_issue: str | None
    true_stance: str


def overlap(one: str, other: str) -> bool:
    """Return whether one quotation holds the other."""
    return one in other or other in one


def read_placed(dossier: Dossier, gold: Mapping[str, Any], numbers: Mapping[int, str]) -> Iterator[Placed]:
    """Yield the positions whose quotation the gold has; of several in one quotation, that with the most words."""
    details = dossier.details({each.position for each in dossier.statements})
    for each in {each.position: each for each in dossier.statements}.values():
        quotation = details[each.position].quotation
        here = [row for row in gold["positions"] if str(row["article"]) == numbers.get(each.article)]
        words = details[each.position].statement
        if rows := [row for row in here if overlap(row["quote"], quotation)]:
            found = max(rows, key=lambda row: len(set(words.lower().split()) & set(row["quote"].lower().split())))
            yield Placed(each.position, words, each.issue, each.stance, found["issue"], found["stance"])


def print_issues(name: str, rows: Sequence[Placed], *, errors: bool) -> None:
    """Print the B³ of the issues and the share of right stances."""
    placed = {row.position: row.issue for row in rows if row.issue}
    everything = {row.position: row.issue or f"none {row.position}" for row in rows}
    true = {row.position: row.true_issue or "other" for row in rows}
    ours, whole = b_cubed(placed, true), b_cubed(everything, true)
    disputed = {row.position for row in rows if row.true_issue}
    theirs = b_cubed({key: issue for key, issue in placed.items() if key in disputed}, true)
    agreement: Counter[str | None] = Counter()
    main: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for row in rows:
        main[row.issue][row.true_issue or "other"] += 1
        agreement[row.issue] += SIGNS.get(row.stance, 0) * SIGNS.get(row.true_stance, 0)
    counts: Counter[str] = Counter()
    for row in rows:
        if row.issue is None or row.true_stance not in SIGNS:
            continue
        is_one = main[row.issue].most_common(1)[0][0] == (row.true_issue or "other")
        side = SIGNS.get(row.stance, 0) * SIGNS[row.true_stance] * (1 if agreement[row.issue] >= 0 else -1)
        result = "unclear" if side == 0 else "right" if side > 0 and is_one else "wrong"
        counts[result] += 1
        if errors and (result == "wrong" or not is_one):
            print(f"    {row.issue} {row.stance}, gold {row.true_issue} {row.true_stance}: {row.statement}")
    placed_score = f"P {ours.precision:.3f} R {ours.recall:.3f} F1 {ours.f1:.3f} ({len(placed)} of {len(rows)})"
    sides = ", ".join(f"{counts[result]} {result}" for result in ("right", "wrong", "unclear"))
    print(
        f"  {name:8} B³ placed {placed_score}, all F1 {whole.f1:.3f}, of gold issues F1 {theirs.f1:.3f}; "
        f"stances {sides}"
    )


def print_jackknife(briefs: Sequence[Brief], articles: Mapping[str, Article], gold: Mapping[str, Any]) -> None:
    """Print the B³ F1 of placed positions without each article in turn."""
    scores = []
    for left_out in articles:
        with tempfile.TemporaryDirectory() as place, Store(Path(place, "briefs.db")) as store:
            kept = [(name, brief) for name, brief in zip(articles, briefs, strict=True) if name != left_out]
            for name, brief in kept:
                store.add(brief, articles[name])
            ids = store.database.query("SELECT article FROM briefs ORDER BY id")
            numbers = dict(zip((row["article"] for row in ids), (name for name, _ in kept), strict=True))
            rows = list(read_placed(Dossier.from_store(store), gold, numbers))
        placed = {row.position: row.issue for row in rows if row.issue}
        scores.append(b_cubed(placed, {row.position: row.true_issue or "other" for row in rows}).f1)
    print(f"  jackknife: mean {fmean(scores):.3f}, worst {min(scores):.3f}, standard deviation {pstdev(scores):.3f}")


def print_answers(dossier: Dossier, gold: Mapping[str, Any], numbers: Mapping[int, str]) -> None:
    """Print how many planted answers were found, and how many others are shown."""
    positions = {each.position: numbers[each.article] for each in dossier.statements}
    details = dossier.details(positions)
    planted = [row for row in gold["questions"] if row.get("answer")]
    found, shown = set(), 0
    for question in dossier.questions:
        for answer in question.answers:
            shown += 1
            for row in planted:
                is_question = numbers[question.article] == str(row["article"])
                is_answer = positions[answer.position] == str(row["answer"]["article"])
                if is_question and is_answer and overlap(row["answer"]["quote"], details[answer.position].quotation):
                    found.add(row["quote"])
    print(f"           answers: {len(found)} of {len(planted)} planted ones, {shown - len(found)} others")


def print_wordings(dossier: Dossier) -> None:
    """Print the propositions of each issue; contraries have a minus."""
    for issue in dossier.issues.values():
        print(f"    {issue.id}")
        for wording in sorted({(each.contrary, each.proposition) for each in issue.wordings}):
            print(f"      {'-' if wording[0] else '+'} {wording[1]}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the scores of each dispute."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--errors", action="store_true", help="list errors")
    parser.add_argument("--wordings", action="store_true", help="list the propositions of each issue")
    parser.add_argument("--jackknife", action="store_true", help="leave out each article in turn")
    parser.add_argument("--store", type=Path, help="a store with briefs of the articles of one folder")
    parser.add_argument("--model", help="a language model that judges pairs in doubt; with --store")
    parser.add_argument("--embedder", help="an embedding model for the issues of the codebook")
    options = parser.parse_args(arguments)
    for folder in options.folders:
        gold, articles = load_gold(folder), load_articles(folder)
        print(folder.name)
        if options.store:
            with tempfile.TemporaryDirectory() as place:
                shutil.copy(options.store, Path(place, "briefs.db"))
                with Store(Path(place, "briefs.db")) as store:
                    names = {article.text: name for name, article in articles.items()}
                    rows = store.database.query("SELECT id, text FROM articles")
                    numbers = {row["id"]: names[row["text"]] for row in rows if row["text"] in names}
                    dossier = Dossier.from_store(store, model=options.model)
                    dossier.rebuild()  # by the present rules
                    print_issues("store", list(read_placed(dossier, gold, numbers)), errors=options.errors)
                    print_answers(dossier, gold, numbers)
                    if options.wordings:
                        print_wordings(dossier)
            continue
        built: Sequence[Brief] = [summarize(article, model="builtin") for article in articles.values()]
        if options.jackknife:
            print_jackknife(built, articles, gold)
            continue
        codebooks = [
            Codebook(
                issues=tuple(
                    CodebookIssue(
                        id=row["id"], proposition=row["proposition"], aliases=(row.get("contraries") or ())[:most]
                    )
                    for row in gold["issues"]
                )
            )
            for most in (0, None)
        ]
        for name, briefs, given in (
            ("builtin", built, None),
            ("codebook", built, codebooks[0]),
            ("aliases", built, codebooks[1]),
            ("forms", gold_briefs(folder, forms=True), None),
        ):
            with tempfile.TemporaryDirectory() as place, Store(Path(place, "briefs.db")) as store:
                for brief, article in zip(briefs, articles.values(), strict=True):
                    store.add(brief, article)
                ids = store.database.query("SELECT article FROM briefs ORDER BY id")
                numbers = dict(zip((row["article"] for row in ids), articles, strict=True))
                dossier = Dossier.from_store(store, codebook=given, embedder=options.embedder if given else None)
                print_issues(name, list(read_placed(dossier, gold, numbers)), errors=options.errors)
                if given is None:
                    print_answers(dossier, gold, numbers)
                if options.wordings:
                    print_wordings(dossier)


if __name__ == "__main__":
    main()
