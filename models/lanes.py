"""Lanes: deliveries wait in line for each receiver apart, so that none waits behind another's.

Lanes are found by going from one to the next along the index of what is not sent yet: what it takes depends on how many
lanes there are, and not on how much waits in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models.columns import Parameters, column, quoted
from models.database import reading
from models.deliveries import Delivery, DeliveryHold
from models.reading import dialect

_NONE: Final = UUID(int=0)
"""Less than the key of any lane."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane in which something is due, since when, and whether its receiver did not take the last that was sent."""

    key: UUID
    due_at: datetime
    is_held: bool


async def lanes_due(now: datetime) -> list[Lane]:
    """The lanes in which something may be sent at `now`."""
    parameters = Parameters(dialect())
    deliveries, holds = quoted(Delivery._meta.db_table), quoted(DeliveryHold._meta.db_table)
    lane, due_at = column(Delivery, "lane"), column(Delivery, "due_at")
    none = parameters.add(lane.stored(_NONE)) + ("::uuid" if parameters.dialect == "postgres" else "")
    at = parameters.add(due_at.stored(now))
    sql = (
        f"WITH RECURSIVE lanes(lane) AS (SELECT {none} UNION ALL SELECT (SELECT d.lane FROM {deliveries} AS d "
        "WHERE d.lane > lanes.lane ORDER BY d.lane LIMIT 1) FROM lanes WHERE lanes.lane IS NOT NULL), "
        f"waiting AS (SELECT lane, (SELECT d.due_at FROM {deliveries} AS d WHERE d.lane = lanes.lane "
        "ORDER BY d.due_at LIMIT 1) AS due_at FROM lanes) "
        "SELECT waiting.lane, waiting.due_at, held.id AS hold FROM waiting "
        f"LEFT JOIN {holds} AS held ON held.lane = waiting.lane "
        f"WHERE waiting.due_at <= {at} AND (held.id IS NULL OR held.held_until <= {at})"
    )
    _, found = await reading().execute_query(sql, parameters.values)
    read = [
        (lane.field.to_python_value(row["lane"]), due_at.field.to_python_value(row["due_at"]), row) for row in found
    ]
    return [Lane(key, since, row["hold"] is not None) for key, since, row in read]


async def first_due(share_by_lane: Mapping[UUID, int], now: datetime) -> list[UUID]:
    """The keys of the deliveries that are due first, so many of each lane; of one lane at least."""
    parameters = Parameters(dialect())
    deliveries, key, lane = quoted(Delivery._meta.db_table), column(Delivery, "id"), column(Delivery, "lane")
    at = parameters.add(column(Delivery, "due_at").stored(now))
    each = [
        f"SELECT id FROM (SELECT d.id FROM {deliveries} AS d WHERE d.lane = {parameters.add(lane.stored(one))} "
        f"AND d.due_at <= {at} ORDER BY d.due_at, d.id LIMIT {int(share)}) AS lane"
        for one, share in share_by_lane.items()
    ]
    _, found = await reading().execute_query(" UNION ALL ".join(each), parameters.values)
    return [key.field.to_python_value(row["id"]) for row in found]
