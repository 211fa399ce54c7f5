"""Sessions in the database that know when they end, so that a page can warn of it without asking again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.utils import timezone


class SessionStore(DatabaseSession):
    """The row's own end, in machine time (UTC); None for a visitor without a row."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs forgot it
        if row is not None:
            self.ends_at = row.expire_date
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        self.ends_at = row.expire_date
        return row

    @property
    def seconds_left(self) -> int:
        """Until the person is signed out; a session not yet written lasts its whole time."""
        if self.ends_at is None:
            return int(self.get_expiry_age())
        return max(int((self.ends_at - timezone.now()).total_seconds()), 0)

    def renew(self, *, always: bool = False) -> int:
        """Begin the whole time anew once half of it is over, or `always`; the seconds then left."""
        if always or self.seconds_left < self.get_expiry_age() / 2:
            self.modified = True
            return int(self.get_expiry_age())
        return self.seconds_left
