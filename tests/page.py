"""A browser without a screen: opens pages, fills their forms as a person would, and checks every page it opens."""

from __future__ import annotations

from collections import Counter
from contextvars import Context
from typing import Any

from bs4 import Tag
from flask import Flask
from webtest import TestApp
from webtest.app import TestRequest
from webtest.forms import Form
from webtest.response import TestResponse

from app.core.db import db


class _Form(Form):
    """A form of a page that is parsed already."""

    def __init__(self, page: TestResponse, node: Tag) -> None:
        self.response, self.html, self.text = page, node, str(node)
        self.action, self.id = node.get("action", ""), node.get("id")
        self.method = node.get("method", "GET")
        self.enctype = node.get("enctype", "application/x-www-form-urlencoded")
        self._parse_fields()


class _Page(TestResponse):
    """An answer whose HTML is parsed once; WebTest itself parses every form of it again."""

    def _parse_forms(self) -> None:
        forms = [_Form(self, node) for node in self.html("form")]
        self._forms_indexed = dict(enumerate(forms)) | {form.id: form for form in forms if form.id}


class _Request(TestRequest):
    ResponseClass = _Page


class _Site(TestApp):
    RequestClass = _Request


class Browser:
    """One reader's browser. Forms are submitted with the CSRF token that the page carried."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.web = _Site(self._serve, extra_environ={"REMOTE_ADDR": "127.0.0.1"})

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer in a context of its own, as a server does: nothing of the test's `g` or session reaches a page.

        The test's session is rolled back first; it sees afterwards what the request committed. Commit before you open.
        """
        db.session.rollback()
        return Context().run(self.app.wsgi_app, environ, start_response)

    def open(self, address: str, *, status: int = 200, **kwargs: Any) -> TestResponse:
        return check_page(self.web.get(address, status=status, **kwargs))

    def submit(self, form: Any, name: str | None = None, *, status: int | None = None) -> TestResponse:
        """Submit *form* and follow the redirect to the page behind it."""
        response = form.submit(name, expect_errors=status is not None)
        if status is not None:
            assert response.status_int == status
            return check_page(response)
        while response.status_int in (302, 303):
            response = response.follow()
        assert response.status_int == 200, response.status
        return check_page(response)

    def form(self, page: TestResponse, action: str) -> Any:
        """Return the form of *page* whose action ends with *action*."""
        found = [one for one in page.forms.values() if one.action.endswith(action)]
        assert found, f"no form with action {action}: {[one.action for one in page.forms.values()]}"
        return found[0]

    def sign_in(self, login: str, password: str) -> TestResponse:
        form = self.open("/sign-in").forms
        form = next(one for one in form.values() if "login" in one.fields)
        form["login"], form["password"] = login, password
        return self.submit(form)


def check_page(response: TestResponse) -> TestResponse:
    """Assert what every page owes its reader: title, one h1, language, labels, unique ids, CSRF in every form."""
    if not response.content_type.startswith("text/html"):
        return response
    soup = response.html
    where = response.request.path
    assert soup.title is not None and soup.title.get_text(strip=True), f"{where}: no title"
    assert len(soup.find_all("h1")) == 1, f"{where}: wants one h1"
    assert soup.html is not None and soup.html.get("lang"), f"{where}: no language"
    twice = [name for name, count in Counter(tag["id"] for tag in soup.find_all(id=True)).items() if count > 1]
    assert not twice, f"{where}: ids used twice {twice}"
    assert not soup.find_all(style=True) and not soup.find_all("script", src=False), f"{where}: inline style or script"
    for form in soup.find_all("form", method="post"):
        assert form.find("input", attrs={"name": "csrf_token"}), f"{where}: a form without CSRF token"
    labelled = {label.get("for") for label in soup.find_all("label")}
    for control in soup.find_all(["input", "select", "textarea"]):
        if control.get("type") in ("hidden", "submit"):
            continue
        named = control.get("aria-label") or control.get("id") in labelled or control.find_parent("label")
        assert named, f"{where}: {control} has no label"
    return response
