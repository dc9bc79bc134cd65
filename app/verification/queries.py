"""Finding a certificate for somebody who holds the paper."""

from __future__ import annotations

import unicodedata

from app.certification import queries
from app.certification.models import Certificate
from app.core.errors import ServiceError
from certificates.certificate import normalise_name
from certificates.errors import CertificateError
from certificates.numbering import normalise_number


def found_by_number_and_name(number: str, name: str) -> Certificate:
    """Return the certificate with *number* issued to *name*, as typed: full-width, any dash, any case, any middle dot.

    Raises ServiceError "verify_number_check" or "verify_number_shape" on the field number; "verify_no_match" without
    saying which of the two did not fit, so that nobody learns a name from a number.
    """
    certificate = queries.by_number(_number(number))
    if certificate is None or _plain(certificate.holder_name) != _plain(name):
        raise ServiceError("verify_no_match")
    return certificate


def _number(text: str) -> str:
    try:
        return normalise_number(text)
    except CertificateError as error:
        code = "verify_number_check" if error.code == "number_check" else "verify_number_shape"
        raise ServiceError(code, field="number") from error


def _plain(name: str) -> str:
    """Spaces inside a name are how a keyboard or a printer spread it, not a part of it."""
    return unicodedata.normalize("NFKC", normalise_name(name)).replace(" ", "").casefold()
