"""The application served to a real browser on a free port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
SCRIPTS = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
"""The mark of tests of what a page's script does: it knows nothing of the database."""


@contextmanager
def served(application: Callable[..., Any], port: int = 0) -> Iterator[str]:
    """The address of *application* (WSGI) while it is served; *port* 0 is any free one."""
    server = make_server("127.0.0.1", port, application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """One phone: its storage and its session outlive any page that is closed."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    # The icon is fetched after the page is done: closing the browser meanwhile would leave the server's file open.
    context.route("**/icon.svg", lambda route: route.abort())
    yield context
    context.close()
