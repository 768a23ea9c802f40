"""Who asks. Each repository is built with a ``Scope``; what lies outside it does not exist for the one who asks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select, true

from magnes.store.tables import grants, people

__all__ = ["ROLES", "Level", "NotAllowed", "NotFound", "Role", "Scope", "utc_now", "visible"]

Role = Literal["owner", "practitioner", "reader"]
Level = Literal["read", "write"]
ROLES: tuple[Role, ...] = ("owner", "practitioner", "reader")


class NotFound(Exception):  # noqa: N818 - what the web answers with 404
    """Not there, or not for this scope: nobody is told which."""


class NotAllowed(Exception):  # noqa: N818 - what the web answers with 403
    """Seen, but not to be changed by this user."""


@dataclass(frozen=True)
class Scope:
    """The practice and the user on whose behalf a query runs."""

    practice_id: int
    user_id: int
    role: Role

    def must_write(self) -> None:
        """Stop a reader who writes."""
        if self.role == "reader":
            raise NotAllowed("a reader changes nothing")

    def must_own(self) -> None:
        """Stop anybody but an owner."""
        if self.role != "owner":
            raise NotAllowed("only an owner may do this")


def visible(scope: Scope) -> ColumnElement[bool]:
    """People that this scope may see: of its practice; a restricted one only for owners and those with a grant."""
    granted = select(grants.c.user_id).where(
        grants.c.practice_id == scope.practice_id,
        grants.c.person_id == people.c.id,
        grants.c.user_id == scope.user_id,
    )
    open_to = true() if scope.role == "owner" else or_(people.c.restricted.is_(False), granted.exists())
    return and_(people.c.practice_id == scope.practice_id, open_to)


def utc_now() -> dt.datetime:
    """Return this moment."""
    return dt.datetime.now(dt.UTC)
