"""Settings: typed, frozen, read once from the environment and checked before anything starts."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENTS = ("development", "testing", "production")
SECRET_KEY_LENGTH = 32
SAMPLE_PORT = 8000
SAMPLE_ISSUER = "逢培必考平台（示例签发机关）"


class ConfigError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


@dataclass(frozen=True)
class Settings:
    """All that the application is told from outside.

    database_url: SQLAlchemy URL; SQLite file in the instance folder by default.
    secret_key: signs session cookies and forms.
    personal_data_key: 32 bytes; the root of encryption and of the blind index of personal data.
    base_url: the official address, printed on certificates and part of their signature.
    rate_limit_storage: "memory://" for one process, a redis:// address for more.
    trusted_proxies: how many proxies in front are believed about the reader's address.
    """

    environment: str
    instance: Path
    database_url: str
    secret_key: str
    personal_data_key: bytes
    base_url: str
    rate_limit_storage: str
    issuer_name: str
    database_pool_size: int = 5
    trusted_proxies: int = 0

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def from_environment(environ: Mapping[str, str] | None = None, *, port: int = SAMPLE_PORT) -> Settings:
    """Return the settings that *environ* (default: the process's) describes.

    port: where this process will serve; outside production an official address that is not given has it.
    Outside production, missing secrets are made once and kept in the instance folder with mode 600.
    Raises ConfigError naming the variable.
    """
    env = os.environ if environ is None else environ
    environment = env.get("BIKAO_ENV", "development")
    if environment not in ENVIRONMENTS:
        raise ConfigError(f"BIKAO_ENV must be one of {', '.join(ENVIRONMENTS)}, not {environment!r}.")
    instance = Path(env.get("BIKAO_INSTANCE", "instance")).absolute()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)  # names lie in it; nobody else on the machine reads them
    kept = {} if environment == "production" else _kept_secrets(instance / "secrets.json")
    return Settings(
        environment=environment,
        instance=instance,
        database_url=_database_url(env.get("BIKAO_DATABASE_URL", ""), instance),
        secret_key=_long_enough(_required(env, "BIKAO_SECRET_KEY", kept)),
        personal_data_key=_key_bytes(_required(env, "BIKAO_PERSONAL_DATA_KEY", kept)),
        base_url=_official(env, "BIKAO_BASE_URL", environment, sample=f"http://127.0.0.1:{port}").rstrip("/"),
        rate_limit_storage=env.get("BIKAO_RATE_LIMIT_STORAGE", "memory://"),
        issuer_name=_official(env, "BIKAO_ISSUER_NAME", environment, sample=SAMPLE_ISSUER),
        database_pool_size=_whole(env, "BIKAO_DATABASE_POOL_SIZE", default=5, least=1),
        trusted_proxies=_whole(env, "BIKAO_TRUSTED_PROXIES", default=0, least=0),
    )


def _database_url(given: str, instance: Path) -> str:
    """Give bare postgresql:// addresses the psycopg 3 driver; default to the embedded SQLite file."""
    if not given:
        return f"sqlite:///{instance / 'bikao.sqlite3'}"
    return given.replace("postgresql://", "postgresql+psycopg://", 1)


def _required(env: Mapping[str, str], name: str, kept: Mapping[str, str]) -> str:
    value = env.get(name) or kept.get(name)
    if not value:
        raise ConfigError(f"{name} is not set. In production every secret comes from the environment (docs/deploy.md).")
    return value


def _official(env: Mapping[str, str], name: str, environment: str, *, sample: str) -> str:
    """Return what stands on certificates and under their signature; in production no sample, and no address to tap."""
    value = env.get(name, "").strip() or sample
    if environment != "production":
        return value
    if value == sample:
        raise ConfigError(f"{name} is not set. In production it stands on every certificate (docs/deploy.md).")
    if name == "BIKAO_BASE_URL" and not value.startswith("https://"):
        raise ConfigError(f"{name} must begin with https:// in production: passwords and exams go over it.")
    return value


def _long_enough(secret_key: str) -> str:
    if len(secret_key) < SECRET_KEY_LENGTH:
        raise ConfigError(f"BIKAO_SECRET_KEY must have at least {SECRET_KEY_LENGTH} characters.")
    return secret_key


def _key_bytes(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ConfigError("BIKAO_PERSONAL_DATA_KEY must be base64.") from error
    if len(key) != 32:
        raise ConfigError(f"BIKAO_PERSONAL_DATA_KEY must hold 32 bytes, not {len(key)}.")
    return key


def _whole(env: Mapping[str, str], name: str, *, default: int, least: int) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise ConfigError(f"{name} must be a whole number of at least {least}, not {text!r}.")
    return int(text)


def _kept_secrets(path: Path) -> dict[str, str]:
    """Return the secrets of a development installation, made at the first start."""
    if not path.exists():
        made = {
            "BIKAO_SECRET_KEY": secrets.token_urlsafe(32),
            "BIKAO_PERSONAL_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file)
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
