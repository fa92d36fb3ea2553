"""Fast reads: the door to the fast path. What it takes it answers whole; all else is left to graphql-core.

An answer of this path is the answer that graphql-core would have given, byte for byte, or there is none: where anything
goes wrong, or null stands in a place that the schema promises to fill, the operation is executed again from the start,
so that errors, their paths and what becomes null around them are the reference's.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from graphql import DirectiveNode, DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, Visitor, visit
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values

from models import reading
from schema.context import Context
from schema.execution.parts import variables_in
from schema.execution.plan import Plan, Uncovered
from schema.execution.run import Run
from schema.transport.documents import choose

if TYPE_CHECKING:
    from schema.hardened import CasegraphSchema

KEPT_OPERATIONS: Final = 500
KEPT_CHOICES: Final = 16
NO_VARIABLES: Final = VariableValues({}, {})


@dataclass(eq=False)
class Known:
    """What is remembered of one operation: its plans, by the values of the variables that directives look at."""

    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    choosing: tuple[str, ...]
    plans: OrderedDict[tuple[Any, ...], Plan] = field(default_factory=OrderedDict)


@dataclass(eq=False)
class FastReads:
    """The fast path of one schema. `taken` counts the operations it answered, `left` those it did not, by reason."""

    schema: "CasegraphSchema"
    taken: int = 0
    left: Counter[str] = field(default_factory=Counter)
    _known: OrderedDict[tuple[str, str | None], Known] = field(default_factory=OrderedDict)

    async def data(
        self, text: str, name: str | None, document: DocumentNode, variables: Mapping[str, Any] | None, context: Context
    ) -> dict[str, Any] | None:
        """The data that answers a validated operation, or None: then it is graphql-core's. Never raises."""
        try:
            known = self._lookup(text, name, document)
            values = self._values(known, variables or {})
            run = Run(self._plan(known, values), context, values, reading.dialect())
            answer = await run.data()
        except Exception as reason:  # whatever it is: the reference says what becomes of it
            self.left[str(reason) if isinstance(reason, Uncovered) else type(reason).__name__] += 1
            context.forget()
            return None
        self.taken += 1
        return answer

    def _lookup(self, text: str, name: str | None, document: DocumentNode) -> Known:
        known = self._known.get((text, name))
        if known is None:
            known = self._known[text, name] = _read(document, name)
            if len(self._known) > KEPT_OPERATIONS:
                self._known.popitem(last=False)
        self._known.move_to_end((text, name))
        return known

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
        plan = known.plans.get(choice)
        if plan is None:
            conditions = VariableValues(
                {name: values.sources[name] for name in known.choosing if name in values.sources},
                {name: values.coerced[name] for name in known.choosing if name in values.coerced},
            )
            plan = known.plans[choice] = Plan(self.schema, known.operation, known.fragments, conditions)
            if len(known.plans) > KEPT_CHOICES:
                known.plans.popitem(last=False)
        return plan


def _read(document: DocumentNode, name: str | None) -> Known:
    definitions = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
    if any(one.variable_definitions for one in definitions):
        raise Uncovered("fragment variables")
    fragments = {one.name.value: FragmentDetails(one) for one in definitions}
    return Known(choose(document, name), fragments, tuple(sorted(_choosing(document))))


def _choosing(document: DocumentNode) -> set[str]:
    """The variables that decide what is selected."""
    directives = _Directives()
    visit(document, directives)
    return variables_in(directives.found)


class _Directives(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[DirectiveNode] = []

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.found.append(node)
