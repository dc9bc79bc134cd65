"""The one error of this package: a stable code with data, worded by whoever shows it."""

from __future__ import annotations


class CertificateError(Exception):
    """A rule about certificates was broken; `code` is stable, `data` names what the reader must know.

    Codes: number_empty, number_shape, number_prefix, number_year, number_serial, number_check; token_bytes,
    token_shape; fact_invalid (field); payload_invalid (field); template_invalid (template, reason);
    host_invalid; address_invalid; key_invalid (reason); not_readable, not_canonical, wrong_algorithm,
    unknown_key (kid), bad_signature, wrong_address (issuer); qr_too_long, qr_too_small;
    character_not_available (character, field); text_does_not_fit (field); unknown_field (field).
    """

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        return f"{self.code} ({details})" if details else self.code
