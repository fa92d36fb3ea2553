"""Which case may become a child of which, and what it gets from its parent."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from pytest import param

from cases.hierarchy import COLUMNS, Bounds, Child, Parent, adding, inherited, removing
from cases.kinship import CaseLinkKind, Inheritable, ParentFault
from cases.vocabulary import Priority
from tests.given import NOW, hours

A, B, C, D = (UUID(int=number) for number in range(1, 5))
ONE = Bounds(depth=1, children=3)
DEEP = Bounds(depth=3, children=3)


def child(key: UUID, parent: UUID | None = None, levels: int = 0) -> Child:
    return Child(key, f"CAS-{key.int:06}", parent, levels)


@pytest.mark.parametrize(
    ("parent", "children", "bounds"),
    [
        param(Parent(A), [child(B)], ONE, id="a case below another"),
        param(Parent(A, children=1), [child(B), child(C)], ONE, id="as many as may be"),
        param(Parent(A, children=3), [child(B, A)], ONE, id="a child that is one already takes no room"),
        param(Parent(A), [child(B, levels=2)], DEEP, id="a tree of two levels below a root"),
        param(Parent(C, above=[B, A]), [child(D)], DEEP, id="the third level"),
        param(Parent(A), [], ONE, id="none"),
    ],
)
def test_what_may_be_added(parent, children, bounds):
    assert list(adding(parent, children, bounds)) == []


@pytest.mark.parametrize(
    ("parent", "children", "bounds", "fault"),
    [
        param(Parent(A), [child(A)], ONE, ParentFault.ITSELF, id="itself"),
        param(Parent(B, above=[A]), [child(A, levels=1)], DEEP, ParentFault.CYCLE, id="the case right above"),
        param(Parent(C, above=[B, A]), [child(A, levels=2)], DEEP, ParentFault.CYCLE, id="a case further above"),
        param(Parent(A), [child(B, D)], ONE, ParentFault.OTHER_PARENT, id="a child of another"),
        param(Parent(A, children=2), [child(B), child(C)], ONE, ParentFault.TOO_MANY, id="one too many"),
        param(Parent(B, above=[A]), [child(C)], ONE, ParentFault.TOO_DEEP, id="below a child"),
        param(Parent(A), [child(B, levels=1)], ONE, ParentFault.TOO_DEEP, id="a case with children"),
        param(Parent(C, above=[B, A]), [child(D, levels=1)], DEEP, ParentFault.TOO_DEEP, id="a fourth level"),
    ],
)
def test_what_may_not_be_added(parent, children, bounds, fault):
    (refused,) = adding(parent, children, bounds, ("child_ids",))

    assert refused.reason is fault


def test_each_child_is_refused_where_it_is_named():
    found = list(adding(Parent(A), [child(B), child(C, D), child(A)], ONE, ("child_ids",)))

    assert [(one.reason, tuple(one.path)) for one in found] == [
        (ParentFault.OTHER_PARENT, ("child_ids", 1)),
        (ParentFault.ITSELF, ("child_ids", 2)),
    ]
    assert found[0].message == "CAS-000003 is a child of another case; remove it from there first."


def test_too_many_says_how_much_room_is_left():
    (refused,) = adding(Parent(A, children=2), [child(B), child(C)], ONE, ("child_ids",))

    assert refused.message == "A case may have 3 children; there is room for 1 more."
    assert tuple(refused.path) == ("child_ids",)


def test_who_is_no_child_cannot_leave():
    assert list(removing(A, child(B, A))) == []
    assert [refused.reason for refused in removing(A, child(B, C))] == [ParentFault.NO_CHILD]
    assert [refused.reason for refused in removing(A, child(B))] == [ParentFault.NO_CHILD]


PARENT = SimpleNamespace(
    title="It leaks",
    description="At the seal",
    type_id=A,
    subject_id=B,
    product_id=C,
    priority=Priority.HIGH,
    severity="MAJOR",
    origin="EMAIL",
    deadline=NOW + hours(1),
)


def test_a_child_gets_its_title_and_what_was_chosen():
    assert inherited(PARENT, [], NOW) == {"title": "It leaks"}
    assert inherited(PARENT, [Inheritable.PRODUCT, Inheritable.PRIORITY], NOW) == {
        "title": "It leaks",
        "product_id": C,
        "priority": Priority.HIGH,
    }


def test_a_deadline_that_has_passed_is_not_passed_on():
    assert "deadline" in inherited(PARENT, [Inheritable.DEADLINE], NOW)
    assert "deadline" not in inherited(PARENT, [Inheritable.DEADLINE], NOW + hours(2))


def test_what_is_no_detail_goes_its_own_way():
    assert set(Inheritable) - set(COLUMNS) == {Inheritable.OWNER, Inheritable.TEAM, Inheritable.ENTITLEMENT}


@pytest.mark.parametrize("kind", CaseLinkKind)
def test_a_link_seen_from_the_other_and_back_is_itself(kind):
    assert kind.seen_from_the_other.seen_from_the_other is kind
    assert (kind.seen_from_the_other is kind) == (kind is CaseLinkKind.RELATED)
