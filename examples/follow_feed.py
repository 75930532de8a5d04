"""Follow a feed: make a brief of each new article, and keep the briefs in a store.

    python examples/follow_feed.py https://news.example/feed.xml briefs.db

It ends when the feed is read, so let cron start it:

    */30 * * * * python follow_feed.py https://news.example/feed.xml briefs.db --since 2026-11-01

- Articles whose brief is in the store are not fetched again. Failed ones are.
- The feed is downloaded only if the server says that it has changed.
- Requests are a second apart, and robots.txt is respected.
- The model comes from the environment: SUMMARIZER_MODEL, OPENAI_API_KEY, OPENAI_BASE_URL.
"""

import argparse
import sys
from collections.abc import Iterator

from summarizer import Fetcher, Outcome, Store, SummarizerError, articles_from_feed, summarize_many


def follow(feed: str, store: Store, *, since: str | None = None, fetcher: Fetcher | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each article of the feed that the store does not have."""
    fetcher = fetcher or Fetcher(cache=store)
    known = {brief.article.source for brief in store.briefs()}
    articles = articles_from_feed(feed, since=since, known=known, fetcher=fetcher)
    yield from summarize_many(articles, store=store, since=since, skip_repeated=True, retry_failed=True)


def main() -> None:
    """Print a line for each new article. The exit code is 1 if one failed."""
    parser = argparse.ArgumentParser(description="Make a brief of each new article of a feed.")
    parser.add_argument("feed", help="the address of the feed")
    parser.add_argument("store", help="the file of the store")
    parser.add_argument("--since", help="leave out articles with an earlier date, such as 2026-11-01")
    parser.add_argument("--allow-private", action="store_true", help="fetch from private networks, too")
    arguments = parser.parse_args()
    failures = 0
    try:
        with Store(arguments.store) as store:
            fetcher = Fetcher(allow_private=arguments.allow_private, cache=store)
            for outcome in follow(arguments.feed, store, since=arguments.since, fetcher=fetcher):
                if outcome.brief:
                    article = outcome.brief.article
                    print(f"{article.title}: {len(outcome.brief.positions)} positions ({article.source})")
                elif outcome.error:
                    failures += 1
                    print(outcome.error, file=sys.stderr)
    except SummarizerError as error:  # the feed or the store cannot be read
        sys.exit(str(error))
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
