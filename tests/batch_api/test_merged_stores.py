"""Stores that are merged while batches are under way: both know them, and neither loses a reply."""

from pathlib import Path

import pytest

from summarizer import Store
from summarizer.batch_api import wait_for_batches
from summarizer.errors import ModelError
from tests.batch_api.conftest import OpenModel, ask, ask_once
from tests.batch_api.server import BatchServer
from tests.batch_api.test_troubles import check


async def submit_and_merge(server: BatchServer, open_model: OpenModel, tmp_path: Path) -> tuple[Path, Path]:
    """Submit a batch from a store, and return this store and another with which it was merged."""
    paths = tmp_path / "worker.db", tmp_path / "whole.db"
    model = open_model(server, journal=paths[0])
    await ask_once(model)
    await model.advance()
    await model.aclose()
    with Store(paths[1]) as whole:
        assert whole.merge([paths[0]]).batches == 1
    return paths


async def test_batch_is_collected_from_the_merged_store_and_then_from_the_other(
    server: BatchServer, open_model: OpenModel, tmp_path: Path
) -> None:
    worker, whole = await submit_and_merge(server, open_model, tmp_path)
    await ask(open_model(server, journal=whole))
    assert len(server.jobs.files) == 2, "the other store needs them"
    check(await ask(open_model(server, journal=worker)), server, jobs=1)


async def test_batch_that_the_other_store_has_collected_is_not_asked_again(
    server: BatchServer, open_model: OpenModel, tmp_path: Path
) -> None:
    worker, path = await submit_and_merge(server, open_model, tmp_path)
    first, model = open_model(server, journal=worker), open_model(server, journal=path)
    await ask(first)
    await first.aclose()
    await ask_once(model)
    with pytest.raises(ModelError, match=r"are not at the server.* Merge that store once more\."):
        await ask(model)
    with Store(path) as whole:
        whole.merge([worker])
    check(await ask(model), server, jobs=1)


@pytest.mark.slow
async def test_copied_batch_can_be_given_up(server: BatchServer, open_model: OpenModel, tmp_path: Path) -> None:
    worker, path = await submit_and_merge(server, open_model, tmp_path)
    first, model = open_model(server, journal=worker), open_model(server, journal=path)
    await ask(first)
    await ask_once(model)
    with pytest.raises(ModelError, match="are not at the server"):
        await model.advance()  # at once: only a batch of this store gets time
    assert model._runner
    assert await model._runner.cancel() == 0
    await ask(model)
    assert len(server.jobs.all) == 2


async def test_files_of_a_copied_batch_are_deleted_on_demand(
    server: BatchServer, open_model: OpenModel, tmp_path: Path
) -> None:
    _, path = await submit_and_merge(server, open_model, tmp_path)
    model = open_model(server, journal=path)
    await ask(model)
    assert [job.state for job in await model.jobs()] == ["collected"]
    server.jobs.advance(60)
    assert (await wait_for_batches([model])).requests == 0, "it belongs to an earlier round"
    assert model._runner
    assert await model._runner.cancel() == 0
    assert (server.jobs.files, await model.jobs()) == ([], [])
