"""Who a command acts for: an account that answers for what it brings, or the system."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import click

from app.accounts import service as accounts
from app.core.actors import COMMAND, SYSTEM, Actor, Role

AS = click.option("--as", "login", metavar="LOGIN", help="The account that answers for it, with the right to do so.")


def acting(login: str | None, roles: Collection[Role], fits: Callable[[Actor], bool] = lambda _actor: True) -> Actor:
    """Return who acts: the account *login* under a grant that is one of *roles* and *fits*; without a login the system.

    Raises NotFound("login_unknown"), Forbidden("login_may_not").
    """
    return replace(SYSTEM if login is None else accounts.acting(login, roles, fits), via=COMMAND)
