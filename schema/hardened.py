"""A strawberry schema that trusts nobody: documents are analysed before they are validated, and errors are masked.

Queries are first offered to the fast path (schema/execution/), where there is one; of other operations, what their root
fields gave.

It overrides five private methods of the pinned strawberry version; `tests/schema/test_hardened.py` holds each of
them. Parsing and validation do not run strawberry's `on_parse` and `on_validate` hooks; `on_operation` and
`on_execute` run as ever.
"""

from collections.abc import Mapping
from typing import Any, cast

import strawberry
from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from schema.execution.payloads import PayloadsOffered
from schema.execution.reads import FastReads
from schema.transport.documents import Documents, Prepared, Refusal
from schema.transport.masking import Occasion, masked
from settings import Limits


class ReservedExecutor(StrawberryGraphQLCoreExecutionContext):
    """Suggests nothing: what a viewer does not know of is not hinted at. Strawberry has no switch for subscriptions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hide_suggestions = True


def _executor(reads: FastReads | None) -> type[ReservedExecutor]:
    if reads is None:
        return ReservedExecutor
    return type("FastExecutor", (PayloadsOffered, ReservedExecutor), {"reads": reads})


class CasegraphSchema(strawberry.Schema):
    """Made like `strawberry.Schema`; `limits` bound what one document may ask for."""

    def __init__(self, *args: Any, limits: Limits | None = None, fast_reads: bool = False, **kwargs: Any) -> None:
        self.fast_reads = FastReads(self) if fast_reads else None
        kwargs.setdefault("execution_context_class", _executor(self.fast_reads))
        super().__init__(*args, **kwargs)
        self.limits = limits or Limits()
        self.documents = Documents(self._schema, self.limits)

    def prepare(self, text: str, operation_name: str | None, variables: Mapping[str, Any] | None) -> Prepared:
        """The operation to execute, remembered for the execution that follows. Raises Refusal."""
        return self.documents.prepare(text, operation_name, variables or {})

    def mask(self, errors: list[GraphQLError], occasion: Occasion) -> list[GraphQLError]:
        return masked(errors, occasion, self.limits.errors)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: errors are logged where they are masked, once, and a client's mistakes not at all."""

    def _get_custom_context_kwargs(
        self, operation_extensions: dict[str, Any] | None = None, *, sync: bool = False
    ) -> dict[str, Any]:
        return super()._get_custom_context_kwargs(operation_extensions, sync=sync) | {"hide_suggestions": True}

    async def _prepare_operation_async(
        self, context: ExecutionContext, extensions_runner: SchemaExtensionsRunner
    ) -> PreExecutionError | None:
        return self._prepare_context(context)

    def _prepare_operation_sync(
        self, context: ExecutionContext, extensions_runner: SchemaExtensionsRunner
    ) -> ExecutionResult | None:
        return self._prepare_context(context)

    def _prepare_context(self, context: ExecutionContext) -> PreExecutionError | None:
        try:
            prepared = self.prepare(context.query or "", context._provided_operation_name, context.variables)
        except Refusal as refusal:
            return PreExecutionError(data=None, errors=refusal.errors)
        context.graphql_document = prepared.document
        kind = OperationType(prepared.kind.value)
        if kind not in context.allowed_operations:
            raise InvalidOperationTypeError(kind)
        return None

    async def _execute_operation(self, execution_context: ExecutionContext, *args: Any, **kwargs: Any) -> Any:
        if self.fast_reads and execution_context.graphql_document and _is_query(execution_context):
            name = execution_context._provided_operation_name
            data = await self.fast_reads.data(
                execution_context.query or "",
                name,
                execution_context.graphql_document,
                execution_context.variables,
                execution_context.context,
            )
            if data is not None:
                return CoreResult(data, None)
        return await super()._execute_operation(execution_context, *args, **kwargs)

    async def _handle_execution_result(
        self,
        context: ExecutionContext,
        result: Any,
        extensions_runner: SchemaExtensionsRunner,
        *,
        skip_process_errors: bool = False,
    ) -> ExecutionResult:
        result = await super()._handle_execution_result(context, result, extensions_runner, skip_process_errors=True)
        return self._masked_result(result, context.query, context._provided_operation_name, context.variables)

    def execute_sync(self, query: str | None, *args: Any, **kwargs: Any) -> ExecutionResult:
        result = super().execute_sync(query, *args, **kwargs)
        variables = args[0] if args else kwargs.get("variable_values")
        return self._masked_result(result, query, kwargs.get("operation_name"), variables)

    def _masked_result(
        self, result: ExecutionResult | CoreResult, query: str | None, name: str | None, variables: Any
    ) -> ExecutionResult:
        if result.errors:
            result.errors = self.mask(result.errors, Occasion(query or "", name, variables or {}))
        return cast(ExecutionResult, result)


def _is_query(context: ExecutionContext) -> bool:
    return context.operation_type is OperationType.QUERY
