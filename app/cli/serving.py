"""bikao serve and bikao worker."""

from __future__ import annotations

import logging
import signal
from threading import Event, Thread
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from app import worker
from app.cli.context import Application
from app.config import Settings


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
    """gunicorn inside this process's command line, with the job runner beside it."""

    def __init__(self, app: Flask, host: str, port: int, workers: int) -> None:
        self.app, self.bind, self.workers = app, f"{host}:{port}", workers
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", self.bind)
        self.cfg.set("workers", self.workers)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 8)
        self.cfg.set("timeout", 60)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("post_worker_init", self._start_jobs)

    def load(self) -> Flask:
        return self.app

    @staticmethod
    def _start_jobs(gunicorn_worker: Any) -> None:
        """Run jobs on a thread of the first process; claims are locked, so more processes would do no harm."""
        if gunicorn_worker.age == 1:
            Thread(target=worker.run_forever, args=(gunicorn_worker.app.wsgi(), Event()), daemon=True).start()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes; 1 on SQLite.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, workers: int) -> None:
    """Serve the site and run its jobs. Example: bikao serve --port 8000"""
    app = ctx.obj.make(port) if isinstance(ctx.obj, Application) else ctx.obj
    if workers > 1:
        _require_shared(app.config["SETTINGS"])
    run_server(app, host, port, workers)


def _require_shared(settings: Settings) -> None:
    """Several processes need one database server and one place for the rate limits, or each would count for itself."""
    if settings.is_sqlite:
        raise click.ClickException("--workers above 1 needs PostgreSQL: set BIKAO_DATABASE_URL.")
    if settings.rate_limit_storage.startswith("memory"):
        raise click.ClickException(
            "--workers above 1 needs shared rate limits: set BIKAO_RATE_LIMIT_STORAGE to redis://..."
        )


def run_server(app: Flask, host: str, port: int, workers: int = 1) -> None:
    """Serve *app* until the process is told to stop."""
    Server(app, host, port, workers).run()


@click.command("worker")
@click.pass_context
def worker_command(ctx: click.Context) -> None:
    """Run jobs only, beside a `bikao serve` elsewhere. Example: bikao worker"""
    logging.basicConfig(level=logging.INFO)
    app = ctx.obj.make() if isinstance(ctx.obj, Application) else ctx.obj
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    worker.run_forever(app, stopping)
