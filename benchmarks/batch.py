"""Compare `summarizer batch` with a loop over instructor and with langextract's batch, on one server.

    pip install instructor langextract    # in a separate environment: they require other versions of openai
    python benchmarks/batch.py [ARTICLES] [CONCURRENCY] [MILLISECONDS]

A local server in its own process replies after MILLISECONDS (default 200). ARTICLES (default 500) short articles are
read from one file of JSON Lines, CONCURRENCY (default 64) at once. Results are written as JSON Lines. Each line of the
table is a separate process, and its CPU time includes imports. The other libraries are called as their documentation
recommends. For instructor, this is an asynchronous client with a semaphore and pydantic types of the same shape. For
langextract, it is `extract` over Documents, with examples and a schema made from these. It has as many workers as
chunks in a batch. The ideal is CONCURRENCY articles in each MILLISECONDS.
"""

import asyncio
import functools
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from throughput import NOT_FOUND, REPLY, article, body_length, instructor_type, question

LANGEXTRACT_REPLY: dict[str, Any] = {
    "extractions": [
        {"position": "The bridge must go", "position_attributes": {"holder": "Anna Berg", "stance": "agrees"}},
        {"position": "a repair of", "position_attributes": {"holder": "Tomas Lind", "stance": "disagrees"}},
    ]
}
"""The reply for langextract: the same positions in its own format."""


async def serve(delay: float, line: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
    """Reply to all requests of one connection after ``delay`` seconds, in the format of the client."""
    try:
        while head := await line.readuntil(b"\r\n\r\n"):
            if head.startswith(b"GET"):
                out.write(NOT_FOUND)
                continue
            asked = await line.readexactly(body_length(head))
            await asyncio.sleep(delay)
            out.write(LANGEXTRACT_RESPONSE if b'"langextract"' in asked else ANSWER)
    except (asyncio.IncompleteReadError, ConnectionError):
        out.close()


def _response(content: dict[str, Any]) -> bytes:
    usage = {"prompt_tokens": 1800, "completion_tokens": 260, "total_tokens": 2060}
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": json.dumps(content)}}
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "loopback", "choices": [choice]}
    body = json.dumps(whole | {"usage": usage}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


ANSWER, LANGEXTRACT_RESPONSE = _response(REPLY), _response(LANGEXTRACT_REPLY)


async def server(delay: float) -> None:
    """Run the server in its own process; print its port."""
    listening = await asyncio.start_server(functools.partial(serve, delay), "127.0.0.1", 0, backlog=1024)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


def texts(path: Path) -> Iterator[str]:
    """Return the texts of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


async def instructor(url: str, path: Path, out: Path, concurrency: int) -> None:
    """Run a loop over instructor's asynchronous client, as in its documentation."""
    import instructor as theirs
    from openai import AsyncOpenAI

    messages, _ = question()
    reply_type = instructor_type()
    places = asyncio.Semaphore(concurrency)
    client = theirs.from_openai(AsyncOpenAI(base_url=url, api_key="none"), mode=theirs.Mode.JSON_SCHEMA)

    async def ask(text: str) -> Any:
        async with places:
            given: Any = [messages[0], {"role": "user", "content": text}]
            return await client.chat.completions.create(model="loopback", messages=given, response_model=reply_type)

    with out.open("w", encoding="utf-8") as file:
        for reply in await asyncio.gather(*map(ask, texts(path))):
            assert len(reply.positions) == 2
            file.write(reply.model_dump_json() + "\n")


def langextract(url: str, path: Path, out: Path, concurrency: int) -> None:
    """Run langextract over all texts; it splits them, sends requests and aligns the replies."""
    import langextract as theirs

    example = theirs.data.ExampleData(
        text="“The dam must stay,” said Ola Nord, the mayor.",
        extractions=[
            theirs.data.Extraction(
                "position", "The dam must stay", attributes={"holder": "Ola Nord", "stance": "agrees"}
            )
        ],
    )
    server = {"base_url": url, "api_key": "none", "max_workers": concurrency}
    documents = theirs.extract(
        [theirs.data.Document(text, document_id=str(n)) for n, text in enumerate(texts(path))],
        prompt_description=question()[0][0]["content"],
        examples=[example],
        config=theirs.factory.ModelConfig("langextract", provider="OpenAILanguageModel", provider_kwargs=server),
        batch_length=concurrency,
        max_workers=concurrency,
        show_progress=False,
    )
    with out.open("w", encoding="utf-8") as file:
        for document in documents:
            assert len(document.extractions) == 2
            data = theirs.data_lib.annotated_document_to_dict(document)
            file.write(json.dumps(data, ensure_ascii=False) + "\n")


def measure(command: list[str], url: str, out: Path, count: int) -> tuple[float, float, float]:
    """Return seconds, CPU seconds and megabytes of a command that writes ``count`` lines to ``out``."""
    environment = os.environ | {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none", "SUMMARIZER_MODEL": "loopback"}
    started = time.perf_counter()
    running = subprocess.Popen([sys.executable, *command], env=environment, stderr=subprocess.PIPE, text=True)
    assert running.stderr
    said = running.stderr.read()
    _, status, used = os.wait4(running.pid, 0)
    seconds = time.perf_counter() - started
    running.returncode = status
    assert status == 0, said
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == count, f"{len(lines)} of {count} were written"
    most = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return seconds, used.ru_utime + used.ru_stime, most / 1024


def table(port: str, folder: Path, articles: int, concurrency: int) -> None:
    """Print one line for each candidate."""
    given, out, url = folder / "articles.jsonl", folder / "out.jsonl", f"http://127.0.0.1:{port}/v1"
    with given.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": article(n)}, ensure_ascii=False) + "\n" for n in range(articles))
    batch = ["-m", "summarizer", "batch", str(given), "--out", str(out), "--concurrency", str(concurrency)]
    ways = {"batch": batch, "batch, store": [*batch, "--store", str(folder / "briefs.db")]}
    for name in ("instructor", "langextract"):
        ways[name] = [__file__, name, url, str(given), str(out), str(concurrency)]
    print(f"{'':14}{'articles':>9}{'took':>10}{'a second':>11}{'CPU each':>12}{'a CPU second':>15}{'most held':>12}")
    for name, command in ways.items():
        if command[0] == __file__ and not importlib.util.find_spec(name):
            print(f"{name:14}is not installed")
            continue
        seconds, cpu, most = measure(command, url, out, articles)
        took = f"{name:14}{articles:9,}{seconds:8.1f} s{articles / seconds:11.1f}"
        print(f"{took}{1000 * cpu / articles:9.2f} ms{articles / cpu:15.1f}{most:9.0f} MB", flush=True)


def main() -> None:
    """Print the table, or run one of its processes."""
    if sys.argv[1:2] == ["server"]:
        return asyncio.run(server(float(sys.argv[2])))
    if sys.argv[1:2] in (["instructor"], ["langextract"]):
        url, given, out, concurrency = sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5])
        if sys.argv[1] == "instructor":
            return asyncio.run(instructor(url, given, out, concurrency))
        return langextract(url, given, out, concurrency)
    articles, concurrency, delay = (
        int(value) for value in (sys.argv[1:] + ["500", "64", "200"][len(sys.argv) - 1 :])[:3]
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, __file__, "server", str(delay / 1000)], stdout=subprocess.PIPE, text=True
        ) as running,
    ):
        assert running.stdout
        try:
            table(running.stdout.readline().strip(), Path(folder), articles, concurrency)
        finally:
            running.terminate()
    return None


if __name__ == "__main__":
    main()
