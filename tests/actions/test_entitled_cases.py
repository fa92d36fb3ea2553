"""What cases take of their entitlements, through the acts."""

from decimal import Decimal

from models.database import Database
from tests.actions.contracts import CANCEL, REACTIVATE, RESOLVE, contract, lead, left, on
from tests.given import done


async def test_thin(database: Database):
    by = await lead()
    of = await contract(10, by=by)
    case = await on(of, by=by)
    assert await left(of) == 9
    await done(CANCEL, by=by, case=case)
    assert await left(of) == 10
    await done(REACTIVATE, by=by, case=case)
    assert await left(of) == 9
    await done(RESOLVE, by=by, case=case, summary="x", billable_minutes=30)
    assert await left(of) == 9
    hours = await contract(10, by=by, allocation="HOURS", decrement_on="RESOLUTION", customer=await of.account)
    case = await on(hours, by=by)
    await done(RESOLVE, by=by, case=case, summary="x", billable_minutes=30)
    assert await left(hours) == Decimal("9.5")
