"""The tables. Facts are kept as typed; each row carries its ``practice_id``, also in its foreign keys."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

__all__ = ["KINDS", "UtcTime", "audit", "entries", "grants", "metadata", "people", "practices", "sessions", "users"]

KINDS = ("diary", "medicine", "supplement", "lab", "product", "favourite")


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment: always with a time zone outside, always UTC inside. SQLite keeps no zone of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone: it could be any."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

practices = Table(
    "practices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("practice_id", ForeignKey("practices.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),  # case-folded: one log-in name in the whole database
    Column("password_hash", Text),
    Column("role", Text, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
    UniqueConstraint("practice_id", "id"),
    CheckConstraint("role IN ('owner', 'practitioner', 'reader')", name="role"),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("idle_minutes", Integer, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("practice_id", ForeignKey("practices.id"), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("deleted_at", UtcTime),
    UniqueConstraint("practice_id", "id"),
    sqlite_autoincrement=True,
)

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("practice_id", Integer, nullable=False),
    Column("person_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("day", Date),
    Column("position", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("deleted_at", UtcTime),
    ForeignKeyConstraint(["practice_id", "person_id"], ["people.practice_id", "people.id"]),
    CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name="kind"),
    Index(None, "person_id", "kind", "day"),
    sqlite_autoincrement=True,
)

grants = Table(
    "grants",
    metadata,
    Column("practice_id", Integer, nullable=False),
    Column("person_id", Integer, primary_key=True),
    Column("user_id", Integer, primary_key=True),
    Column("level", Text, nullable=False),
    ForeignKeyConstraint(["practice_id", "person_id"], ["people.practice_id", "people.id"]),
    ForeignKeyConstraint(["practice_id", "user_id"], ["users.practice_id", "users.id"]),
    CheckConstraint("level IN ('read', 'write')", name="level"),
)

audit = Table(  # no foreign keys to people and users: what was done stays when they are gone
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("practice_id", ForeignKey("practices.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("user_id", Integer, nullable=False),
    Column("person_id", Integer),
    Column("action", Text, nullable=False),
    Column("what", Text, nullable=False),
    Index(None, "practice_id", "person_id"),
    sqlite_autoincrement=True,
)
