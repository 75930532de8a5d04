"""Run the analysis of reported speech over a folder of .txt files.

    python benchmarks/attribution.py FOLDER > predictions.jsonl

One line of JSON an article, in order of the names: ``{"id": the name without .txt, "attributions":
[{"source": [[start, end], …], "cue": …, "content": …}, …]}``, offsets in code points of the file.
How fast it was goes to standard error. The figures of docs/attribution.md are PolNeAR's, scored on
these lines.
"""

import json
import sys
import time
from pathlib import Path

from summarizer.article import Article, read
from summarizer.attribution import analyse


def main(folder: Path) -> None:
    """Print what is found in every text of a folder."""
    seconds, characters = 0.0, 0
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        sys.exit(f"There is no .txt file in {folder}.")
    for path in paths:
        reading = read(Article.from_text(path.read_text(encoding="utf-8")))
        begin = time.process_time()
        found = analyse(reading).attributions
        seconds += time.process_time() - begin
        characters += len(reading.article.text)
        rows = [{"source": each.source, "cue": each.cue, "content": each.content} for each in found]
        print(json.dumps({"id": path.stem, "attributions": rows}))
    print(
        f"{characters / 1e6:.1f} MB in {seconds:.2f} s of processor time: {characters / 1e6 / seconds:.2f} MB/s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
