"""Make the briefs of an archive of Parquet files with Ray, keep them in Parquet and in a store, and open a dossier.

    pip install 'articlebrief[ray]'
    python examples/ray_archive.py archive                        # 200 invented articles, with the built-in engine
    python examples/ray_archive.py archive --model gpt-5.4-mini --requests-per-minute 500

ARCHIVE is a folder. `articles/` holds the Parquet files with the columns id, text, title and date. If there are none,
invented articles are written. The briefs are written to `briefs/`, and to the store `briefs.db`.

- Two cores suffice. In a cluster, start Ray first, set RAY_ADDRESS, and put the folder where all machines reach it.
- After a kill, run it again: what is in `briefs/` or in the store is not done again.
- Keys come from the environment of the workers: OPENAI_API_KEY.
- Ray sends no statistics of use: RAY_USAGE_STATS_ENABLED is 0 here, unless you set it.
"""

import argparse
import os
import sys
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import pyarrow as pa
import pyarrow.parquet as pq
import ray

from summarizer import Dossier, Store, SummarizerError
from summarizer.distributed.ray import summarize_dataset

PEOPLE = (("Anna Berg", "the chief engineer"), ("Tomas Lind", "the mayor"), ("Ines Moreau", "a shop owner"))
PROJECTS = ("The bridge", "The ferry", "The tram", "The swimming pool")


def invent_articles(folder: Path, count: int, files: int = 4) -> None:
    """Write invented articles to Parquet files."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(count):
        project = PROJECTS[number % len(PROJECTS)]
        (name, role), (other, office) = PEOPLE[number % 3], PEOPLE[(number + 1) % 3]
        text = (
            f"“{project} will cost {number + 2} million, and we need it,” said {name}, {role}.\n\n"
            f"{other}, {office}, said that {project.lower()} should wait for {number + 1} more months."
        )
        day = date(2026, 1, 1) + timedelta(days=number % 300)
        rows.append({"id": f"article-{number}", "text": text, "title": f"{project}, part {number}", "date": day})
    for part in range(files):
        pq.write_table(pa.Table.from_pylist(rows[part::files]), folder / f"part-{part}.parquet")


def make_briefs(archive: Path, model: str, requests_per_minute: float | None = None) -> None:
    """Add what is missing to the briefs of the archive."""
    articles = ray.data.read_parquet(str(archive / "articles"))
    briefs = summarize_dataset(
        articles,
        model=model,
        store=archive / "briefs.db",
        done=archive / "briefs",
        requests_per_minute=requests_per_minute,
    )
    briefs.write_parquet(str(archive / "briefs"))


def report(archive: Path) -> bool:
    """Print what is done, and the dossier. Return whether an article failed."""
    results = ray.data.read_parquet(str(archive / "briefs"), columns=["id", "error"]).to_pandas()
    failed = results[results["error"].notna()]
    print(f"{len(results)} articles, {len(failed)} failed")
    for _, row in failed.head(10).iterrows():
        print(f"  {row['id']}: {row['error']}")
    with Store(archive / "briefs.db") as store:
        dossier = Dossier.from_store(store)
        for actor in sorted(dossier.actors.values(), key=lambda actor: -actor.statements)[:5]:
            print(f"  {actor.name}: {actor.statements} statements")
    return bool(len(failed))


def main() -> None:
    """Make the briefs and the dossier. The exit code is 1 if an article failed."""
    parser = argparse.ArgumentParser(description="Make the briefs of an archive with Ray.")
    parser.add_argument("archive", type=Path, help="the folder")
    parser.add_argument("--model", default="builtin", help="a model's name; by default the built-in engine")
    parser.add_argument("--requests-per-minute", type=float, help="the limit of all workers together")
    parser.add_argument("--articles", type=int, default=200, help="the number of invented articles")
    arguments = parser.parse_args()
    if not list((arguments.archive / "articles").glob("*.parquet")):
        invent_articles(arguments.archive / "articles", arguments.articles)
    ray.init(include_dashboard=False)
    try:
        make_briefs(arguments.archive, arguments.model, arguments.requests_per_minute)
        failed = report(arguments.archive)
    except SummarizerError as error:
        sys.exit(str(error))
    finally:
        ray.shutdown()
    sys.exit(failed)


if __name__ == "__main__":
    main()
