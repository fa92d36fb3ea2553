"""What a document would cost, known before anything runs.

One walk visits each operation and each fragment once and adds a fragment's figures wherever it is spread, so that the
work grows with the text and not with what the text expands to. Figures saturate at `CEILING`; a fragment in progress
counts nothing (cycles are refused by the standard rules, which run afterwards). Nothing here knows limits of a
deployment beyond the `Limits` it is given, or anything of HTTP.

Cost: a leaf 0, an object 1, a list its size times its items, a field of a mutation 10, an interface or union the
dearest of its branches. The items of a connection are counted by `first` or `last`. A field says otherwise with
`metadata={"size": 3}` (items of a plain list) or `metadata={"cost": 5}` (instead of the object's own 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Final, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

CEILING: Final = 10**6
PLAIN_LIST: Final = 10
INTROSPECTION_LIST: Final = 2  # its answer is bounded by the schema; `MaxIntrospectionDepthRule` bounds the nesting
MUTATION_FIELD: Final = 10
DEEPEST: Final = 120  # fields and spreads; further down the walk gives up, nothing that deep is ever accepted
FREE: Final = ("Edge", "PageInfo")
PAGE_ARGUMENTS: Final = ("first", "last")


class Figures(NamedTuple):
    """Sums over a selection. `page_cost` and `page_nodes` are per item of the connection the selection stands in."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    nodes: int = 0
    page_cost: int = 0
    page_nodes: int = 0
    introspects: int = 0

    def beside(self, other: "Figures") -> "Figures":
        """Both selections together: everything adds up, but the depth, which is that of the deeper one."""
        return Figures(max(self.depth, other.depth), *map(add, self[1:], other[1:]))

    def dearer(self, other: "Figures") -> "Figures":
        """Either selection, whichever asks for more of each."""
        return Figures(*map(max, self, other))

    def saturated(self) -> "Figures":
        return Figures(*(min(figure, CEILING) for figure in self))


NOTHING: Final = Figures()


@dataclass(frozen=True)
class Analysis:
    """The figures of one operation. `sized_by` names the variables that size its pages; `visits` counts steps."""

    depth: int
    aliases: int
    directives: int
    root_fields: int
    fragments: int
    cost: int
    nodes: int
    introspects: bool
    sized_by: tuple[str, ...]
    visits: int


class FieldShape(NamedTuple):
    """What the walk needs to know of a field. `size` is None where the enclosing page sizes the list."""

    type: GraphQLNamedType
    is_leaf: bool
    is_connection: bool
    is_list: bool
    size: int | None
    takes_page: bool
    weight: int


def analyse(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, object],
    page_default: int,
) -> Analysis:
    """The figures of `operation` with these raw variables.

    Works on documents that are not valid: what the schema does not know is an object without a type.
    """
    walk = Walk(schema, document, operation, variables, page_default)
    root = schema.get_root_type(operation.operation)
    total = walk.selection(operation.selection_set, root, level=1).saturated()
    return Analysis(
        depth=total.depth,
        aliases=total.aliases,
        directives=min(total.directives + len(operation.directives or ()), CEILING),
        root_fields=total.fields,
        fragments=walk.fragment_count,
        cost=max(total.cost, 1),
        nodes=total.nodes,
        introspects=total.introspects > 0,
        sized_by=tuple(sorted(walk.sized_by)),
        visits=walk.visits,
    )


@dataclass
class Walk:
    """One walk through one operation; `measured` remembers the fragments already seen."""

    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, object]
    page_default: int
    measured: dict[str, Figures] = field(default_factory=dict)
    sized_by: set[str] = field(default_factory=set)
    visits: int = 0
    fragment_count: int = 0

    def __post_init__(self) -> None:
        self.fragments = {d.name.value: d for d in self.document.definitions if isinstance(d, FragmentDefinitionNode)}
        # counted as written: two of the same name are refused later, but must not hide here
        self.fragment_count = sum(isinstance(d, FragmentDefinitionNode) for d in self.document.definitions)
        self.defaults = {d.variable.name.value: d.default_value for d in self.operation.variable_definitions or ()}

    def selection(self, selections: SelectionSetNode, parent: GraphQLNamedType | None, level: int) -> Figures:
        """`level` says how far down this selection stands, spreads counted too."""
        if level > DEEPEST:
            return Figures(depth=CEILING)
        always, by_type = NOTHING, dict[str, Figures]()
        for node in selections.selections:
            self.visits += 1
            branch: GraphQLNamedType | None = None
            if isinstance(node, FieldNode):
                figures = self.field(node, parent, level)
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is not None:
                    branch = self.schema.get_type(node.type_condition.name.value)
                figures = self.selection(node.selection_set, branch or parent, level + 1)
            else:
                assert isinstance(node, FragmentSpreadNode)
                figures, branch = self.spread(node.name.value, level)
            if node.directives:
                figures = figures._replace(directives=figures.directives + len(node.directives))
            # An object is of one type: of the branches over an interface or union only the dearest can come true.
            if isinstance(parent, GraphQLInterfaceType | GraphQLUnionType) and isinstance(branch, GraphQLObjectType):
                by_type[branch.name] = by_type.get(branch.name, NOTHING).beside(figures)
            else:
                always = always.beside(figures)
        if not by_type:
            return always
        written = reduce(Figures.beside, by_type.values())
        dearest = reduce(Figures.dearer, by_type.values())
        # What is written counts whatever the type; what it costs is a matter of the type.
        return always.beside(dearest._replace(aliases=written.aliases, directives=written.directives))

    def spread(self, name: str, level: int) -> tuple[Figures, GraphQLNamedType | None]:
        fragment = self.fragments.get(name)
        if fragment is None:
            return NOTHING, None
        condition = self.schema.get_type(fragment.type_condition.name.value)
        if name not in self.measured:
            self.measured[name] = NOTHING  # in progress: a cycle adds nothing
            inside = self.selection(fragment.selection_set, condition, level + 1)
            inside = inside._replace(directives=inside.directives + len(fragment.directives or ()))
            self.measured[name] = inside.saturated()
        return self.measured[name], condition

    def field(self, node: FieldNode, parent: GraphQLNamedType | None, level: int) -> Figures:
        shape = shape_of(self.schema, parent, node.name.value)
        page = self.page(node)
        inside = NOTHING
        if node.selection_set is not None:
            inside = self.selection(node.selection_set, None if shape is None else shape.type, level + 1)

        cost, nodes, page_cost, page_nodes = inside.cost, inside.nodes, 0, 0
        if shape is None:
            cost += node.selection_set is not None
        elif shape.is_connection:
            size = self.page_default if page is None else page
            cost += shape.weight + size * inside.page_cost
            nodes += size * inside.page_nodes
        elif shape.is_list and shape.size is None:
            cost, page_cost = 0, shape.weight + inside.cost
            nodes, page_nodes = 0, nodes + (not shape.is_leaf)
        elif shape.is_list:
            size = shape.size or PLAIN_LIST
            if shape.takes_page:
                size = self.page_default if page is None else page
            cost = size * (shape.weight + cost)
            nodes = size * (nodes + (not shape.is_leaf))
        else:
            cost += shape.weight
        return Figures(
            depth=inside.depth + 1,
            fields=1,
            aliases=inside.aliases + (node.alias is not None),
            directives=inside.directives,
            cost=cost,
            nodes=nodes,
            page_cost=page_cost,
            page_nodes=page_nodes,
            introspects=inside.introspects + (node.name.value in ("__schema", "__type")),
        )

    def page(self, node: FieldNode) -> int | None:
        """How many items `first` or `last` asks for; None if it does not say, or not in a way that can be accepted."""
        sizes = []
        for argument in node.arguments or ():
            if argument.name.value not in PAGE_ARGUMENTS:
                continue
            value: object = argument.value
            if isinstance(value, VariableNode):
                name = value.name.value
                self.sized_by.add(name)
                value = self.variables[name] if name in self.variables else self.defaults.get(name)
            if isinstance(value, IntValueNode):
                value = int(value.value[:8])  # eight digits are beyond the ceiling already
            if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                sizes.append(min(value, CEILING))
        return max(sizes, default=None)


def shape_of(schema: GraphQLSchema, parent: GraphQLNamedType | None, name: str) -> FieldShape | None:
    """The shape of a field, or None if there is no such field. Remembered on the field itself."""
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
        return None
    definition = schema.get_field(parent, name)
    if definition is None:
        return None
    known = definition.extensions.get(SHAPE)
    if known is None or known[0] is not parent:
        # the meta fields are shared between types and schemas; their shape is the same everywhere
        known = (parent, _shape(schema, parent, definition))
        definition.extensions[SHAPE] = known
    return cast(FieldShape, known[1])


SHAPE: Final = "casegraph-shape"


def _shape(schema: GraphQLSchema, parent: GraphQLNamedType, definition: GraphQLField) -> FieldShape:
    named = get_named_type(definition.type)
    metadata = _metadata(definition)
    is_leaf = is_leaf_type(named)
    is_introspection = named.name.startswith("__")
    in_page = parent.name.endswith("Connection")
    weight = 0 if is_leaf or named.name.endswith(FREE) else 1
    if parent is schema.mutation_type:
        weight = MUTATION_FIELD
    size: int | None = PLAIN_LIST
    if in_page:
        size = None
    elif is_introspection:
        size = INTROSPECTION_LIST
    elif isinstance(metadata.get("size"), int):
        size = cast(int, metadata["size"])
    return FieldShape(
        type=named,
        is_leaf=is_leaf,
        is_connection=named.name.endswith("Connection"),
        is_list=_is_list(definition.type),
        size=size,
        takes_page=any(argument in definition.args for argument in PAGE_ARGUMENTS),
        weight=cast(int, metadata.get("cost", weight)),
    )


def _metadata(definition: GraphQLField) -> Mapping[str, object]:
    """What `strawberry.field(metadata=...)` says of the field."""
    declared = definition.extensions.get("strawberry-definition")
    return getattr(declared, "metadata", None) or {}


def _is_list(type_: object) -> bool:
    while isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    return isinstance(type_, GraphQLList)


def operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
