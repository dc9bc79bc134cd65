"""A real server with the demo's data, driven by a real Chromium."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import argon2
import flask_migrate
import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from app import worker
from app.cli.demo import story
from app.config import Settings
from app.core.db import db
from app.factory import create_app
from tests.conftest import PATIENCE, settings_for
from tests.serving import DESKTOP, PHONE, served

SERIOUS = ("serious", "critical")


BEGAN = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # Monday 10:00 in Shanghai, in a year that the plans bind


class MovingClock:
    """A clock that runs from BEGAN, moved on when a journey needs the time to pass."""

    def __init__(self) -> None:
        self.ahead = BEGAN - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def advance(self, **timespan: float) -> None:
        self.ahead += timedelta(**timespan)


@dataclass(frozen=True)
class Site:
    """The running site: its address, its application, its clock and what the demo told."""

    url: str
    app: Flask
    clock: MovingClock
    story: story.Story


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the demo's data on a free port, with the job runner beside it, as `bikao serve` does."""
    folder: Path = tmp_path_factory.mktemp("site")
    clock = MovingClock()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    given: Settings = settings_for(f"sqlite:///{folder}/site.sqlite3", folder)
    settings = replace(given, base_url=f"http://127.0.0.1:{port}")
    app = create_app(settings, ticking=clock)
    app.extensions["password_hasher"] = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with app.app_context():
        flask_migrate.upgrade()
        told = story.tell(say=lambda line: None)
    stopping = Event()
    runner = Thread(target=worker.run_forever, args=(app, stopping))
    runner.start()
    with served(app, port) as address:
        yield Site(address, app, clock, told)
    stopping.set()
    runner.join()
    with app.app_context():
        db.engine.dispose()


Opened = Callable[[], Page]


def _opener(chromium: Browser, site: Site, **options: object) -> Iterator[Opened]:
    contexts: list[BrowserContext] = []

    def open_page() -> Page:
        context = chromium.new_context(base_url=site.url, locale="zh-CN", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Opened]:
    """Opens a page as somebody with a phone sees it, each time in a browser of its own."""
    yield from _opener(chromium, site, viewport=PHONE, device_scale_factor=2, has_touch=True, is_mobile=True)


@pytest.fixture
def desktop(chromium: Browser, site: Site) -> Iterator[Opened]:
    """Opens a page as staff see it, each time in a browser of its own."""
    yield from _opener(chromium, site, viewport=DESKTOP)


def sign_in(page: Page, login: str, password: str = story.PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def shoot(page: Page, name: str) -> None:
    """Check the page as axe does; where BIKAO_SCREENSHOTS names a folder, also keep its picture there."""
    assert_accessible(page)
    folder = os.environ.get("BIKAO_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def assert_accessible(page: Page) -> None:
    """Fail on anything that axe calls serious or critical."""
    page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]
    assert serious == [], f"{page.url}: {serious}"
    width = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url}: the page scrolls sideways by {width} px"
