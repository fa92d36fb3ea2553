"""What the company sells, what its customers ask about, and how it works on their cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cases.process import Process, process
from cases.vocabulary import CaseCategory, ProductKind, ProductState, StatusReason
from models import CaseType, Product, Subject

ESPRESSO: Final = "Espresso machines"
WATER: Final = "Water dispensers"
FILTRATION: Final = "Filtration"
DIGITAL: Final = "Digital services"

PRODUCTS: Final[Mapping[str, Sequence[tuple[str, ProductState]]]] = {
    ESPRESSO: (
        ("Crema Solo", ProductState.ACTIVE),
        ("Crema Duo", ProductState.ACTIVE),
        ("Crema Grande", ProductState.ACTIVE),
        ("Crema Classic", ProductState.RETIRED),
        ("Crema Nano", ProductState.DRAFT),
    ),
    WATER: (
        ("Rill 100", ProductState.ACTIVE),
        ("Rill 300", ProductState.ACTIVE),
        ("Rill Spark", ProductState.ACTIVE),
        ("Rill 50", ProductState.RETIRED),
    ),
    FILTRATION: (
        ("Clarity Cartridge", ProductState.ACTIVE),
        ("Clarity Osmosis", ProductState.ACTIVE),
        ("Clarity Test Kit", ProductState.DRAFT),
    ),
    DIGITAL: (
        ("Customer Portal", ProductState.ACTIVE),
        ("Remote Care", ProductState.ACTIVE),
        ("Bean Subscription", ProductState.ACTIVE),
    ),
}
BUNDLES: Final = (
    ("Office Starter Bundle", ProductState.ACTIVE),
    ("Café Bundle", ProductState.ACTIVE),
    ("Lobby Bundle", ProductState.RETIRED),
    ("Canteen Bundle", ProductState.DRAFT),
)

SUBJECTS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "Machine": {
        "Coffee": ("Brewing unit", "Grinder", "Milk system"),
        "Water": ("Leak", "Taste", "Cooling", "Carbonation"),
        "Electrics": ("Display", "Power"),
    },
    "Order": {
        "Delivery": ("Late", "Damaged", "Wrong item"),
        "Return": ("Refund", "Exchange"),
        "Supplies": ("Beans", "Filters"),
    },
    "Account": {
        "Billing": ("Invoice", "Payment", "Contract"),
        "Portal": ("Sign-in", "Rights", "Interface"),
    },
    "Advice": {
        "Use": ("Cleaning", "Settings"),
        "Purchase": ("Quote", "Spare parts"),
    },
}

QUESTION: Final = "Question"
MALFUNCTION: Final = "Malfunction"
RETURN: Final = "Return or exchange"
VISIT: Final = "Service visit"
ACCESS: Final = "Access and data"

R = StatusReason
CASE_TYPES: Final[Mapping[str, tuple[CaseCategory, Mapping[R, Sequence[R]] | None, Sequence[R] | None]]] = {
    QUESTION: (CaseCategory.QUESTION, None, None),
    MALFUNCTION: (CaseCategory.PROBLEM, None, [R.NEW, R.RESEARCHING, R.IN_PROGRESS]),
    RETURN: (
        CaseCategory.REQUEST,
        {
            # Nothing is sent back before somebody has looked at it, and no part of it waits for a known problem.
            R.NEW: [R.IN_PROGRESS, R.CANCELED, R.MERGED],
            R.IN_PROGRESS: [R.WAITING_FOR_EVIDENCE, R.WAITING_FOR_DETAILS, R.ON_HOLD, R.PROBLEM_SOLVED, R.CANCELED],
        },
        None,
    ),
    VISIT: (CaseCategory.REQUEST, None, None),
    ACCESS: (CaseCategory.REQUEST, None, None),
}
"""By name: the category, the moves it narrows to and the sequence it demands."""


STAGES: Final[Sequence[Mapping[str, Any]]] = (
    {"key": "agree", "name": "Agree on a date", "required": ["PRODUCT", "CONTACT"]},
    {"key": "prepare", "name": "Get the parts", "optional": True},
    {"key": "visit", "name": "On site", "finished_tasks": True},
    {"key": "report", "name": "Report"},
)
"""The stages of a visit."""


@dataclass(frozen=True)
class Catalogue:
    """The rows, by what stories call them: products by name, subjects by their path, processes by case type."""

    products: Mapping[str, Product]
    subjects: Mapping[tuple[str, ...], UUID]
    types: Mapping[str, UUID]
    processes: Mapping[str, Process]

    def products_of(self, families: Sequence[str]) -> list[Product]:
        """The products of these families that a case can be about; the bundles are among them for no family."""
        ids: set[UUID | None] = {self.products[family].id for family in families} or {None}
        return [
            product
            for product in self.products.values()
            if product.family_id in ids
            and product.kind is not ProductKind.FAMILY
            and product.state is not ProductState.DRAFT
        ]


async def write_catalogue(tenant_id: UUID, at: datetime) -> Catalogue:
    """Writes products, subjects and case types, all of them made at `at`."""
    row = {"tenant_id": tenant_id, "created_at": at}
    families = [
        Product(**row, name=name, kind=ProductKind.FAMILY, state=ProductState.ACTIVE) for name in (*PRODUCTS, "Legacy")
    ]
    members = [
        Product(**row, name=name, kind=ProductKind.PRODUCT, state=state, family_id=family.id)
        for family in families
        for name, state in PRODUCTS.get(family.name, ())
    ]
    bundles = [Product(**row, name=name, kind=ProductKind.BUNDLE, state=state) for name, state in BUNDLES]
    types = [
        CaseType(
            **row,
            name=name,
            category=category,
            moves=moves and {before.value: list(after) for before, after in moves.items()},
            sequence=sequence and list(sequence),
            stages=[dict(stage) for stage in STAGES] if name == VISIT else [],
        )
        for name, (category, moves, sequence) in CASE_TYPES.items()
    ]
    await Product.bulk_create(families)
    await Product.bulk_create([*members, *bundles])
    await CaseType.bulk_create([*types, CaseType(**row, name="Recall", category=CaseCategory.PROBLEM, active=False)])
    return Catalogue(
        {product.name: product for product in (*families, *members, *bundles)},
        await _write_subjects(row),
        {kind.name: kind.id for kind in types},
        {kind.name: process(kind.moves, kind.sequence) for kind in types},
    )


async def _write_subjects(row: Mapping[str, Any]) -> dict[tuple[str, ...], UUID]:
    levels: list[dict[tuple[str, ...], UUID | None]] = [{(): None}]
    paths = [(area, topic, detail) for area, topics in SUBJECTS.items() for topic in topics for detail in topics[topic]]
    for depth in (1, 2, 3):
        above = levels[-1]
        level = {
            path: Subject(**row, name=path[-1], parent_id=above[path[:-1]])
            for path in dict.fromkeys(path[:depth] for path in paths)
        }
        await Subject.bulk_create(list(level.values()))
        levels.append({path: subject.id for path, subject in level.items()})
    return {path: key for level in levels[1:] for path, key in level.items() if key is not None}
