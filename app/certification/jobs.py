"""Long work about certificates, run by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.certification import service
from app.certification.models import Certificate
from app.core.actors import SYSTEM
from app.core.db import db
from app.core.jobs import Handler
from app.sittings.models import Attempt

ISSUE_JOB = "issue_certificate"


def issue_certificate(arguments: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """Issue the certificate on a passed attempt. arguments: attempt_id. Run twice, it issues once."""
    attempt = db.session.get_one(Attempt, arguments["attempt_id"])
    certificate = service.issue(attempt, actor=SYSTEM, now=moment)
    return {"certificate_id": certificate.id, "number": certificate.number}


def draw_certificate(arguments: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """Draw and store the PDF of one certificate. arguments: certificate_id."""
    certificate = db.session.get_one(Certificate, arguments["certificate_id"])
    return {"pdf_digest": service.keep_drawn(certificate)}


HANDLERS: dict[str, Handler] = {ISSUE_JOB: issue_certificate, service.DRAW_JOB: draw_certificate}
