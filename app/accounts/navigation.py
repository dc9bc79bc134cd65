"""The main navigation: for each role, the few places it goes to. Endpoints are names, so no feature is imported."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.accounts.access import actor, admitted_sitting
from app.core.actors import Role

Entry = tuple[str, LazyString]

ENTRIES: dict[Role, tuple[Entry, ...]] = {
    Role.ADMINISTRATOR: (
        ("accounts.health", _l("运行状况")),
        ("coverage.overview", _l("覆盖率")),
        ("registry.enterprises", _l("名录")),
        ("banks.banks", _l("题库")),
        ("institutions.institutions", _l("培训机构")),
        ("certification.certificates", _l("证书")),
    ),
    Role.REGULATOR: (
        ("coverage.overview", _l("覆盖率")),
        ("coverage.mandates", _l("任务条款")),
        ("registry.enterprises", _l("名录")),
        ("banks.banks", _l("题库审定")),
        ("institutions.institutions", _l("培训机构")),
        ("training.sessions", _l("培训班")),
        ("certification.certificates", _l("证书")),
    ),
    Role.INSTITUTION: (
        ("desk.institution", _l("工作台")),
        ("training.sessions", _l("培训班")),
        ("training.courses", _l("课程目录")),
        ("certification.certificates", _l("证书")),
    ),
    Role.EXAM_SITE: (("desk.exam_site", _l("今日考试")), ("sittings.sittings", _l("考试场次"))),
    Role.ENTERPRISE: (("registry.own_enterprise", _l("本单位人员")),),
    Role.TRAINEE: (("desk.trainee", _l("我的培训")), ("certification.my_certificates", _l("我的证明"))),
}


def current_entry(entries: tuple[Entry, ...]) -> str | None:
    """Return the endpoint of the entry whose area holds the page that is shown: the one whose address the page's
    begins with, else the first one of the same feature. None on pages outside of all areas."""
    below = [one for one, _label in entries if f"{request.path}/".startswith(f"{url_for(one)}/")]
    same = [one for one, _label in entries if request.endpoint and one.split(".")[0] == request.blueprint]
    return max(below, key=lambda one: len(url_for(one)), default=next(iter(same), None))


def navigation() -> tuple[Entry, ...]:
    """Return the entries for whoever is signed in; none for somebody admitted to one sitting only."""
    if not current_user.is_authenticated or admitted_sitting() is not None:
        return ()
    return ENTRIES[actor().role]
