"""Settings are checked before anything starts."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from app.config import ConfigError, from_environment

KEY = base64.b64encode(bytes(32)).decode()


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"BIKAO_INSTANCE": str(folder), **more}


def test_a_first_start_makes_its_secrets_and_keeps_them(tmp_path: Path) -> None:
    first, second = from_environment(environment(tmp_path)), from_environment(environment(tmp_path))
    assert first == second
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert first.is_sqlite


@pytest.mark.parametrize("missing", ["BIKAO_SECRET_KEY", "BIKAO_PERSONAL_DATA_KEY"])
def test_production_refuses_to_start_without_a_secret_and_names_it(tmp_path: Path, missing: str) -> None:
    given = {"BIKAO_ENV": "production", "BIKAO_SECRET_KEY": "x" * 32, "BIKAO_PERSONAL_DATA_KEY": KEY}
    del given[missing]
    with pytest.raises(ConfigError, match=missing):
        from_environment(environment(tmp_path, **given))


PRODUCTION = {
    "BIKAO_ENV": "production",
    "BIKAO_SECRET_KEY": "x" * 32,
    "BIKAO_PERSONAL_DATA_KEY": KEY,
    "BIKAO_BASE_URL": "https://exam.example.gov.cn",
    "BIKAO_ISSUER_NAME": "示例市应急管理局",
}


def test_production_starts_with_everything_named(tmp_path: Path) -> None:
    settings = from_environment(environment(tmp_path / "new", **PRODUCTION))
    assert settings.is_production and settings.base_url == "https://exam.example.gov.cn"
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "new" / "secrets.json").exists()


def test_an_address_that_is_not_given_has_the_port_that_is_served(tmp_path: Path) -> None:
    assert from_environment(environment(tmp_path), port=8133).base_url == "http://127.0.0.1:8133"
    given = environment(tmp_path, BIKAO_BASE_URL="https://exam.example.gov.cn/")
    assert from_environment(given, port=8133).base_url == "https://exam.example.gov.cn"
    with pytest.raises(ConfigError, match="BIKAO_BASE_URL"):
        from_environment(environment(tmp_path, **{**PRODUCTION, "BIKAO_BASE_URL": ""}), port=8133)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIKAO_BASE_URL", ""),
        ("BIKAO_BASE_URL", "http://127.0.0.1:8000"),
        ("BIKAO_BASE_URL", "http://exam.example.gov.cn"),
        ("BIKAO_ISSUER_NAME", " "),
    ],
)
def test_production_refuses_the_samples_of_development(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        from_environment(environment(tmp_path, **{**PRODUCTION, name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIKAO_ENV", "staging"),
        ("BIKAO_SECRET_KEY", "too short"),
        ("BIKAO_TRUSTED_PROXIES", "-1"),
        ("BIKAO_PERSONAL_DATA_KEY", "not base64!"),
        ("BIKAO_PERSONAL_DATA_KEY", base64.b64encode(bytes(16)).decode()),
        ("BIKAO_DATABASE_POOL_SIZE", "0"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        from_environment(environment(tmp_path, **{name: value}))


def test_a_plain_postgresql_address_gets_the_driver(tmp_path: Path) -> None:
    settings = from_environment(environment(tmp_path, BIKAO_DATABASE_URL="postgresql://u@h/d"))
    assert settings.database_url == "postgresql+psycopg://u@h/d"
