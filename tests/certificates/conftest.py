"""One sample certificate, one sample key and the shipped fonts for all tests of this folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from certificates.address import address, address_prefix, issuer_host
from certificates.certificate import CertificateFacts
from certificates.fonts import FontBook, standard_fonts
from certificates.keys import KeyRecord, SigningKey, generate, load_signing_key
from certificates.numbering import format_number, token_from_bytes
from certificates.payload import Claims, claims_of
from certificates.signing import sign


@pytest.fixture(scope="session")
def host_url() -> str:
    return "https://zs.example.gov.cn"


@pytest.fixture(scope="session")
def facts() -> CertificateFacts:
    return CertificateFacts(
        number=format_number("ZJ", 2026, 4821),
        token=token_from_bytes(bytes(range(16))),
        holder_name="章示远",
        document_kind="identity_card",
        document_last4="3017",
        enterprise_name="衢州市示例矿业有限公司",
        role_code="principal",
        role_zh="主要负责人",
        role_en="Principal responsible person",
        sector_code="mines",
        sector_zh="金属非金属地下矿山",
        sector_en="Underground metal and non-metal mines",
        course_code="mines-principal-refresher",
        course_title_zh="主要负责人再培训",
        course_title_en="Refresher course for principals",
        course_version="2026版",
        hours=16,
        exam_on=date(2026, 5, 18),
        score=Decimal("86"),
        pass_score=Decimal("80"),
        maximum=Decimal("100"),
        institution_name="衢州市示例安全培训中心",
        exam_site_name="衢州市示例考试点",
        issuer_name="衢州市示例发证中心",
        issued_on=date(2026, 5, 20),
        valid_until=date(2029, 5, 19),
        region_name="浙江省衢州市",
    )


@pytest.fixture(scope="session")
def key() -> SigningKey:
    return load_signing_key(*generate(bytes(range(48)), datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.fixture(scope="session")
def other_key() -> SigningKey:
    return load_signing_key(*generate(bytes(range(1, 49)), datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.fixture(scope="session")
def keys(key: SigningKey) -> tuple[KeyRecord, ...]:
    return (key.record,)


@pytest.fixture(scope="session")
def claims(facts: CertificateFacts, host_url: str) -> Claims:
    return claims_of(facts, issuer_host(host_url), b"12345678")


@pytest.fixture(scope="session")
def prefix(facts: CertificateFacts, host_url: str) -> str:
    return address_prefix(host_url, facts.token)


@pytest.fixture(scope="session")
def signed(claims: Claims, prefix: str, key: SigningKey) -> str:
    return sign(claims, prefix, key)


@pytest.fixture(scope="session")
def qr_text(facts: CertificateFacts, host_url: str, signed: str) -> str:
    return address(host_url, facts.token, signed)


@pytest.fixture(scope="session")
def fonts() -> FontBook:
    return standard_fonts()
