"""Fast reads: the door to the fast path. What it takes it answers whole; all else is left to graphql-core.

An answer of this path is the answer that graphql-core would have given, byte for byte, or there is none: where anything
goes wrong, or null stands in a place that the schema promises to fill, the operation is executed again from the start,
so that errors, their paths and what becomes null around them are the reference's.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLOutputType,
    Node,
    OperationDefinitionNode,
    Visitor,
    visit,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values
from strawberry import Schema

from models import reading
from schema.context import Context
from schema.execution.chosen import Chosen, Uncovered
from schema.execution.given import variables_in
from schema.execution.plan import Plan
from schema.execution.recent import Recent
from schema.execution.run import Run
from schema.transport.documents import choose

KEPT_OPERATIONS: Final = 500
KEPT_CHOICES: Final = 16
KEPT_READERS: Final = 2_000
NO_VARIABLES: Final = VariableValues({}, {})
NOT_TAKEN: Final = object()
"""Instead of an answer: nothing was made of it, and graphql-core is to."""


class Asking(Protocol):
    """The operation under way, as graphql-core's executor holds it."""

    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variable_values: VariableValues
    context_value: Any


@dataclass(eq=False)
class Known:
    """What is remembered of one operation: its plans, by the values of the variables that directives look at."""

    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    choosing: tuple[str, ...]
    plans: Recent[Plan] = field(default_factory=lambda: Recent(KEPT_CHOICES))


@dataclass(eq=False)
class FastReads:
    """The fast path of one schema. `taken` counts the operations it answered, `left` those it did not, by reason."""

    schema: Schema
    taken: int = 0
    left: Counter[str] = field(default_factory=Counter)
    _known: Recent[Known] = field(default_factory=lambda: Recent(KEPT_OPERATIONS))
    _readers: Recent[Any] = field(default_factory=lambda: Recent(KEPT_READERS))

    async def data(
        self, text: str, name: str | None, document: DocumentNode, variables: Mapping[str, Any] | None, context: Context
    ) -> dict[str, Any] | None:
        """The data that answers a validated operation, or None: then it is graphql-core's. Never raises."""
        try:
            known = self._known.get((text, name), lambda: _read(document, name))
            values = self._values(known, variables or {})
            run = Run(self._plan(known, values), context, values, reading.dialect(), self._readers)
            answer = await run.data()
        except Exception as reason:  # whatever it is: the reference says what becomes of it
            self._leave(reason, context)
            return None
        self.taken += 1
        return answer

    async def completed(self, found: Any, of: GraphQLOutputType, details: FieldDetailsList, asked: "Asking") -> Any:
        """What the operation `asked` selects of `found`, which a root field of the type `of` gave; else `NOT_TAKEN`.

        That may be a row, a payload or an event with rows in it, a list of either. Never raises.
        """
        operation = asked.operation
        name = operation.name.value if operation.name else None
        try:
            if operation.loc is None:
                raise Uncovered("text")
            known = self._known.get(
                (operation.loc.source.body, name), lambda: _known(operation, asked.fragments.values())
            )
            plan = self._plan(known, asked.variable_values)
            run = Run(plan, asked.context_value, asked.variable_values, reading.dialect(), self._readers)
            (answer,) = await run.completed(of, plan.selection(details), [found])
        except Exception as reason:  # as above
            self._leave(reason, asked.context_value)
            return NOT_TAKEN
        self.taken += 1
        return answer

    def _leave(self, reason: Exception, context: Context) -> None:
        self.left[str(reason) if isinstance(reason, Uncovered) else type(reason).__name__] += 1
        context.forget()

    def _values(self, known: Known, variables: Mapping[str, Any]) -> VariableValues:
        """The variables as graphql-core coerces them. Raises Uncovered where it cannot."""
        definitions = known.operation.variable_definitions
        if not definitions:
            return NO_VARIABLES
        values = get_variable_values(self.schema._schema, definitions, dict(variables), hide_suggestions=True)
        if isinstance(values, list):
            raise Uncovered("variables")
        return values

    def _plan(self, known: Known, values: VariableValues) -> Plan:
        choice = tuple(values.coerced.get(name) for name in known.choosing)

        def made() -> Plan:
            deciding = VariableValues(
                {name: values.sources[name] for name in known.choosing if name in values.sources},
                {name: values.coerced[name] for name in known.choosing if name in values.coerced},
            )
            return Plan(Chosen(self.schema, known.operation, known.fragments, deciding))

        return known.plans.get(choice, made)


def _read(document: DocumentNode, name: str | None) -> Known:
    definitions = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
    return _known(choose(document, name), [FragmentDetails(one) for one in definitions])


def _known(operation: OperationDefinitionNode, fragments: Collection[FragmentDetails]) -> Known:
    definitions = [one.definition for one in fragments]
    if any(one.variable_definitions for one in definitions):
        raise Uncovered("fragment variables")
    choosing = sorted(_choosing([operation, *definitions]))
    return Known(operation, {one.definition.name.value: one for one in fragments}, tuple(choosing))


def _choosing(definitions: Iterable[Node]) -> set[str]:
    """The variables that decide what is selected."""
    directives = _Directives()
    for definition in definitions:
        visit(definition, directives)
    return variables_in(directives.found)


class _Directives(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[DirectiveNode] = []

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.found.append(node)
