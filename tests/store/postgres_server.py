"""A PostgreSQL server for tests, in a temporary folder and on a free port."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "s3cret/p@ss word"
ENCODED_PASSWORD = "s3cret%2Fp%40ss%20word"


def find_program(name: str) -> Path | None:
    """Return a program of the newest PostgreSQL; Debian does not put it into the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    found = [folder / name for folder in folders if (folder / name).exists()]
    return found[-1] if found else Path(other) if (other := shutil.which(name)) else None


def require_server() -> None:
    """Skip a test where no server is installed; fail where one is required."""
    if not (find_program("initdb") and find_program("pg_ctl")):
        if os.environ.get("SUMMARIZER_POSTGRES_REQUIRED"):
            pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")


class PostgresServer:
    """A server with a database and a user that needs a password. It can be stopped and started."""

    def __init__(self, folder: Path, user: str | None) -> None:
        self._data, self._user = folder / "data", user
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if user:
            shutil.chown(folder, user)
            shutil.chown(secret, user)
        self._run("initdb", "--no-sync", "--auth=scram-sha-256", "--username=desk", f"--pwfile={secret}", "-E", "UTF8")
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nfsync=off\n")

    @property
    def url(self) -> str:
        return f"postgresql://desk:{ENCODED_PASSWORD}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", "--silent", f"--log={self._data}/log")

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate")

    def _run(self, program: str, *arguments: str) -> None:
        path = find_program(program)
        assert path
        command = [path, *arguments, "-D", self._data]
        out = subprocess.DEVNULL  # the server would keep a pipe open
        subprocess.run(command, check=True, user=self._user, stdout=out, stderr=out, timeout=300, cwd="/")


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server. It refuses to run as root, so another user runs it there."""
    require_server()
    user = None
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        server = PostgresServer(Path(name), user)
        server.start()
        try:
            yield server
        finally:
            server.stop()
