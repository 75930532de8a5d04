"""Measure which planted changes of position a dossier finds.

    python benchmarks/changes.py FOLDER... [--engine builtin] [--without-texts]

Each FOLDER is a dispute with gold.yaml. By default the briefs are made of the gold; with --engine builtin, by the
built-in engine. A change is right if its actor, issue and direction are.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gold_briefs import Gold, gold_briefs, load_articles, load_gold

from summarizer import Dossier, summarize
from summarizer.store import Store


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the changes that were found, missed and wrong, for each dispute and in all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--engine", choices=["gold", "builtin"], default="gold")
    parser.add_argument("--without-texts", action="store_true", help="as from briefs without their articles")
    options = parser.parse_args(arguments)
    right = planted = wrong = 0
    for folder in options.folders:
        gold, articles = load_gold(folder), load_articles(folder)
        if options.engine == "gold":
            briefs = gold_briefs(folder)
        else:
            briefs = [summarize(article, model="builtin") for article in articles.values()]
        with tempfile.TemporaryDirectory() as name, Store(Path(name, "briefs.db")) as store:
            for brief, article in zip(briefs, articles.values(), strict=True):
                store.add(brief, None if options.without_texts else article)
            counts = _compare(gold, Dossier.from_store(store), folder.name)
        right, planted, wrong = (one + other for one, other in zip((right, planted, wrong), counts, strict=True))
    print(f"all: {right} of {planted} found, {wrong} wrong")


def _compare(gold: Gold, dossier: Dossier, name: str) -> tuple[int, int, int]:
    planted = {(change["actor"], change["issue"], change["to"]): change["explicit"] for change in gold["changes"]}
    actors = {
        form: actor["id"] for actor in gold["actors"] for form in (f"{actor['name']} ({actor['id']})", actor["name"])
    }
    found = {}
    for change in dossier.changes:
        actor = dossier.actors[change.actor]
        ids = [actors[form] for form in (actor.name, *actor.names) if form in actors]
        found[ids[0] if ids else change.actor, change.issue, change.to_stance] = change
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


if __name__ == "__main__":
    main()
