"""States and changes of state of an institution, as pages say them."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.institutions.models import Standing

STANDINGS: dict[Standing, tuple[LazyString, str]] = {
    Standing.ACTIVE: (_l("正常"), "ok"),
    Standing.SUSPENDED: (_l("已停训"), "warn"),
    Standing.REMOVED: (_l("已移出"), "stop"),
}
"""The word and the tone of its tag."""

DECISIONS: dict[Standing, LazyString] = {
    Standing.ACTIVE: _l("已恢复培训"),
    Standing.SUSPENDED: STANDINGS[Standing.SUSPENDED][0],
    Standing.REMOVED: STANDINGS[Standing.REMOVED][0],
}
"""What a decision did that led to the standing, as the history says it."""


@dataclass(frozen=True)
class Change:
    """One way an institution's standing changes: the button, what follows from it, and the sentence to confirm."""

    standing: Standing
    offer: LazyString
    consequence: LazyString
    confirmation: LazyString
    done: LazyString


CHANGES: dict[str, Change] = {
    "suspend": Change(
        Standing.SUSPENDED,
        _l("停训"),
        _l("停训期间不能安排新的培训班、申请考试、开始考试，也不发证书。已发的证书仍然有效，已记录的学时和成绩保留。"),
        _l("我已核对文书，确认对该机构停训。"),
        _l("已停训。恢复之前，该机构不能安排新的培训班，其学员不能考试，也不发证书。"),
    ),
    "reinstate": Change(
        Standing.ACTIVE,
        _l("恢复培训"),
        _l("恢复后即可安排新的培训班，学员可以考试和领证。停训的记录保留。"),
        _l("我已核对整改情况和文书，确认恢复该机构的培训。"),
        _l("已恢复培训，可以安排新的培训班。"),
    ),
    "remove": Change(
        Standing.REMOVED,
        _l("移出名单"),
        _l(
            "移出后不能再安排培训班、申请考试、开始考试，也不发证书，并且不能恢复；须重新申请、另行添加。已发的证书仍然有效，历史记录保留。"
        ),
        _l("我已核对文书，确认将该机构移出名单。"),
        _l("已移出名单，历史记录保留。"),
    ),
}
OFFERED: dict[Standing, tuple[str, ...]] = {
    Standing.ACTIVE: ("suspend", "remove"),
    Standing.SUSPENDED: ("reinstate", "remove"),
    Standing.REMOVED: (),
}
"""From each standing, the changes that its page offers; service.MOVES decides."""
