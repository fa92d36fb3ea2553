"""Columns mean the same on both engines, whichever way a value goes in or is compared."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cases.vocabulary import Priority
from models import Case, Tenant
from models.database import Database, reading
from models.engines.sqlite import as_text
from models.fields import RankedEnumField, UtcDateTimeField, uuid7

PARIS = timezone(timedelta(hours=1))
NOON_IN_PARIS = datetime(2026, 1, 15, 12, 0, tzinfo=PARIS)
ELEVEN_UTC = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


async def tenant(created_at: datetime, slug: str = "a") -> Tenant:
    return await Tenant.create(name=slug, slug=slug, created_at=created_at)


async def found(**condition: object) -> int:
    return await Tenant.filter(**condition).count()


@pytest.mark.parametrize("way", ["create", "save", "update", "bulk_create", "bulk_update"])
async def test_an_instant_from_another_zone_compares_as_the_instant_it_is(database: Database, way: str):
    row = await tenant(ELEVEN_UTC - timedelta(days=9))
    row.created_at = NOON_IN_PARIS
    match way:
        case "create":
            await row.delete()
            await tenant(NOON_IN_PARIS)
        case "save":
            await row.save()
        case "update":
            await Tenant.filter(id=row.id).update(created_at=NOON_IN_PARIS)
        case "bulk_create":
            await row.delete()
            await Tenant.bulk_create([Tenant(name="b", slug="b", created_at=NOON_IN_PARIS)])
        case "bulk_update":
            await Tenant.bulk_update([row], fields=["created_at"])

    assert await found(created_at=ELEVEN_UTC) == 1
    assert await found(created_at=NOON_IN_PARIS) == 1
    assert await found(created_at__in=[NOON_IN_PARIS]) == 1
    assert await found(created_at__gte=NOON_IN_PARIS) == 1
    assert await found(created_at__gt=NOON_IN_PARIS - SECOND) == 1
    assert await found(created_at__lt=NOON_IN_PARIS) == 0
    assert await found(created_at__range=(NOON_IN_PARIS, NOON_IN_PARIS)) == 1


async def test_an_instant_comes_back_in_utc_to_the_microsecond(database: Database):
    exact = datetime(2026, 1, 15, 12, 0, 0, 123456, tzinfo=PARIS)
    await tenant(exact)

    (row,) = await Tenant.all()

    assert row.created_at == exact
    assert row.created_at.tzinfo is UTC
    assert await Tenant.all().values_list("created_at", flat=True) == [exact]


async def test_instants_sort_by_time_whether_or_not_they_have_fractions(database: Database):
    instants = [ELEVEN_UTC, ELEVEN_UTC + timedelta(microseconds=1), ELEVEN_UTC + SECOND, NOON_IN_PARIS + 2 * SECOND]
    for number, instant in enumerate(reversed(instants)):
        await tenant(instant, slug=str(number))

    assert [row.created_at for row in await Tenant.all().order_by("created_at")] == instants


async def test_raw_sql_takes_an_instant_as_it_is(database: Database):
    await tenant(ELEVEN_UTC)
    mark = "?" if database.dialect == "sqlite" else "$1"

    rows = await reading().execute_query_dict(f"SELECT slug FROM tenant WHERE created_at = {mark}", [NOON_IN_PARIS])

    assert rows == [{"slug": "a"}]


async def test_a_naive_instant_is_refused_wherever_it_comes_in(database: Database):
    naive = datetime(2026, 1, 15, 12, 0)  # noqa: DTZ001  # what the test is about
    row = await tenant(ELEVEN_UTC)

    with pytest.raises(ValueError, match="naive"):
        await tenant(naive, slug="b")
    with pytest.raises(ValueError, match="naive"):
        await found(created_at__gt=naive)
    with pytest.raises(ValueError, match="naive"):
        await Tenant.filter(id=row.id).update(created_at=naive)
    row.created_at = naive
    with pytest.raises(ValueError, match="naive"):
        await row.save()
    with pytest.raises(ValueError, match="naive"):
        as_text(naive)


@pytest.mark.parametrize("value", [5, "yesterday", object()])
def test_what_is_no_instant_is_refused(value: object):
    with pytest.raises(ValueError, match=r"instant|isoformat"):
        UtcDateTimeField().to_db_value(value, None)


def test_a_rank_is_the_position_of_the_member():
    field = RankedEnumField(Priority)

    assert [field.to_db_value(member, None) for member in Priority] == list(range(len(Priority)))
    assert [field.to_python_value(position) for position in range(len(Priority))] == list(Priority)
    assert field.to_db_value("HIGH", None) == field.to_db_value(Priority.HIGH, None)
    assert field.to_db_value(None, None) is None
    assert field.to_python_value(None) is None


@pytest.mark.parametrize("value", ["URGENT", 99, -1])
def test_a_rank_that_is_none_is_refused(value: object):
    field = RankedEnumField(Priority)

    with pytest.raises(ValueError, match=str(value)):
        field.to_db_value(value, None)
    with pytest.raises(ValueError, match=str(value)):
        field.to_python_value(value)


async def test_ranks_are_sorted_and_compared_in_the_order_of_the_members(database: Database):
    owner = await tenant(ELEVEN_UTC)
    for number, priority in enumerate((Priority.CRITICAL, Priority.LOW, Priority.HIGH, Priority.MEDIUM)):
        instants = {"created_at": ELEVEN_UTC, "updated_at": ELEVEN_UTC}
        await Case(tenant=owner, number=str(number), title="a", priority=priority, **instants).save()

    assert [row.priority for row in await Case.all().order_by("priority")] == list(Priority)
    assert await Case.filter(priority__gte=Priority.HIGH).count() == 2
    assert await Case.filter(priority__in=[Priority.LOW, "CRITICAL"]).count() == 2
    await Case.filter(priority=Priority.LOW).update(priority=Priority.CRITICAL)
    assert await Case.filter(priority=Priority.CRITICAL).count() == 2


def test_fields_can_be_written_into_a_migration():
    path, positional, options = RankedEnumField(Priority, default=Priority.LOW).deconstruct()

    assert (path, positional) == ("models.fields.RankedEnumField", [])
    assert options == {"default": Priority.LOW, "enum_type": Priority}
    assert UtcDateTimeField(null=True).deconstruct()[2]["null"] is True


def test_keys_are_unique_and_sort_by_the_time_of_their_making():
    keys = [uuid7() for _ in range(1000)]

    assert len(set(keys)) == 1000
    assert {key.version for key in keys} == {7}
    assert [key.int >> 80 for key in keys] == sorted(key.int >> 80 for key in keys)
