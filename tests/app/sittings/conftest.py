"""The application served to a real browser, for tests of the exam page's scripts."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from tests.serving import phone, served


@pytest.fixture
def saves() -> Queue[str]:
    """The address of every request that saved answers."""
    return Queue()


@pytest.fixture
def site(app: Flask, saves: Queue[str]) -> Iterator[str]:
    def noting(environ: dict[str, Any], start_response: Any) -> Any:
        answered = app(environ, start_response)
        if environ["PATH_INFO"].endswith("/answers"):
            saves.put(environ["PATH_INFO"])
        return answered

    with served(noting) as address:
        yield address


@pytest.fixture
def device(chromium: Browser) -> Iterator[BrowserContext]:
    with phone(chromium) as context:
        yield context
