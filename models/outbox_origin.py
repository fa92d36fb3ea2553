"""Where the outbox was written: a database that was restored elsewhere begins it anew.

The outbox is ordered by transactions (`models/outbox.py`), which every cluster of PostgreSQL counts for itself. Rows
and cursors that come from another one would stand anywhere in the order, and who reads on from there would miss things
without noticing. So the database knows in which cluster it is; where that is another one than last time, the outbox is
emptied, and everybody who comes back is told to read anew.
"""

import logging
from datetime import UTC, datetime
from functools import partial
from typing import Final

from models.columns import quoted
from models.database import reading
from models.delivery import Outbox, OutboxOrigin
from models.fields import uuid7
from models.locking import lock_name
from models.reading import dialect
from models.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

ALWAYS: Final = datetime.fromtimestamp(0, UTC)
_TABLE: Final = quoted(Outbox._meta.db_table)


async def at_home(now: datetime) -> datetime:
    """Sees to it that the outbox is of this cluster, and says since when it is: cursors from before lead nowhere."""
    return ALWAYS if dialect() == "sqlite" else await unit_of_work(partial(_at_home, now))


async def _at_home(now: datetime) -> datetime:
    await lock_name("the origin of the outbox")  # of several processes that start, one empties it
    cluster, is_ahead = await _cluster(), await _is_ahead()
    known = await OutboxOrigin.first()
    if known is not None and known.cluster == cluster and not is_ahead:
        return known.since
    if known is None and not is_ahead:
        await OutboxOrigin.create(id=uuid7(), cluster=cluster, since=ALWAYS)
        return ALWAYS
    log.warning("the database comes from another cluster: subscribers who come back will have to read anew")
    await reading().execute_script(f"TRUNCATE {_TABLE}")
    await OutboxOrigin.all().delete()
    await OutboxOrigin.create(id=uuid7(), cluster=cluster, since=now)
    return now


async def _cluster() -> str:
    """The name that the cluster was given when it was made; nothing, where it is not told to us."""
    (told,) = await reading().execute_query_dict(
        "SELECT has_function_privilege('pg_control_system()', 'execute') AS it"
    )
    if not told["it"]:
        return ""
    (found,) = await reading().execute_query_dict("SELECT system_identifier::text AS name FROM pg_control_system()")
    return str(found["name"])


async def _is_ahead() -> bool:
    """Whether there are rows of transactions that are still to come here."""
    to_come = f"SELECT 1 FROM {_TABLE} WHERE written_by >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    (found,) = await reading().execute_query_dict(f"SELECT EXISTS ({to_come}) AS it")
    return bool(found["it"])
