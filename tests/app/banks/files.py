"""Files of questions, and their way through the dry run and the load."""

from __future__ import annotations

import base64
import io
from typing import Any

import sqlalchemy as sa
from PIL import Image
from webtest import Upload

from app import worker
from app.banks.importing import QUESTIONS
from app.banks.models import Question
from app.core import imports
from app.core.clock import now
from app.core.db import db
from app.core.imports import Import
from tests.app.banks.samples import WANG
from tests.page import Browser, check_page


def dry_run(content: bytes) -> Import:
    return imports.check_file(QUESTIONS, "示例.xlsx", content, {"bank": "general"}, actor=WANG, now=now())


def loaded(content: bytes) -> Import:
    return imports.load(QUESTIONS, dry_run(content), actor=WANG, now=now())


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Question)) or 0


GIFT = """// [id:G-1] [tag:示例]
::题一::下列哪一项是示例{=甲#对了 ~%50%乙 ~丙}

::题二::请论述示例。{}

// [tag:示 例]
::题三::示例有几项{#3:0.5}
"""


def picture_bytes() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2), "white").save(buffer, "PNG")
    return buffer.getvalue()


def with_picture() -> bytes:
    data = base64.b64encode(picture_bytes()).decode()
    return (
        '<?xml version="1.0"?><quiz><question type="truefalse"><name><text>n</text></name>'
        '<questiontext format="html"><text><![CDATA[<p>看图：<img src="@@PLUGINFILE@@/a.png" alt="示意"></p>]]></text>'
        f'<file name="a.png" path="/" encoding="base64">{data}</file></questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        "</question></quiz>"
    ).encode()


def sent(browser: Browser, content: bytes, name: str = "示例.xlsx") -> Any:
    """Upload a file and return the page of the job that checks it, or the form again."""
    page = browser.open("/banks/general/import")
    form = next(one for one in page.forms.values() if "file" in one.fields)
    form["file"] = Upload(name, content)
    return browser.submit(form)


def upload(browser: Browser, content: bytes, name: str = "示例.xlsx") -> Any:
    """Upload a file and return the report of its dry run, which the worker makes and its page leads to."""
    page = sent(browser, content, name)
    worker.run_all()
    return check_page(browser.web.get(page.request.path).follow())
