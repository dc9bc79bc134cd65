"""Sentences for refusals about verification."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "verify_number_check": _l("编号有一处抄错（与末位校验码不符）。请对照证书逐位核对。"),
    "verify_number_shape": _l("这不是证书编号。编号形如 ZJ-2026-0000001-M，印在证书第一行。"),
    "verify_no_match": _l("没有找到编号和姓名都相符的证书。请对照证书核对后重试；仍查不到的，可能是假证。"),
}
