"""`make bench-bank`: a bank of 100,000 questions beside one of 1,000, on SQLite and on PostgreSQL, in one run.

Prints a table and writes bench/out/bank.json. Every database is made for the run and dropped after it.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from bench import drawing, importing
from bench.databases import POSTGRES, application, fill, varied
from bench.pages import ROUNDS, WARM_UP, Reader, compare

SMALL, LARGE = 1_000, 100_000
OUT = Path(__file__).parent / "out" / "bank.json"


def main() -> int:
    found: dict[str, Any] = {"machine": machine(), "small": SMALL, "large": LARGE, "rounds": ROUNDS, "warm_up": WARM_UP}
    found |= drawing.assemble_ms()
    say(f"a paper of 100 out of 10,000: {found['assemble_ms_100_of_10000']} ms")
    small, large = varied(SMALL), varied(LARGE)
    found["databases"] = {}
    for database in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            found["databases"][database] = measured(database, Path(folder), small, large)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    say(f"written to {OUT}")
    return 0


def measured(database: str, folder: Path, small: list[Any], large: list[Any]) -> dict[str, Any]:
    """Return what the pages and an import take on one kind of database."""
    with ExitStack() as stack:
        apps = [stack.enter_context(application(database, folder / name)) for name in ("small", "large")]
        started = time.perf_counter()
        for app, contents in zip(apps, (small, large), strict=True):
            fill(app, contents)
        say(f"\n{database}: filled in {time.perf_counter() - started:.0f} s")
        readers = [Reader(app) for app in apps]
        pages = compare(*readers)
        show(pages)
        imported = importing.measure(apps[1], readers[1])
        say(f"import of {imported['questions']} questions: {imported['seconds']} s")
        for name in ("idle", "check", "load"):
            felt = imported[name]
            say(f"  {name:6} page {felt['page_ms']}  write {felt['write_ms']}")
    worst = max(pages.values(), key=lambda page: page["ratio"])
    return {"pages": pages, "worst_ratio": worst["ratio"], "import": imported}


def show(pages: dict[str, dict[str, Any]]) -> None:
    say(f"{'page':36} {SMALL:>9} {LARGE:>9}  ratio  statements")
    for name, page in pages.items():
        counts = f"{page['small_statements']:>3} {page['large_statements']:>3}"
        say(f"{name:36} {page['small_ms']:>6} ms {page['large_ms']:>6} ms {page['ratio']:>6} {counts}")


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    with psycopg.connect(POSTGRES) as server:
        row = server.execute("SHOW server_version").fetchone()
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "processors": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "load": [round(one, 2) for one in os.getloadavg()],
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": row[0] if row else "",
        **{name: version(name) for name in ("flask", "sqlalchemy", "psycopg", "openpyxl")},
    }


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
