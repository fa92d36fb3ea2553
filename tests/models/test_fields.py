"""Columns mean the same on both engines."""

from datetime import UTC, datetime, timedelta, timezone

from models import Tenant
from models.database import Database

PARIS_NOON = datetime(2026, 1, 15, 12, 0, tzinfo=timezone(timedelta(hours=1)))
ELEVEN_UTC = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)


async def test_an_instant_in_another_zone_is_found_by_the_same_instant(database: Database):
    await Tenant.create(name="a", slug="a", created_at=ELEVEN_UTC)

    assert await Tenant.filter(created_at=PARIS_NOON).count() == 1
    assert await Tenant.filter(created_at__gte=PARIS_NOON).count() == 1
    assert await Tenant.filter(created_at__lt=PARIS_NOON).count() == 0
