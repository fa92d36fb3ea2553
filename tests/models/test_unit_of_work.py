"""All or nothing, whatever happens to the caller, to the connection or to a rival."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import pytest
from tortoise.exceptions import IntegrityError, TransactionManagementError
from tortoise.transactions import in_transaction as tortoise_transaction

from cases.refusals import OutcomeUnknown, RetryLater, StorageUnavailable
from models import Counter, Tenant
from models.database import Database, reading
from models.fields import uuid7
from models.unit_of_work import NotNested, after_commit, in_unit_of_work, unit_of_work

OWNER = UUID(int=7)


async def counter(name: str = "a") -> Counter:
    return await Counter.create(tenant_id=OWNER, name=name)


async def value(name: str = "a") -> int:
    return (await Counter.get(name=name)).value


def adding(number: int = 1, name: str = "a") -> Callable[[], Awaitable[None]]:
    """Reads, thinks, writes: loses rivals' work unless nobody else writes between."""

    async def body() -> None:
        row = await Counter.filter(name=name).select_for_update().get()
        await asyncio.sleep(0)
        await Counter.filter(name=name).update(value=row.value + number)

    return body


async def test_the_result_is_what_the_body_returns(database: Database):
    assert await unit_of_work(lambda: counter()) == await Counter.get()


async def test_a_body_that_raises_has_written_nothing(database: Database):
    async def body() -> None:
        await counter()
        raise LookupError("changed my mind")

    with pytest.raises(LookupError, match="changed my mind"):
        await unit_of_work(body)

    assert await Counter.all().count() == 0


async def test_inside_one_reads_what_one_wrote_and_outside_nobody_does(database: Database):
    written, seen = asyncio.Event(), asyncio.Event()

    async def body() -> int:
        await counter()
        written.set()
        await seen.wait()
        return len(await reading().execute_query_dict("SELECT * FROM counter")) + await Counter.all().count()

    inside = asyncio.create_task(unit_of_work(body))
    await written.wait()
    outside = len(await reading().execute_query_dict("SELECT * FROM counter")) + await Counter.all().count()
    seen.set()

    assert (outside, await inside) == (0, 2)


async def test_units_run_at_once_lose_no_writes(database: Database):
    await counter()

    await asyncio.gather(*(unit_of_work(adding()) for _ in range(20)))

    assert await value() == 20


async def test_one_inside_another_is_refused(database: Database):
    with pytest.raises(NotNested):
        await unit_of_work(lambda: unit_of_work(counter))

    assert await Counter.all().count() == 0


async def test_savepoints_inside_are_tortoises_own(database: Database):
    async def body() -> None:
        await counter("kept")
        with suppress(LookupError):
            async with tortoise_transaction("default"):
                await counter("dropped")
                raise LookupError
        await Counter.get_or_create(tenant_id=OWNER, name="also kept")

    await unit_of_work(body)

    assert {row.name for row in await Counter.all()} == {"kept", "also kept"}


async def test_in_unit_of_work_is_true_inside_only(database: Database):
    async def body() -> bool:
        return in_unit_of_work()

    assert [in_unit_of_work(), await unit_of_work(body), in_unit_of_work()] == [False, True, False]


async def test_a_task_that_outlives_its_unit_cannot_write_into_another(database: Database):
    ended = asyncio.Event()

    async def late() -> None:
        await ended.wait()
        await counter("late")

    async def body() -> asyncio.Task[None]:
        return asyncio.create_task(late())

    escaped = await unit_of_work(body)

    async def another() -> None:
        ended.set()
        await asyncio.wait({escaped})
        raise LookupError("roll back")

    with pytest.raises(LookupError):
        await unit_of_work(another)
    with pytest.raises(TransactionManagementError, match="has ended"):
        await escaped
    assert await Counter.all().count() == 0


async def test_a_task_that_outlives_its_unit_can_begin_one_of_its_own(database: Database):
    ended = asyncio.Event()

    async def late() -> None:
        await ended.wait()
        assert not in_unit_of_work()
        await unit_of_work(counter)

    async def body() -> asyncio.Task[None]:
        return asyncio.create_task(late())

    escaped = await unit_of_work(body)
    ended.set()
    await escaped

    assert await Counter.all().count() == 1


async def test_what_should_follow_the_commit_follows_it_in_order(database: Database):
    heard: list[str] = []

    async def body() -> None:
        after_commit(lambda: heard.append("first"))
        after_commit(lambda: heard.append("second"))
        assert heard == []

    await unit_of_work(body)

    assert heard == ["first", "second"]


async def test_nothing_follows_a_rollback(database: Database):
    heard: list[str] = []

    async def body() -> None:
        after_commit(lambda: heard.append("told"))
        raise LookupError

    with pytest.raises(LookupError):
        await unit_of_work(body)

    assert heard == []


async def test_a_callback_that_fails_does_not_make_a_commit_look_failed(database: Database):
    heard: list[str] = []

    def fail() -> None:
        raise LookupError

    async def body() -> Counter:
        after_commit(fail)
        after_commit(lambda: heard.append("the next one still"))
        return await counter()

    assert await unit_of_work(body) == await Counter.get()
    assert heard == ["the next one still"]


async def test_after_commit_outside_a_unit_is_a_bug(database: Database):
    with pytest.raises(RuntimeError, match="body of a unit of work"):
        after_commit(lambda: None)


async def test_a_swallowed_error_that_undid_the_transaction_is_not_a_success(postgres_database: Database):
    async def body() -> None:
        await counter()
        with pytest.raises(IntegrityError):
            await counter()

    with pytest.raises(TransactionManagementError, match="rolled back"):
        await unit_of_work(body)

    assert await Counter.all().count() == 0


async def test_a_caller_that_leaves_once_the_body_began_does_not_undo_it(database: Database):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def body() -> None:
        await counter()
        begun.set()
        await go_on.wait()

    caller = asyncio.create_task(unit_of_work(body))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await database.drain()

    assert await Counter.all().count() == 1


async def test_a_caller_that_leaves_before_the_body_began_has_done_nothing(database: Database):
    holding, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        await Counter.all().count()
        holding.set()
        await release.wait()

    rivals = database.limits.pool_connections if database.dialect == "postgres" else 1
    holders = [asyncio.create_task(unit_of_work(hold)) for _ in range(rivals)]
    await holding.wait()
    caller = asyncio.create_task(unit_of_work(counter))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait({caller})
    release.set()
    await asyncio.gather(*holders)
    await database.drain()

    assert caller.cancelled()
    assert await Counter.all().count() == 0


async def test_two_thousand_cancellations_leave_no_lock_and_no_open_transaction(database: Database):
    """Whatever is cancelled whenever, the database goes on. Repeat a run with SEED=<printed number>."""
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print(f"SEED={seed}")  # noqa: T201  # shown by pytest when the test fails
    dice = random.Random(seed)
    await counter()
    done = 0

    async def cancelled_after(turns: int) -> None:
        nonlocal done

        async def body() -> None:
            nonlocal done
            await adding()()
            after_commit(count)

        def count() -> None:
            nonlocal done
            done += 1

        task = asyncio.ensure_future(dice.choice(works)(body))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()) is not None:
            assert isinstance(error, RetryLater), error

    async def bare_transaction(_: object) -> None:
        """What Tortoise itself does in `get_or_create`: a transaction without our shield."""
        async with tortoise_transaction("default"):
            await Counter.filter(name="a").update(name="a")

    async def read(_: object) -> None:
        await Counter.all().count()

    works: list[Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]] = [unit_of_work, bare_transaction, read]
    for _ in range(150):  # of twenty each, two thirds of them writes
        await asyncio.gather(*(cancelled_after(dice.randrange(60)) for _ in range(20)))
        await database.drain()
        await assert_nothing_is_held(database)

    async with asyncio.timeout(5):
        await unit_of_work(adding())
    assert await value() == done + 1
    assert not database.units
    await assert_nothing_is_held(database)


async def test_a_bare_transaction_cancelled_at_any_point_leaves_nothing_behind(database: Database):
    """Tortoise begins such ones itself, in `get_or_create` and `bulk_update`; no unit of work shields them."""
    await counter()

    async def bare_transaction() -> None:
        async with tortoise_transaction("default"):
            await Counter.filter(name="a").update(value=1)

    for turns in range(300):
        task = asyncio.create_task(bare_transaction())
        for _ in range(turns % 60):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        await assert_nothing_is_held(database)


async def assert_nothing_is_held(database: Database) -> None:
    if database.dialect == "sqlite":
        assert not database.writer._lock.locked()
        assert not database.writer._connection.in_transaction
        assert not database.reader._lock.locked()
        assert database.writer._waiting == 0
    else:
        assert database.writer._slots._value == database.limits.pool_connections
        rows = await reading().execute_query_dict(
            "SELECT count(*) AS open FROM pg_stat_activity"
            " WHERE datname = current_database() AND state LIKE 'idle in %'"
        )
        assert rows == [{"open": 0}]


async def test_a_deadlock_is_run_again_and_both_succeed(postgres_database: Database):
    await counter("a")
    await counter("b")
    runs = 0
    both_hold_one = asyncio.Barrier(2)

    def crossing(first: str, second: str) -> Callable[[], Awaitable[None]]:
        tries = 0

        async def body() -> None:
            nonlocal runs, tries
            runs, tries = runs + 1, tries + 1
            await adding(name=first)()
            if tries == 1:
                await both_hold_one.wait()
            await adding(name=second)()

        return body

    await asyncio.gather(unit_of_work(crossing("a", "b")), unit_of_work(crossing("b", "a")))

    assert (await value("a"), await value("b"), runs) == (2, 2, 3)


async def test_a_race_that_is_always_lost_ends_in_retry_later(postgres_database: Database):
    runs = 0

    async def body() -> None:
        nonlocal runs
        runs += 1
        await reading().execute_script("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$")

    with pytest.raises(RetryLater):
        await unit_of_work(body)

    assert runs == 4


async def end_own_connection() -> None:
    """The server cuts the connection that asks for it, as an administrator or a failover would."""
    await reading().execute_query("SELECT pg_terminate_backend(pg_backend_pid())")


async def test_a_connection_that_breaks_before_the_commit_is_replaced_and_the_body_run_again(
    postgres_database: Database,
):
    runs = 0

    async def body() -> None:
        nonlocal runs
        runs += 1
        await counter()
        if runs == 1:
            await end_own_connection()

    await unit_of_work(body)

    assert (runs, await Counter.all().count()) == (2, 1)


async def test_connections_that_keep_breaking_are_storage_unavailable(postgres_database: Database):
    async def body() -> None:
        await counter()
        await end_own_connection()

    with pytest.raises(StorageUnavailable):
        await unit_of_work(body)

    assert await Counter.all().count() == 0


async def test_a_connection_that_breaks_while_committing_leaves_the_outcome_unknown(postgres_database: Database):
    """A deferred trigger cuts the connection in the middle of COMMIT: nobody may run the body again."""
    await postgres_database.writer.execute_script(
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON counter DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION cut()"
    )
    runs = 0

    async def body() -> None:
        nonlocal runs
        runs += 1
        await counter()

    with pytest.raises(OutcomeUnknown):
        await unit_of_work(body)

    assert runs == 1
    await unit_of_work(lambda: Tenant.filter(id=uuid7()).delete())


async def test_a_unit_that_fails_after_its_caller_left_is_logged(database: Database, caplog: pytest.LogCaptureFixture):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def body() -> None:
        begun.set()
        await go_on.wait()
        raise LookupError("nobody hears this")

    caller = asyncio.create_task(unit_of_work(body))
    await begun.wait()
    caller.cancel()
    await asyncio.wait({caller})
    go_on.set()
    await database.drain()
    await asyncio.sleep(0)

    assert "nobody hears this" in caplog.text
