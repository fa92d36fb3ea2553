"""Whatever can happen to a case, and whatever can stand around one, is shown by the demo data."""

import pytest
from tortoise.models import Model

from cases.vocabulary import FactKind
from demo.seed import Signins
from models import ApiKey, CaseEvent, Upload
from models.visibility import RULES

NOT_SHOWN = {ApiKey, Upload}
"""Keys are made by whoever runs the system, and uploads are gone once they are attached."""


async def test_every_kind_of_event_is_told(company: Signins) -> None:
    assert {event.kind for event in await CaseEvent.all().only("kind")} == set(FactKind)


@pytest.mark.parametrize("table", [table for table in RULES if table not in NOT_SHOWN])
async def test_no_table_is_empty(company: Signins, table: type[Model]) -> None:
    assert await table.all().exists()
