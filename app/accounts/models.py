from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.actors import Role
from app.core.db import Base, Id, choice


class User(UserMixin, Base):  # type: ignore[misc]  # flask_login publishes no types
    """Somebody who may sign in. Staff have a login name; a trainee is found by the index of the identity document."""

    __tablename__ = "user"

    id: Mapped[Id]
    login: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    document_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)  # raised to end every session of the user
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    grants: Mapped[list[Grant]] = relationship(back_populates="user", order_by="Grant.id", lazy="selectin")

    def get_id(self) -> str:
        """Return what the signed session holds; raising session_version makes it worthless."""
        return f"{self.id}:{self.session_version}"


class Grant(Base):
    """A role with its scope: region code, institution code, exam site code or credit code, "" without one."""

    __tablename__ = "grant"
    __table_args__ = (sa.UniqueConstraint("user_id", "role", "scope"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(choice(Role, "grant_role"))
    scope: Mapped[str] = mapped_column(sa.String(40), default="")
    user: Mapped[User] = relationship(back_populates="grants")
