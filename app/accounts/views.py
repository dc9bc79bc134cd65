"""Sign-in, the way home for each role, language, password, progress of long work."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.accounts import access, service
from app.accounts.access import actor, public, requires
from app.accounts.forms import PasswordForm, SignInForm
from app.accounts.models import User
from app.audit import events
from app.audit.service import record
from app.core import i18n
from app.core.actors import Actor, Role
from app.core.checks import run_checks
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, ServiceError, sentence
from app.core.forms import refusals_on
from app.core.http import local_path
from app.core.jobs import Job, JobState, progress_of
from app.core.limits import limiter, was_refused

bp = Blueprint("accounts", __name__)

HOMES = {
    Role.ADMINISTRATOR: "accounts.health",
    Role.REGULATOR: "coverage.overview",
    Role.INSTITUTION: "desk.institution",
    Role.EXAM_SITE: "desk.exam_site",
    Role.ENTERPRISE: "registry.own_enterprise",
    Role.TRAINEE: "desk.trainee",
}
EVERY_ROLE = tuple(Role)


@bp.get("/")
@public
def home() -> Response | str:
    """Send somebody signed in to the home page of their role; show everybody else the front door."""
    if current_user.is_authenticated:
        return redirect(url_for(HOMES[actor().role]))
    return render_template("accounts/front.html")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("120/minute", methods=["POST"])  # a whole class stands behind one address
@limiter.limit("20/minute", methods=["POST"], deduct_when=was_refused)
def sign_in() -> Response | str:
    form = SignInForm()
    if form.validate_on_submit():
        with refusals_on(form):
            user = service.user_by_login(form.login.data or "")
            is_right = service.check_password(user, form.password.data or "", now=now())
            db.session.commit()
            if not is_right or user is None:
                raise ServiceError("sign_in_failed")
            enter(user, "password")
            return redirect(local_path(request.args.get("next"), url_for("accounts.home")))
    return render_template("accounts/sign_in.html", form=form)


def enter(user: User, way: str, *, admitted_to: int | None = None) -> None:
    """Sign *user* in, in a fresh session, and write it down. admitted_to: only for this sitting. Commits."""
    session.clear()
    login_user(user)
    if admitted_to is not None:
        session[access.ADMITTED_TO] = admitted_to
    grant = access.grant_in_use(user)
    role = grant.role if grant else Role.TRAINEE
    record(events.SignedIn(user.id, way=way), actor=Actor(user.id, user.name, role), now=now())
    db.session.commit()


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    logout_user()
    session.clear()
    flash(_("您已退出。"))
    return redirect(url_for("accounts.home"))


@bp.post("/role/<int:grant_id>")
@requires(*EVERY_ROLE)
def switch_role(grant_id: int) -> Response:
    if grant_id not in {grant.id for grant in current_user.grants}:
        raise NotFound("not_found")
    session[access.GRANT] = grant_id
    return redirect(url_for("accounts.home"))


@bp.post("/language/<code>")
@public
def choose_language(code: str) -> Response:
    if code not in i18n.LANGUAGES:
        raise NotFound("not_found")
    response = redirect(local_path(request.form.get("next"), url_for("accounts.home")))
    response.set_cookie(i18n.COOKIE, code, max_age=31_536_000, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


@bp.route("/password", methods=["GET", "POST"])
@requires(*EVERY_ROLE, admitted=True)
@limiter.limit("20/minute", methods=["POST"])
def password() -> Response | str:
    """Set or change the password. Somebody admitted by number alone may only set the first one.

    Who has set it is signed in from then on, as they would be by signing in with it.
    Who changes it must know the present one: a device that was left open must not be taken over for good.
    """
    form = PasswordForm()
    if not current_user.password_hash:
        del form.current
    if form.validate_on_submit():
        with refusals_on(form):
            if access.admitted_sitting() is not None and current_user.password_hash:
                raise ServiceError("password_already_set")
            _require_present(form)
            service.set_password(current_user, form.password.data or "", actor=actor(), now=now())
            db.session.commit()
            login_user(current_user)
            session.pop(access.ADMITTED_TO, None)
            flash(_("密码已保存。下次可用证件号码或登录名和密码登录。"))
            return redirect(url_for("accounts.home"))
    return render_template("accounts/password.html", form=form)


def _require_present(form: PasswordForm) -> None:
    """Raise ServiceError("password_wrong") unless the form names the present password, where there is one."""
    if not current_user.password_hash:
        return
    is_right = service.check_password(current_user, form.current.data or "", now=now())
    db.session.commit()  # the failure stays counted
    if not is_right:
        raise ServiceError("password_wrong", field="current")


@bp.get("/jobs/<int:job_id>")
@requires(*EVERY_ROLE)
def job(job_id: int) -> Response | str:
    """Show how far a long piece of work is; it can be left and found again. Where it leads on by itself, go there."""
    found = db.session.get(Job, job_id)
    if found is None or found.created_by_id != actor().user_id:
        raise NotFound("not_found")
    then = found.arguments.get("then")
    if found.state is JobState.DONE and then:
        return redirect(then.format(job_id=found.id, **(found.result or {})))
    problem = None
    if found.error_code:
        problem = sentence(found.error_code, (found.result or {}).get("data"))
    done, total = progress_of(found)
    return render_template(
        "accounts/job.html",
        job=found,
        done=done,
        total=total,
        problem=problem,
        back=found.arguments.get("back"),
        about=found.arguments.get("about", ""),
        places=found.arguments.get("places", []),
    )


@bp.get("/health")
@requires(Role.ADMINISTRATOR)
def health() -> str:
    """The administrator's home: the same checks that `bikao check` makes."""
    return render_template("accounts/health.html", checks=run_checks())
