"""Shown: what is asked of the pages of a connection, and how the answer has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetailsList

from schema.execution.chosen import Chosen, Uncovered, declaration


def connection_of(chosen: Chosen, details: FieldDetailsList, definition: GraphQLField) -> "Shown":
    """What is asked of a connection. Raises Uncovered for one unlike those of schema/connections.py."""
    of = get_named_type(definition.type)
    if not isinstance(of, GraphQLObjectType):
        raise Uncovered("connection")
    return Shown(chosen, details, of)


@dataclass
class Page:
    """What one page shows. There is a list of nodes for each place that asks for them."""

    records: Sequence[Any] = ()
    nodes: Sequence[Sequence[dict[str, Any]]] = ()
    cursors: Sequence[str] = ()
    has_next: bool = False
    has_previous: bool = False
    total: int = 0


_TOLD = frozenset({"__typename", "has_next_page", "has_previous_page", "start_cursor", "end_cursor"})
_OF_EDGE = frozenset({"__typename", "cursor", "node"})


class Shown:
    """What is asked of the pages of a connection: of its nodes, its edges, their place, how many there are."""

    def __init__(self, chosen: Chosen, details: FieldDetailsList, of: GraphQLObjectType) -> None:
        self.members: list[tuple[str, str, Any]] = []
        self.places: list[tuple[FieldDetailsList, GraphQLObjectType]] = []
        """Where nodes are asked for, with their type; pages have a list of nodes for each."""
        for key, below in chosen.below(details, of).items():
            match name := _python_name(of, below):
                case "__typename":
                    self.members.append((key, name, of.name))
                case "total_count":
                    self.members.append((key, name, None))
                case "nodes":
                    self.members.append((key, name, self._place(of, below)))
                case "edges":
                    edge = _object(of, below)
                    told = [(k, *self._of_edge(edge, d)) for k, d in chosen.below(below, edge).items()]
                    self.members.append((key, name, told))
                case "page_info":
                    info = _object(of, below)
                    told = [(k, _python_name(info, d), info.name) for k, d in chosen.below(below, info).items()]
                    self.members.append((key, name, told))
                case _:
                    raise Uncovered("connection")
        told_of = {name for _, member, told in self.members if member == "page_info" for _, name, _ in told}
        edges = {name for _, member, told in self.members if member == "edges" for _, name, _ in told}
        self.counts = any(member == "total_count" for _, member, _ in self.members)
        self.has_rows = any(member in ("nodes", "edges", "page_info") for _, member, _ in self.members)
        self.has_all_cursors = "cursor" in edges
        self.has_cursors = self.has_all_cursors or bool(told_of & {"start_cursor", "end_cursor"})
        self.looks_beyond = bool(told_of & {"has_next_page", "has_previous_page"})
        if told_of - _TOLD or edges - _OF_EDGE:
            raise Uncovered("connection")

    def written(self, page: Page) -> dict[str, Any]:
        """The page as the answer has it."""
        answer: dict[str, Any] = {}
        for key, name, told in self.members:
            match name:
                case "nodes":
                    answer[key] = page.nodes[told]
                case "edges":
                    answer[key] = [_edge(page, number, told) for number in range(len(page.records))]
                case "page_info":
                    answer[key] = {one: _told(page, *what) for one, *what in told}
                case "total_count":
                    answer[key] = page.total
                case _:
                    answer[key] = told
        return answer

    def _of_edge(self, edge: GraphQLObjectType, details: FieldDetailsList) -> tuple[str, Any]:
        match name := _python_name(edge, details):
            case "__typename":
                return name, edge.name
            case "node":
                return name, self._place(edge, details)
            case _:
                return name, None

    def _place(self, parent: GraphQLObjectType, details: FieldDetailsList) -> int:
        """Which of the places it is that is shown there."""
        self.places.append((details, _object(parent, details)))
        return len(self.places) - 1


def _python_name(of: GraphQLObjectType, details: FieldDetailsList) -> str:
    name = details[0].node.name.value
    return name if name == "__typename" else str(declaration(of.fields[name]).python_name)


def _object(parent: GraphQLObjectType, details: FieldDetailsList) -> GraphQLObjectType:
    of = get_named_type(parent.fields[details[0].node.name.value].type)
    if not isinstance(of, GraphQLObjectType):
        raise Uncovered("connection")
    return of


def _edge(page: Page, number: int, told: Sequence[tuple[str, str, Any]]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for key, name, which in told:
        match name:
            case "cursor":
                answer[key] = page.cursors[number]
            case "node":
                answer[key] = page.nodes[which][number]
            case _:
                answer[key] = which
    return answer


def _told(page: Page, name: str, type_name: str) -> Any:
    match name:
        case "has_next_page":
            return page.has_next
        case "has_previous_page":
            return page.has_previous
        case "start_cursor":
            return page.cursors[0] if page.cursors else None
        case "end_cursor":
            return page.cursors[-1] if page.cursors else None
        case _:
            return type_name
