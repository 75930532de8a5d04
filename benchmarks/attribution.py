"""Find the attributions in a folder of .txt files, and measure the speed.

    python benchmarks/attribution.py FOLDER > predictions.jsonl

Prints one JSON object per article, in order of the file names: ``{"id": NAME, "attributions": [{"source": [[start,
end], …], "cue": …, "content": …}, …]}``, with offsets in code points. The speed goes to standard error.
`polnear.py` scores the attributions against annotations.
"""

import json
import sys
import time
from pathlib import Path

from summarizer.article import Article, read
from summarizer.attribution import analyse


def main(folder: Path) -> None:
    """Print the attributions of every text of a folder."""
    seconds, characters = 0.0, 0
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        sys.exit(f"There is no .txt file in {folder}.")
    for path in paths:
        reading = read(Article.from_text(path.read_text(encoding="utf-8")))
        begin = time.process_time()
        attributions = analyse(reading).attributions
        seconds += time.process_time() - begin
        characters += len(reading.article.text)
        rows = [{"source": each.source, "cue": each.cue, "content": each.content} for each in attributions]
        print(json.dumps({"id": path.stem, "attributions": rows}))
    megabytes = characters / 1e6
    print(
        f"{megabytes:.1f} MB in {seconds:.2f} s of processor time: {megabytes / seconds:.2f} MB/s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
