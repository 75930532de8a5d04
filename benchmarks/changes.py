"""Measure which planted changes of position a dossier finds.

    python benchmarks/changes.py FOLDER... [--engine forms|builtin] [--without-texts]
    python benchmarks/changes.py FOLDER --store STORE

Each FOLDER is a dispute with gold.yaml. By default the briefs are made of the gold, with equal names and ids; with
--engine forms, with the names as in each article; with --engine builtin, by the built-in engine; with --store, those of
a copy of a store are taken. A change is right if its actor, issue and direction are.
"""

import argparse
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from gold_briefs import Gold, gold_briefs, load_articles, load_gold

from summarizer import Dossier, summarize
from summarizer.dossier import Change
from summarizer.store import Store

_START = 40  # characters by which a quotation is found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the changes that were found, missed and wrong, for each dispute and in all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--engine", choices=["gold", "forms", "builtin"], default="gold")
    parser.add_argument("--without-texts", action="store_true", help="as from briefs without their articles")
    parser.add_argument("--store", type=Path, help="a store with briefs of the articles of one folder")
    options = parser.parse_args(arguments)
    right = planted = wrong = 0
    for folder in options.folders:
        gold, articles = load_gold(folder), load_articles(folder)
        if options.store:
            briefs = []
        elif options.engine != "builtin":
            briefs = gold_briefs(folder, forms=options.engine == "forms")
        else:
            briefs = [summarize(article, model="builtin") for article in articles.values()]
        with tempfile.TemporaryDirectory() as name:
            path = Path(name, "briefs.db")
            if options.store:
                shutil.copy(options.store, path)
            with Store(path) as store:
                for brief, article in zip(briefs, articles.values() if briefs else (), strict=True):
                    store.add(brief, None if options.without_texts else article)
                dossier = Dossier.from_store(store)
                if options.store:
                    dossier.rebuild()  # by the present rules
                counts = _compare(gold, dossier, folder.name)
        right, planted, wrong = (one + other for one, other in zip((right, planted, wrong), counts, strict=True))
    print(f"all: {right} of {planted} found, {wrong} wrong")


def _compare(gold: Gold, dossier: Dossier, name: str) -> tuple[int, int, int]:
    planted = {(change["actor"], change["issue"], change["to"]): change["explicit"] for change in gold["changes"]}
    gold_ids = _gold_ids(gold, dossier)
    found = {}
    for change in dossier.changes:
        known = gold_ids.get((change.actor, change.issue)) or _told_ids(gold, change)
        actor, issue, is_contrary = known or (change.actor, change.issue, False)
        found[actor, issue, change.from_stance if is_contrary else change.to_stance] = change
    for key, is_explicit in planted.items():
        change = found.get(key)
        kind = "told" if is_explicit else "from statements"
        got = f"found ({'told' if change.explicit else 'from statements'}, {change.confidence})" if change else "MISSED"
        print(f"{name}: {' '.join(key)}, {kind}: {got}")
    wrong = found.keys() - planted.keys()
    for key in sorted(wrong):
        details = dossier.details([found[key].before, found[key].after])
        print(f"{name}: WRONG {' '.join(key)}: {found[key].said or [each.quotation for each in details.values()]}")
    return len(planted.keys() & found.keys()), len(planted), len(wrong)


def _told_ids(gold: Gold, change: Change) -> tuple[str, str, bool] | None:
    """Return the gold's actor and issue for a change that a sentence tells, if no statement is under its issue."""
    said = " ".join((change.said or "").split())
    told = [each for each in gold["positions"] if " ".join(each["quote"].split())[:_START] in said]
    sides = {each["stance"] for each in told}
    if not said or len({each["issue"] for each in told}) != 1 or len(sides) != 1:
        return None
    return told[0]["actor"], told[0]["issue"], sides == {change.from_stance}


def _gold_ids(gold: Gold, dossier: Dossier) -> dict[tuple[str, str], tuple[str, str, bool]]:
    """Return the gold's actor and issue for those of the dossier: the most frequent ones of the same sentences.

    The last value tells whether the issue of the dossier states the contrary of the gold's.
    """
    quotes: defaultdict[str, list[Gold]] = defaultdict(list)
    for position in gold["positions"]:
        quotes[" ".join(position["quote"].split())[:_START]].append(position)
    actors: defaultdict[str, Counter[str]] = defaultdict(Counter)
    issues: defaultdict[str, Counter[str]] = defaultdict(Counter)
    contrary: Counter[str] = Counter()
    details = dossier.details(each.position for each in dossier.statements)
    for each in dossier.statements:
        quotation = details[each.position].quotation
        for start in range(len(quotation)):
            for position in quotes.get(quotation[start : start + _START], ()):
                actors[each.actor][position["actor"]] += 1
                if each.issue and position["issue"]:
                    issues[each.issue][position["issue"]] += 1
                    if {each.stance, position["stance"]} <= {"agrees", "disagrees"}:
                        contrary[each.issue] += 1 if each.stance != position["stance"] else -1
    return {
        (actor, issue): (actors[actor].most_common(1)[0][0], issues[issue].most_common(1)[0][0], contrary[issue] > 0)
        for actor, issue in {(each.actor, each.issue) for each in dossier.statements}
        if issue and actors[actor] and issues[issue]
    }


if __name__ == "__main__":
    main()
