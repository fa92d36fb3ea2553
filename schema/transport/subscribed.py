"""Subscribed: a subscription under way, and the answers to its events, one by one.

graphql-core would read the events and answer them in one go. Here whoever sends the answers decides between the two:
for whom an event is answered, when, and whether somebody was told the same already. The fast path sits in the executor.
"""

from collections.abc import AsyncGenerator
from typing import Any, cast

from graphql import ExecutionResult, Executor, create_source_event_stream
from strawberry.utils.await_maybe import await_maybe

from schema.context import Context
from schema.hardened import CasegraphSchema
from schema.transport.documents import Prepared, Refusal
from schema.transport.masking import Occasion
from schema.transport.request import Request


class Subscribed:
    """One validated subscription."""

    def __init__(self, schema: CasegraphSchema, request: Request, prepared: Prepared) -> None:
        self.schema = schema
        self.request = request
        self.document = prepared.document
        self.cost = prepared.analysis.cost
        self._occasion = Occasion(request.query, request.operation_name, request.variables)
        self._executor: Executor[Any] | None = None

    async def events(self, context: Context) -> AsyncGenerator[Any, None]:
        """What the resolver of its field gives. Raises Refusal if its arguments cannot be accepted."""
        built = self.schema.execution_context_class.build(
            self.schema._schema,
            self.document,
            context_value=context,
            raw_variable_values=dict(self.request.variables),
            operation_name=self.request.operation_name,
            hide_suggestions=True,
        )
        if isinstance(built, list):
            raise Refusal(self.schema.mask(built, self._occasion))
        self._executor = built
        source = await await_maybe(create_source_event_stream(built))
        if isinstance(source, ExecutionResult):
            raise Refusal(self.schema.mask(list(source.errors or ()), self._occasion))
        return cast(AsyncGenerator[Any, None], source)

    async def answer(self, event: Any, context: Context) -> ExecutionResult:
        """What was asked of an event, its errors as the client may read them."""
        assert self._executor is not None, "events are read before they are answered"
        executor = self._executor.build_per_event_executor(event)
        executor.context_value = context
        result = cast(ExecutionResult, await await_maybe(executor.execute_operation(False)))
        if result.errors:
            result.errors = self.schema.mask(result.errors, self._occasion)
        return result
