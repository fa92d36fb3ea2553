"""Imports point one way, and what decides stays pure. Read from the source, so that nothing has to be imported.

    cases ← sla, entitlements ← models ← actions ← reports, demo, imports ← schema ← web, worker ← server

`settings` stands beside `models`. A package without a row here may not be imported by any that has one.
No modules import one another in a circle either, at their top or inside of functions. What is imported for types only
does not count: the types of a graph lead to one another by nature.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "cases": {"cases"},
    "sla": {"cases", "sla"},
    "entitlements": {"cases", "entitlements"},
    "settings": {"settings"},
    "models": {"cases", "sla", "entitlements", "settings", "models"},
    "actions": {"cases", "sla", "entitlements", "settings", "models", "actions"},
    "reports": {"cases", "sla", "entitlements", "settings", "models", "actions", "reports"},
    "schema": {"cases", "sla", "entitlements", "settings", "models", "actions", "reports", "schema"},
    "web": {"cases", "sla", "entitlements", "settings", "models", "actions", "reports", "schema", "web"},
    "worker": {"cases", "sla", "entitlements", "settings", "models", "actions", "reports", "schema", "worker"},
    "demo": {"cases", "sla", "entitlements", "settings", "models", "actions", "demo"},
    "imports": {"cases", "sla", "entitlements", "settings", "models", "actions", "imports"},
    "server": {
        *{"cases", "sla", "entitlements", "settings", "models", "actions", "reports", "schema"},
        *{"web", "worker", "demo", "imports", "server"},
    },
}
"""Of our own packages, those each may import."""

READ_BY_REPORTS = {"actions.balances", "actions.clocks", "actions.policies", "actions.terms"}
"""Of the acts, what only reads: reports take their figures from the same places, and change nothing."""

THIRD_PARTY = {
    "cases": {"dateutil"},
    "sla": {"dateutil", "icalendar"},
    "entitlements": {"dateutil"},
}
"""All that the pure packages may import beside the standard library."""

IMPURE = {"asyncio", "time", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "importlib", "os"}
"""Modules of the standard library with a clock, a die or a door to the world."""

CLOCKS = {"now", "utcnow", "today"}
"""Methods that read the time."""

OURS = [
    path
    for top in MAY_IMPORT
    for path in [ROOT / f"{top}.py", *sorted((ROOT / top).rglob("*.py"))]
    if path.is_file() and "node_modules" not in path.parts
]


def violations(top: str, source: str) -> Iterator[str]:
    """What a module of the package `top` may not do, with the line on which it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for module in imported(node, top):
                if module in MAY_IMPORT and module not in MAY_IMPORT[top]:
                    yield f"line {node.lineno}: {top} imports {module}"
                if top == "reports" and module == "actions" and not only_reads(node):
                    yield f"line {node.lineno}: reports do not act"
                if top in THIRD_PARTY and module not in MAY_IMPORT and not is_pure(module, top):
                    yield f"line {node.lineno}: {top} is pure and imports {module}"
        if top in THIRD_PARTY:
            yield from impurities(node)


def imported(node: ast.Import | ast.ImportFrom, top: str) -> list[str]:
    """The packages that a statement imports, by their first names; a relative import is of its own package."""
    match node:
        case ast.Import():
            return [name.name.partition(".")[0] for name in node.names]
        case ast.ImportFrom(level=0, module=str(module)):
            return [module.partition(".")[0]]
        case _:
            return [top]


def only_reads(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module in READ_BY_REPORTS


def is_pure(module: str, top: str) -> bool:
    return module in THIRD_PARTY[top] or (module in sys.stdlib_module_names and module not in IMPURE)


def impurities(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.AsyncFunctionDef() | ast.AsyncFor() | ast.AsyncWith() | ast.Await():
            yield f"line {node.lineno}: waits"
        case ast.comprehension(is_async=1):
            yield f"line {node.target.lineno}: waits"
        case ast.Attribute(attr=name) if name in CLOCKS:
            yield f"line {node.lineno}: reads the clock by {name}"
        case ast.Call(func=ast.Name(id="open" | "input" | "__import__" | "eval" | "exec" as name)):
            yield f"line {node.lineno}: calls {name}"


def needs(source: str, package: str, modules: frozenset[str]) -> set[str]:
    """Which of `modules` must be there for a module of `package` to run, as far as its text says."""
    tree = ast.parse(source)
    typing_only = {id(inner) for node in ast.walk(tree) if for_types(node) for inner in ast.walk(node)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=module, names=names, level=level):
                ancestors = package.split(".")[: 1 - level or None] if level else []
                origin = ".".join([*ancestors, *([module] if module else [])])
                below = {f"{origin}.{name.name}" for name in names}
                found |= below & modules or {origin}
    return found & modules


def for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """Modules that import one another, the first again as the last; none if there is no such circle."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_one_another_in_a_circle() -> None:
    modules = frozenset(map(module_of, OURS))
    packages = {path: module_of(path.parent / "__init__.py") for path in OURS if path.parent != ROOT}

    assert circle({module_of(path): needs(path.read_text(), packages.get(path, ""), modules) for path in OURS}) == []


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        pytest.param("import models.case", {"models.case"}, id="a module"),
        pytest.param("from models.case import Case", {"models.case"}, id="a name of a module"),
        pytest.param("from models import case", {"models.case"}, id="a module of a package"),
        pytest.param("from models import Case", {"models"}, id="a name of a package"),
        pytest.param("from . import case", {"models.case"}, id="a module beside it"),
        pytest.param("from .case import Case", {"models.case"}, id="a name of a module beside it"),
        pytest.param("def late():\n    from models.case import Case", {"models.case"}, id="inside of a function"),
        pytest.param("if TYPE_CHECKING:\n    from models.case import Case", set(), id="for types only"),
        pytest.param("import tortoise", set(), id="what is not ours"),
    ],
)
def test_what_a_module_needs_is_read_from_its_text(source: str, needed: set[str]) -> None:
    assert needs(source, "models", frozenset({"models", "models.case"})) == needed


def test_a_circle_is_found() -> None:
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}
    assert circle({"a": {"b", "c"}, "b": {"c"}}) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_arrow_turns_round(path: Path) -> None:
    top = path.relative_to(ROOT).parts[0].removesuffix(".py")

    assert list(violations(top, path.read_text())) == []


def test_the_rule_reads_the_packages_there_are() -> None:
    read = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in OURS}

    assert read >= {"cases", "models", "settings"}


def test_every_package_has_its_place_in_the_rule() -> None:
    beside = {"tests", "bench", "docs", "var", "node_modules"}
    packages = {path.parent.name for path in ROOT.glob("*/*.py") if not path.parent.name.startswith(".")}
    modules = {path.stem for path in ROOT.glob("*.py")}

    assert (packages | modules) - beside <= MAY_IMPORT.keys()


@pytest.mark.parametrize(
    ("top", "source"),
    [
        pytest.param("cases", "from models.case import Case", id="cases know no table"),
        pytest.param("cases", "import sla.calendar", id="cases know no promise about time"),
        pytest.param("sla", "from entitlements import balance", id="sla and entitlements do not know each other"),
        pytest.param("entitlements", "from sla import calendar", id="entitlements and sla do not know each other"),
        pytest.param("cases", "from settings import Settings", id="what is pure knows no environment"),
        pytest.param("models", "def late():\n    from actions import perform", id="an import inside of a function"),
        pytest.param("reports", "import actions", id="reports do not act"),
        pytest.param("reports", "from actions.record import record", id="nor do they record"),
        pytest.param("actions", "import reports", id="acts do not report"),
        pytest.param("schema", "import web", id="the graph knows no HTTP beside it"),
        pytest.param("web", "import server", id="nothing imports the entrance"),
        pytest.param("schema", "import demo.seed", id="the graph knows no demo data"),
        pytest.param("imports", "import schema.graph", id="an import does not go through the graph"),
        pytest.param("worker", "from server import main", id="the other entrance neither"),
        pytest.param("cases", "import tortoise", id="no ORM"),
        pytest.param("sla", "from strawberry import type", id="no GraphQL"),
        pytest.param("entitlements", "import starlette.requests", id="no HTTP"),
        pytest.param("cases", "import orjson", id="no other package"),
        pytest.param("cases", "import icalendar", id="calendar files belong to sla"),
        pytest.param("sla", "import time", id="no clock to import"),
        pytest.param("sla", "from datetime import datetime\nx = datetime.now()", id="no clock to read"),
        pytest.param("sla", "import datetime\nx = datetime.date.today()", id="no calendar to look at"),
        pytest.param("sla", "from datetime import datetime\nclock = datetime.now", id="no clock to hand on"),
        pytest.param("cases", "async def later(): ...", id="no waiting"),
        pytest.param("cases", "def f(xs): return [x async for x in xs]", id="no waiting in a row"),
        pytest.param("cases", "open('x')", id="no files"),
        pytest.param("cases", "__import__('models')", id="no way round"),
    ],
)
def test_the_rule_can_be_broken(top: str, source: str) -> None:
    assert list(violations(top, source)) != []


@pytest.mark.parametrize(
    ("top", "source"),
    [
        pytest.param("cases", "from cases.vocabulary import Role", id="one's own package"),
        pytest.param("cases", "from . import vocabulary", id="one's own package, relatively"),
        pytest.param("sla", "from cases.vocabulary import Priority", id="leftwards"),
        pytest.param("reports", "from actions.policies import policy_of", id="reports read what acts read"),
        pytest.param("sla", "import icalendar", id="sla reads calendar files"),
        pytest.param("entitlements", "from dateutil.relativedelta import relativedelta", id="dates"),
        pytest.param("cases", "from datetime import time, datetime", id="values of time are no clock"),
        pytest.param("cases", "def due(*, now): return now", id="now is an argument"),
        pytest.param("models", "import tortoise\nasync def f(): await g()", id="tables may wait"),
        pytest.param("server", "import web, worker, time", id="the entrance imports all"),
    ],
)
def test_the_rule_can_be_kept(top: str, source: str) -> None:
    assert list(violations(top, source)) == []
