"""Every document that is written down somewhere: the console's, the widgets', and those in README and docs.

A new file of operations, or a new example, is found without a line here.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import orjson
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    Visitor,
    parse,
    print_ast,
    type_from_ast,
    visit,
)

from tests.schema.execution.executors import Scene
from tests.schema.execution.operations import Operation

ROOT: Final = Path(__file__).parents[3]
TAGGED: Final = re.compile(r"(?:gql|graphql)`(.*?)`", re.S)
FENCED: Final = re.compile(r"```graphql\n(.*?)```", re.S)
SENT: Final = re.compile(r"'(\{\"query\": .*?\})'")


@cache
def documents() -> list[tuple[str, str]]:
    """Each operation with the fragments it needs, and where it is from."""
    found = []
    for place, texts in _written():
        parsed = [parse(text) for text in texts]
        fragments = {
            one.name.value: one
            for document in parsed
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        for document in parsed:
            for one in document.definitions:
                if isinstance(one, OperationDefinitionNode):
                    name = one.name.value if one.name else print_ast(one)[:60]
                    needed = [fragments[fragment] for fragment in sorted(_spread(one, fragments))]
                    found.append((f"{place}: {name}", "\n".join(map(print_ast, [one, *needed]))))
    return found


def _written() -> Iterator[tuple[str, list[str]]]:
    """Where there are documents, and their texts; those of one place share their fragments."""
    for place in ("web/console/src", "web/widgets"):
        files = [path for path in sorted((ROOT / place).rglob("*.*")) if not {"node_modules", "gql"} & set(path.parts)]
        whole = [path.read_text() for path in files if path.suffix == ".graphql"]
        tagged = [text for path in files if path.suffix in (".ts", ".tsx", ".js") for text in _tagged(path)]
        yield place, whole + tagged
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = path.read_text()
        sent = [orjson.loads(body.replace("\\'", "'"))["query"] for body in SENT.findall(text)]
        yield str(path.relative_to(ROOT)), FENCED.findall(text) + sent


def _tagged(path: Path) -> list[str]:
    return [text for text in TAGGED.findall(path.read_text()) if "${" not in text]


def _spread(node: Any, fragments: dict[str, FragmentDefinitionNode]) -> set[str]:
    """The names of the fragments that it needs, also through other fragments."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        spreads = _Spreads()
        visit(waiting.pop(), spreads)
        waiting += [fragments[name] for name in spreads.found - found]
        found |= spreads.found
    return found


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.found.add(node.name.value)


def asked(text: str, scene: Scene, dice: Random) -> Operation:
    """The document with values for its variables: what they name is there, often."""
    document: DocumentNode = parse(text)
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    author = scene.author(dice)
    author.ids = author.ids | {f"likely {n}": author.ids["Case"] for n in range(len(author.ids))}
    variables: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        of = type_from_ast(author.schema, definition.type)
        if str(of).endswith("!") or dice.random() < 0.5:
            name = definition.variable.name.value
            cursor = name in ("after", "before")
            variables[name] = _cursor(scene, dice) if cursor else author.value(of, None, 3)
    return Operation(text, variables)


def _cursor(scene: Scene, dice: Random) -> str:
    return dice.choice([cursor for several in scene.cursors.values() for cursor in several])
