"""What became of each of many cases that were changed at once."""

from typing import Any, cast

import strawberry

from actions.bulk import Outcome
from schema.derived import NAMES, settle
from schema.user_errors import UserError, user_errors


@strawberry.type(description="What became of one of many cases.")
class BulkOutcome:
    index: int = strawberry.field(description="Its place in the request, from 0.")
    case: Any = strawberry.field(description="Null if there is no such case.")
    ok: bool = strawberry.field(description="Whether it was changed, or is as it should be already.")
    version: int | None = strawberry.field(description="The version at which it is now.")

    @strawberry.field(name="userErrors", description="Why it was not changed, each with its place in the request.")
    def errors(self) -> list[UserError]:
        # the payload carries the act's own outcome, which has all of this as attributes
        return [error for refusal in cast(Outcome, self).refusals for error in user_errors(refusal)]


settle(BulkOutcome, {"case": "Case | None"})
NAMES["BulkOutcome"] = BulkOutcome
