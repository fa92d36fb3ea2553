"""Payloads: the selection under a mutation's payload, or an event of a subscription, by the fast path.

graphql-core runs the operation, root field by root field; what such a field gave is first offered to the fast path.
What that leaves, graphql-core completes as ever: the act is done once either way, and errors are the reference's.
"""

from typing import Any, ClassVar

from graphql import GraphQLOutputType, GraphQLResolveInfo, OperationType, Undefined
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path

from schema.execution.reads import NOT_TAKEN, FastReads


class PayloadsOffered(Executor[Any]):
    """A part of an executor: it offers what root fields gave to `reads`."""

    reads: ClassVar[FastReads]

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        given = (return_type, field_details_list, info, path, result, position_context)
        # a value that must be there is completed twice, here and without its exclamation mark
        is_root = path.prev is None and return_type is info.return_type
        if (
            not is_root
            or self.operation.operation is OperationType.QUERY
            or result is None
            or result is Undefined
            or isinstance(result, Exception)
        ):
            return super().complete_value(*given)
        return self._offered(*given)

    async def _offered(self, of: GraphQLOutputType, details: FieldDetailsList, *given: Any) -> Any:
        *_, found, _ = given
        answer = await self.reads.completed(found, of, details, self)
        if answer is not NOT_TAKEN:
            return answer
        completed = super().complete_value(of, details, *given)
        return await completed if self.is_awaitable(completed) else completed
