"""A walk through the whole schema: documents that ask for every field of every type, made from the schema itself.

Whoever adds a type or a field has it walked without doing anything; whoever adds a query with arguments is asked for
them by a failing test.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from cases.viewer import Viewer
from schema.mirror import MIRRORS
from tests import given

SCHEMA = given.graph()._schema
OBJECTS = {name: of for name, of in SCHEMA.type_map.items() if isinstance(of, GraphQLObjectType) and name[:2] != "__"}
NODES = sorted(mirror.type.__name__ for mirror in MIRRORS.values())


def errors() -> set[str]:
    """The types of refusals, and of the data they carry."""
    found: set[str] = set()
    rest = [of.name for of in SCHEMA.get_implementations(SCHEMA.type_map["UserError"]).objects]  # type: ignore[arg-type]
    while rest:
        found.add(name := rest.pop())
        below = {get_named_type(field.type).name for field in OBJECTS[name].fields.values()}
        rest += (below & set(OBJECTS)) - found
    return found


ERRORS = errors()

TOLD = {"Subscription"} | {get_named_type(field.type).name for field in OBJECTS["Subscription"].fields.values()}
"""What is told over sockets: `tests/schema/live/` asks for it."""

QUERY = OBJECTS["Query"].fields
MUTATION = OBJECTS["Mutation"].fields

ASKED = {
    "search": """search(text: "question") {
        __typename hasMore hits { __typename snippet score node { __typename id } } }""",
}
"""How each query is asked for that takes arguments, other than ids of rows."""

ASKED_OF_CASES = """query($id: ID!) {
    similarCases(caseId: $id) { __typename score case { __typename id } }
    suggestedArticles(caseId: $id) { __typename score article { __typename id } }
    previewAutomation(caseId: $id) { __typename name trigger active held trace wouldDo rule { __typename id } }
    previewNotification(caseId: $id, subject: "{{case.number}}", body: "{{case.title}}") {
        __typename subject body } }"""
"""What is asked of each case beside its fields."""

PREVIEWED_OF_CASES = """query($id: ID!) {
    previewRouting(input: {caseId: $id}) { __typename ruleSet rule unassigned queue { id } team { id } assignee { id }
        verdicts { __typename ruleSet place rule held chosen trace }
        candidates { __typename name fits reasons openCases mostOpen lastAssignedAt person { id } } } }"""
"""What is asked of each case, and refused where there is none for the viewer."""

Seen = set[tuple[str, str]]


def reported() -> str:
    """Asks for every report, by customer where it can be told apart by that."""
    told = []
    for name, field in OBJECTS["Reports"].fields.items():
        of = get_named_type(field.type)
        by = "(by: [CUSTOMER])" if "by" in field.args else ""
        told.append(f"{name}{by} {{ {leaves(of)} groups {{ {leaves(OBJECTS['ReportGroup'])} }} }}")
    return f"{{ reports {{ {' '.join(told)} }} }}"


def rows_below(of: Any) -> str:
    """The selection of a type with everything in it, and of what it leads to the leaves."""
    return " ".join(_asked(name, field) for name, field in of.fields.items())


def _asked(name: str, field: GraphQLField) -> str:
    assert not any(map(is_required_argument, field.args.values())), f"{name} has arguments that this walk does not know"
    of = get_named_type(field.type)
    if is_leaf_type(of):
        return name
    return connection(name, of) if is_connection(of) else f"{name} {{ {leaves(of)} }}"


def is_connection(of: Any) -> bool:
    return str(of.name).endswith("Connection")


def connection(name: str, of: Any, arguments: str = "first: 50") -> str:
    page_info = leaves(OBJECTS["PageInfo"])
    below = leaves(get_named_type(of.fields["nodes"].type))
    return (
        f"{name}({arguments}) {{ __typename totalCount pageInfo {{ {page_info} }}"
        f" nodes {{ {below} }} edges {{ __typename cursor node {{ {below} }} }} }}"
    )


def leaves(of: Any) -> str:
    return " ".join(
        ["__typename", *(name for name, field in of.fields.items() if is_leaf_type(get_named_type(field.type)))]
    )


def through_node(name: str) -> str:
    """Asks for all there is of one row of the type `name`."""
    return f"query($id: ID!) {{ node(id: $id) {{ __typename ... on {name} {{ {rows_below(OBJECTS[name])} }} }} }}"


def note(seen: Seen, of: Any, data: Any) -> None:
    """Adds to `seen` every field of `data`, an answer of type `of`, that has a value."""
    named = get_named_type(of)
    if isinstance(data, list):
        for one in data:
            note(seen, named, one)
    elif isinstance(data, Mapping) and isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        known = OBJECTS[data.get("__typename", named.name)]
        for name, value in data.items():
            if name != "__typename" and value is not None and value != []:
                seen.add((known.name, name))
                note(seen, known.fields[name].type, value)


async def walk(viewer: Viewer, ids: Mapping[str, list[str]], seen: Seen) -> str:
    """Everything that `viewer` is shown, as text: all lists, and of the rows of these ids, by type, everything."""
    told: list[Any] = []

    async def ask(document: str, *, may_refuse: bool = False, **variables: Any) -> None:
        result = await given.execute(document, viewer=viewer, **variables)
        assert may_refuse or not result.errors, (document, result.errors)
        note(seen, OBJECTS["Query"], result.data)
        told.append(result.data)

    for text in ASKED.values():
        await ask(f"{{ {text} }}")
    await ask(reported())
    for name, field in QUERY.items():
        if any(map(is_required_argument, field.args.values())):
            continue
        of = get_named_type(field.type)
        await ask(f"{{ {_asked(name, field) if is_connection(of) else f'{name} {{ {rows_below(of)} }}'} }}")
    for public in ids["Case"]:
        await ask(ASKED_OF_CASES, id=public)
        await ask(PREVIEWED_OF_CASES, may_refuse=True, id=public)
    for type_name in NODES:
        for public in ids[type_name]:
            await ask(through_node(type_name), id=public)
    return json.dumps(told)


def id_members(of: GraphQLInputObjectType, path: tuple[str, ...] = (), depth: int = 2) -> Iterator[tuple[str, ...]]:
    """The places in a `where` at which an id is compared, to `depth` relations."""
    for name, member in of.fields.items():
        named = get_named_type(member.type)
        if named.name == "IDComparator":
            yield (*path, name)
        elif depth and named.name.endswith("Where") and name not in ("and", "or", "not"):
            yield from id_members(named, (*path, name), depth - 1)
