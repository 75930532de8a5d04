"""Compare the time, CPU and memory of many concurrent articles with the time of the model alone.

    python benchmarks/throughput.py [ARTICLES] [CONCURRENCY] [MILLISECONDS]

A local server in its own process replies after MILLISECONDS (default 200). ARTICLES (default 500) pass through
`Summarizer.asummarize`, CONCURRENCY (default 64) at once, and ten times as many for the memory. The ideal is the time
of the replies alone. For comparison, the table has a plain call of the openai SDK with the same body, and the model
layer alone. It has instructor if it is installed. Each line is a separate process; memory is the peak.

All work runs in one thread or under one lock. With a fast server, the CPU is therefore the limit; with a server that
takes seconds, the ratio approaches 1.
"""

import asyncio
import functools
import importlib.util
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

PARAGRAPHS = (
    "“The bridge must go,” said Anna Berg, the chief engineer. She has seen {n} surveys of its piers.",
    "Tomas Lind said that a repair of {n} piers would be cheaper. The council has not decided.",
    "Ines Moreau, who runs the ferry, told reporters that closing it for {n} weeks would ruin her.",
)
REPLY: dict[str, Any] = {
    "holders": [
        {"id": "H1", "name": "Anna Berg", "kind": "person", "role": "chief engineer", "affiliation": None},
        {"id": "H2", "name": "Tomas Lind", "kind": "person", "role": None, "affiliation": None},
    ],
    "issues": [{"id": "I1", "proposition": "The bridge should be pulled down.", "kind": "policy"}],
    "positions": [
        {
            "sentences": [2], "holders": ["H1"], "reported_by": None,
            "statement": "The bridge must go.", "issue": "I1", "stance": "agrees", "certainty": "asserted",
        },
        {
            "sentences": [4], "holders": ["H2"], "reported_by": None,
            "statement": "A repair would be cheaper.", "issue": "I1", "stance": "disagrees", "certainty": "asserted",
        },
    ],
    "open_questions": [],
    "gist": {"sentences": [2, 4], "text": "An engineer wants the bridge gone, and Tomas Lind would repair it."},
}  # fmt: skip

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
"""The response to questions about the model, which a server need not answer."""

Ask = Callable[[int], Awaitable[object]]
"""Processes one article, given its number."""


def article(n: int) -> str:
    """Generate a unique report."""
    return f"Council argues over bridge {n}\n\n" + "\n\n".join(PARAGRAPHS).format(n=n + 2)


def body_length(head: bytes) -> int:
    """Return the bytes of a request's body, from its head."""
    length = next(row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length"))
    return int(length.partition(b":")[2])


async def serve(delay: float, line: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
    """Reply to all requests of one connection after ``delay`` seconds."""
    usage = {"prompt_tokens": 1800, "completion_tokens": 260, "total_tokens": 2060}
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": json.dumps(REPLY)}}
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "loopback", "choices": [choice]}
    body = json.dumps(whole | {"usage": usage}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    try:
        while asked := await line.readuntil(b"\r\n\r\n"):
            if asked.startswith(b"GET"):
                out.write(NOT_FOUND)
                continue
            await line.readexactly(body_length(asked))
            await asyncio.sleep(delay)
            out.write(head + body)
    except asyncio.IncompleteReadError:
        out.close()


async def server(delay: float) -> None:
    """Run the server in its own process; print its port."""
    listening = await asyncio.start_server(functools.partial(serve, delay), "127.0.0.1", 0, backlog=1024)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


@asynccontextmanager
async def summarizer(url: str, concurrency: int) -> AsyncIterator[Ask]:
    """Measure the library as users call it."""
    from summarizer import OpenAIModel, Summarizer

    async with Summarizer(model=OpenAIModel("loopback", base_url=url, concurrency=concurrency)) as made:

        async def ask(n: int) -> None:
            brief = await made.asummarize(article(n))
            assert len(brief.positions) == 2
            assert brief.provenance.calls == 1, "a repair would be measured too"

        yield ask


@asynccontextmanager
async def model(url: str, concurrency: int) -> AsyncIterator[Ask]:
    """Measure the model layer alone, without building requests or parsing replies."""
    from summarizer import OpenAIModel
    from summarizer.models import Message, Request

    made = OpenAIModel("loopback", base_url=url, concurrency=concurrency)
    messages, schema = question()

    async def ask(n: int) -> None:
        given = (Message("system", messages[0]["content"]), Message("user", article(n)))
        await made.complete(Request(given, "extraction", schema))

    yield ask
    await made.aclose()


@asynccontextmanager
async def openai(url: str, _: int) -> AsyncIterator[Ask]:
    """Measure a plain call of the SDK."""
    from openai import AsyncOpenAI

    messages, schema = question()
    form = {"type": "json_schema", "json_schema": {"name": "extraction", "strict": True, "schema": schema}}
    async with AsyncOpenAI(base_url=url, api_key="none") as client:

        async def ask(n: int) -> None:
            given: Any = [messages[0], {"role": "user", "content": article(n)}]
            said = await client.chat.completions.create(model="loopback", messages=given, response_format=form)  # type: ignore[call-overload]
            json.loads(said.choices[0].message.content)

        yield ask


@asynccontextmanager
async def instructor(url: str, _: int) -> AsyncIterator[Ask]:
    """Measure instructor, with pydantic types of the same shape."""
    import instructor as theirs
    from openai import AsyncOpenAI

    messages, _ = question()
    reply_type = instructor_type()
    async with AsyncOpenAI(base_url=url, api_key="none") as client:
        patched = theirs.from_openai(client, mode=theirs.Mode.JSON_SCHEMA)

        async def ask(n: int) -> None:
            given: Any = [messages[0], {"role": "user", "content": article(n)}]
            await patched.chat.completions.create(model="loopback", messages=given, response_model=reply_type)

        yield ask


def instructor_type() -> Any:
    """Return pydantic types of the reply's shape, as users of instructor write them."""
    from pydantic import BaseModel, create_model

    text, optional, numbers, texts = (str, ...), (str | None, ...), (list[int], ...), (list[str], ...)
    holder = create_model("Holder", id=text, name=optional, kind=text, role=optional, affiliation=optional)
    issue = create_model("Issue", id=text, proposition=text, kind=text)
    position: type[BaseModel] = create_model(
        "Position",
        sentences=numbers, holders=texts, reported_by=optional,
        statement=text, issue=optional, stance=text, certainty=text,
    )  # fmt: skip
    question = create_model("Question", sentences=numbers, question=text, origin=text, raised_by=texts)
    gist = create_model("Gist", sentences=numbers, text=text)
    return create_model(
        "Extraction",
        holders=(list[holder], ...), issues=(list[issue], ...), positions=(list[position], ...),  # type: ignore[valid-type]
        open_questions=(list[question], ...), gist=(gist | None, ...),  # type: ignore[valid-type]
    )  # fmt: skip


def question() -> tuple[list[dict[str, str]], dict[str, Any]]:
    """Return the prompt and the schema that the library sends, for the other candidates."""
    prompts = Path(__file__).parent.parent / "prompts"
    system = (prompts / "extract.md").read_text(encoding="utf-8").partition("## user")[0]
    schema: dict[str, Any] = json.loads((prompts / "extract.schema.json").read_text(encoding="utf-8"))
    return [{"role": "system", "content": system}], schema


async def measure(name: str, url: str, articles: int, concurrency: int) -> dict[str, float]:
    """Return seconds, CPU seconds and megabytes for ``articles``, after one article that loads all modules."""
    async with globals()[name](url, concurrency) as ask:
        await ask(0)
        numbers = iter(range(1, articles + 1))

        async def work() -> None:
            for n in numbers:
                await ask(n)

        started, cpu = time.perf_counter(), time.process_time()
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work())
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return {"seconds": seconds, "cpu": cpu, "megabytes": most / 1024}


def line(name: str, articles: int, concurrency: int, delay: float, port: str) -> None:
    """Measure in a separate process, and print the result."""
    command = [
        sys.executable,
        __file__,
        "measure",
        name,
        f"http://127.0.0.1:{port}/v1",
        str(articles),
        str(concurrency),
    ]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ideal = math.ceil(articles / concurrency) * delay
    print(
        f"{name:12}{articles:8,}{result['seconds']:10.2f} s{ideal:8.2f} s{result['seconds'] / ideal:8.2f}"
        f"{result['cpu'] / articles * 1000:12.2f} ms{result['megabytes']:10.0f} MB"
    )


def main() -> None:
    """Print the table, or run one of its processes."""
    if sys.argv[1:2] == ["server"]:
        return asyncio.run(server(float(sys.argv[2])))
    if sys.argv[1:2] == ["measure"]:
        name, url, articles, concurrency = sys.argv[2:]
        return print(json.dumps(asyncio.run(measure(name, url, int(articles), int(concurrency)))))
    articles, concurrency, delay = (
        int(value) for value in (sys.argv[1:] + ["500", "64", "200"][len(sys.argv) - 1 :])[:3]
    )
    seconds = delay / 1000
    with subprocess.Popen(
        [sys.executable, __file__, "server", str(seconds)], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        port = running.stdout.readline().strip()
        try:
            print(f"{'':12}{'articles':>8}{'took':>12}{'ideal':>10}{'ratio':>8}{'CPU each':>15}{'most held':>13}")
            for name in ("openai", *(["instructor"] if importlib.util.find_spec("instructor") else []), "model"):
                line(name, articles, concurrency, seconds, port)
            for count in (articles, 10 * articles):
                line("summarizer", count, concurrency, seconds, port)
        finally:
            running.terminate()
    return None


if __name__ == "__main__":
    main()
