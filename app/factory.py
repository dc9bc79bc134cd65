"""The application factory: the one place that knows every feature."""

from __future__ import annotations

import importlib.util
from datetime import timedelta

import argon2
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_datetime
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts import access
from app.accounts import messages as accounts_messages
from app.accounts import service as accounts_service
from app.accounts import views as accounts_views
from app.accounts.navigation import current_entry, navigation
from app.banks import messages as banks_messages
from app.banks import views as banks_views
from app.certification import messages as certification_messages
from app.certification import views as certification_views
from app.config import Settings
from app.core import clock, errors, http, i18n
from app.core import messages as core_messages
from app.core.db import db, migrate, prepare_sqlite
from app.core.errors import ServiceError, worded
from app.core.limits import limiter
from app.core.personal import PersonalData, mask_phone
from app.coverage import messages as coverage_messages
from app.coverage import views as coverage_views
from app.desk import messages as desk_messages
from app.desk import views as desk_views
from app.institutions import messages as institutions_messages
from app.institutions import views as institutions_views
from app.registry import messages as registry_messages
from app.registry import views as registry_views
from app.sittings import messages as sittings_messages
from app.sittings import views as sittings_views
from app.training import messages as training_messages
from app.training import views as training_views
from app.verification import messages as verification_messages
from app.verification import views as verification_views
from certificates.certificate import masked_document, masked_name

FEATURES: tuple[tuple[object, object], ...] = (
    (accounts_views, accounts_messages),
    (registry_views, registry_messages),
    (institutions_views, institutions_messages),
    (banks_views, banks_messages),
    (training_views, training_messages),
    (sittings_views, sittings_messages),
    (certification_views, certification_messages),
    (verification_views, verification_messages),
    (coverage_views, coverage_messages),
    (desk_views, desk_messages),
)
"""The views and the messages of each feature."""
UPLOAD_LIMIT = 25 * 1024 * 1024
FORM_LIMIT = 2 * 1024 * 1024  # a case study of twenty long parts, every Chinese character nine bytes on its way
SESSION_LIFETIME = timedelta(hours=12)  # a working day; then a cookie left on a shared computer opens nothing

csrf = CSRFProtect()
login_manager = LoginManager()
login_manager.user_loader(accounts_service.user_by_session)


def create_app(settings: Settings, *, ticking: clock.Clock = clock.system_clock) -> Flask:
    """Return the application for *settings*. ticking: what tells the time; tests and the demo bring their own."""
    app = Flask("app", instance_path=str(settings.instance))
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        RATELIMIT_STORAGE_URI=settings.rate_limit_storage,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open as long as its session; an exam lasts hours
        WTF_I18N_ENABLED=False,
    )
    app.extensions["clock"] = ticking
    app.extensions["personal_data"] = PersonalData(settings.personal_data_key)
    app.extensions["password_hasher"] = argon2.PasswordHasher()
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    _init_extensions(app)
    _init_templates(app)
    _init_errors(app)
    _init_features(app)
    return app


def _engine_options(settings: Settings) -> dict[str, object]:
    """Parameters stay out of error messages: they hold names, and the messages go to the log."""
    if settings.is_sqlite:
        return {"connect_args": {"check_same_thread": False}, "hide_parameters": True}
    return {
        "pool_size": settings.database_pool_size,
        "max_overflow": 0,
        "pool_timeout": 10,
        "pool_pre_ping": True,
        "hide_parameters": True,
    }


def _init_extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
    migrate.init_app(app, db, directory=_migrations())
    i18n.init_app(app)
    http.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    Bootstrap5(app)
    login_manager.init_app(app)


def _migrations() -> str:
    spec = importlib.util.find_spec("migrations")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the migrations package is not installed")
    return next(iter(spec.submodule_search_locations))


def _init_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        masked_name=masked_name,
        masked_last4=lambda last4: masked_document("identity_card", last4),
        masked_phone=mask_phone,
        day=lambda value: format_date(value, "yyyy-MM-dd") if value else "",
        moment=lambda value: format_datetime(value, "yyyy-MM-dd HH:mm") if value else "",
    )
    app.context_processor(
        lambda: {
            "navigation": navigation,
            "current_entry": current_entry,
            "admitted_sitting": access.admitted_sitting,
        }
    )


def _init_features(app: Flask) -> None:
    errors.register_messages(core_messages.MESSAGES)
    for views, messages in FEATURES:
        app.register_blueprint(views.bp)  # type: ignore[attr-defined]
        errors.register_messages(messages.MESSAGES)  # type: ignore[attr-defined]


def _init_errors(app: Flask) -> None:
    @app.errorhandler(ServiceError)
    def refused(error: ServiceError) -> ResponseReturnValue:
        db.session.rollback()
        return _problem(error.status, worded(error), error.code)

    @app.errorhandler(CSRFError)
    def expired(error: CSRFError) -> ResponseReturnValue:
        return _problem(400, errors.sentence("form_expired"), "form_expired")

    @app.errorhandler(404)
    def missing(error: Exception) -> ResponseReturnValue:
        return _problem(404, errors.sentence("not_found"), "not_found")

    @app.errorhandler(413)
    def too_large(error: Exception) -> ResponseReturnValue:
        return _problem(413, errors.sentence("file_too_large", {"limit_mb": 20}), "file_too_large")

    @app.errorhandler(429)
    def too_many(error: Exception) -> ResponseReturnValue:
        return _problem(429, errors.sentence("too_many_requests"), "too_many_requests")

    @app.errorhandler(500)
    def broken(error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        return _problem(500, errors.sentence("server_error"), "server_error")


def _problem(status: int, sentence: str, code: str) -> ResponseReturnValue:
    """Word a refusal as JSON for scripts and as a page for people."""
    if request.accept_mimetypes.best == "application/json":
        return {"code": code, "message": sentence}, status
    return render_template("error.html", sentence=sentence, status=status), status
