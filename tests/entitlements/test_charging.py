"""What the ledger is posted when something happens to a case."""

from decimal import Decimal
from itertools import product

import pytest
from pytest import param

from cases.refusals import EntitlementExhausted
from cases.vocabulary import FactKind, Origin, Status
from entitlements.charging import SAID, STEPS, happening, standing
from entitlements.vocabulary import Allocation, DecrementOn, Happening, OveragePolicy, PostingKind, Trigger
from tests.entitlements.ledgers import CASE, OTHER_CASE, Ledger, ledger, terms

CREATION, RESOLUTION = DecrementOn.CREATION, DecrementOn.RESOLUTION
HOURS = {"allocation": Allocation.HOURS, "decrement_on": RESOLUTION}


def told(story: str, rule: DecrementOn = CREATION, **said) -> Ledger:
    return ledger(decrement_on=rule, **said).tell(story)


@pytest.mark.parametrize(
    ("rule", "story", "left"),
    [
        param(CREATION, "applied", "9", id="E1: created on the entitlement"),
        param(RESOLUTION, "applied", "10", id="E2: not yet when created"),
        param(RESOLUTION, "applied, resolved", "9", id="E2: when resolved"),
        param(CREATION, "applied, canceled", "10", id="E4: cancelled"),
        param(CREATION, "applied, canceled, reactivated", "9", id="E4: then reactivated"),
        param(RESOLUTION, "applied, resolved, reactivated", "10", id="E5: resolved and reactivated"),
        param(RESOLUTION, "applied, resolved, reactivated, resolved", "9", id="E5: and resolved again"),
        param(CREATION, "flagged, applied", "10", id="E6: flagged before it is created"),
        param(CREATION, "flagged, applied, unflagged", "10", id="E7: not charged afterwards"),
        param(RESOLUTION, "flagged, applied, unflagged, resolved", "9", id="E8: charged from then on"),
    ],
)
def test_the_examples_of_the_reference_system(rule, story, left):
    """The rows E1 to E10 of the reference system; E9 is in test_rules."""
    assert told(story, rule).left == Decimal(left)


def test_e3_half_an_hour_takes_half_a_term():
    assert ledger(**HOURS).tell("applied, resolved", burned=50).left == Decimal("9.50")


def test_e10_an_unrestricted_entitlement_goes_below_zero():
    assert told("applied", total=0).left == Decimal(-1)


@pytest.mark.parametrize(
    ("rule", "before", "what", "posted", "left", "reserved"),
    [
        param(CREATION, "", "applied", [("CONSUME", -100)], 9, 0, id="applied, on creation"),
        param(RESOLUTION, "", "applied", [("RESERVE", -100)], 10, 1, id="applied, on resolution"),
        param(CREATION, "applied", "resolved", [], 9, 0, id="resolved, on creation"),
        param(
            RESOLUTION, "applied", "resolved", [("RELEASE", 100), ("CONSUME", -100)], 9, 0, id="resolved, on resolution"
        ),
        param(CREATION, "applied, resolved", "reactivated", [], 9, 0, id="reactivated, on creation"),
        param(
            RESOLUTION,
            "applied, resolved",
            "reactivated",
            [("REVERSE", 100), ("RESERVE", -100)],
            10,
            1,
            id="reactivated, on resolution",
        ),
        param(CREATION, "applied", "canceled", [("REVERSE", 100)], 10, 0, id="cancelled, on creation"),
        param(RESOLUTION, "applied", "canceled", [("RELEASE", 100)], 10, 0, id="cancelled, on resolution"),
        param(
            CREATION, "applied, canceled", "reactivated", [("CONSUME", -100)], 9, 0, id="reactivated after, on creation"
        ),
        param(
            RESOLUTION,
            "applied, canceled",
            "reactivated",
            [("RESERVE", -100)],
            10,
            1,
            id="reactivated after, on resolution",
        ),
        param(CREATION, "applied", "replaced", [("REVERSE", 100)], 10, 0, id="replaced, on creation"),
        param(RESOLUTION, "applied", "replaced", [("RELEASE", 100)], 10, 0, id="replaced, on resolution"),
        param(CREATION, "applied", "removed", [("REVERSE", 100)], 10, 0, id="removed, on creation"),
        param(RESOLUTION, "applied", "removed", [("RELEASE", 100)], 10, 0, id="removed, on resolution"),
        param(CREATION, "applied", "customer changed", [("REVERSE", 100)], 10, 0, id="customer changed, on creation"),
        param(
            RESOLUTION, "applied", "customer changed", [("RELEASE", 100)], 10, 0, id="customer changed, on resolution"
        ),
        param(CREATION, "applied", "merged", [("REVERSE", 100)], 10, 0, id="merged into another, on creation"),
        param(RESOLUTION, "applied", "merged", [("RELEASE", 100)], 10, 0, id="merged into another, on resolution"),
        param(CREATION, "applied, merged", "unmerged", [("CONSUME", -100)], 9, 0, id="unmerged, on creation"),
        param(RESOLUTION, "applied, merged", "unmerged", [("RESERVE", -100)], 10, 1, id="unmerged, on resolution"),
        param(CREATION, "applied", "deleted", [("REVERSE", 100)], 10, 0, id="deleted while open, on creation"),
        param(RESOLUTION, "applied", "deleted", [("RELEASE", 100)], 10, 0, id="deleted while open, on resolution"),
        param(CREATION, "applied", "flagged", [], 9, 0, id="flagged after it was charged, on creation"),
        param(RESOLUTION, "applied", "flagged", [("RELEASE", 100), ("RESERVE", 0)], 10, 0, id="flagged, on resolution"),
        param(CREATION, "flagged, applied", "unflagged", [], 10, 0, id="unflagged, on creation"),
        param(
            RESOLUTION,
            "flagged, applied",
            "unflagged",
            [("RELEASE", 0), ("RESERVE", -100)],
            10,
            1,
            id="unflagged, on resolution",
        ),
        param(CREATION, "flagged", "applied", [("CONSUME", 0)], 10, 0, id="flagged and applied, on creation"),
        param(RESOLUTION, "flagged", "applied", [("RESERVE", 0)], 10, 0, id="flagged and applied, on resolution"),
        param(CREATION, "flagged, applied", "resolved", [], 10, 0, id="flagged and resolved, on creation"),
        param(
            RESOLUTION,
            "applied, flagged",
            "resolved",
            [("RELEASE", 0), ("CONSUME", 0)],
            10,
            0,
            id="flagged and resolved, on resolution",
        ),
        param(CREATION, "flagged, applied", "canceled", [("REVERSE", 0)], 10, 0, id="flagged and cancelled"),
        param(
            CREATION, "applied, flagged", "canceled", [("REVERSE", 100)], 10, 0, id="flagged too late, then cancelled"
        ),
        param(
            CREATION,
            "flagged, applied, canceled",
            "reactivated",
            [("CONSUME", 0)],
            10,
            0,
            id="flagged and reactivated, on creation",
        ),
        param(
            RESOLUTION,
            "flagged, applied, resolved",
            "reactivated",
            [("REVERSE", 0), ("RESERVE", 0)],
            10,
            0,
            id="flagged and reactivated, on resolution",
        ),
        param(
            CREATION,
            "flagged, applied, unflagged, canceled",
            "reactivated",
            [("CONSUME", -100)],
            9,
            0,
            id="what comes back unflagged is charged",
        ),
        param(RESOLUTION, "flagged, applied, resolved", "unflagged", [], 10, 0, id="unflagged after it was resolved"),
        param(CREATION, "applied, replaced", "applied", [("CONSUME", -100)], 9, 0, id="applied again"),
        param(CREATION, "applied, removed", "canceled", [], 10, 0, id="what was removed is not given back twice"),
        param(RESOLUTION, "applied, removed", "resolved", [], 10, 0, id="what was removed is not charged"),
    ],
)
def test_the_table_of_the_ledger(rule, before, what, posted, left, reserved):
    book = told(before, rule)
    already = len(book.lines)
    book.tell(what)

    assert [(line.kind.value, line.amount) for line in book.lines[already:]] == posted
    assert (book.left, book.reserved) == (left, reserved)


@pytest.mark.parametrize(
    ("story", "left"),
    [
        param("applied", "10", id="hours reserve nothing"),
        param("applied, resolved", "7.75", id="hours are taken when resolved"),
        param("applied, resolved, reactivated", "10", id="exactly what was taken comes back"),
        param("applied, canceled", "10", id="a cancelled case took none"),
        param("applied, flagged, resolved", "10", id="a flagged case takes none"),
    ],
)
def test_hours(story, left):
    assert ledger(**HOURS).tell(story, burned=225).left == Decimal(left)


def test_every_happening_has_a_cell_for_both_rules():
    assert STEPS.keys() == set(product(Happening, DecrementOn))
    assert SAID.keys() == set(product([Happening.FLAGGED, Happening.UNFLAGGED], DecrementOn))


@pytest.mark.parametrize("rule", DecrementOn)
@pytest.mark.parametrize("what", Happening)
@pytest.mark.parametrize("before", ["", "applied", "applied, resolved", "applied, canceled", "flagged, applied"])
def test_what_is_told_twice_is_posted_once(before, what, rule):
    book = told(before, rule)
    book.happen(what)

    assert book.happen(what) == ()


def test_coverage_by_dates_posts_nothing():
    book = ledger(allocation=Allocation.COVERAGE, total=0).tell("applied, resolved, reactivated, canceled, deleted")

    assert book.lines == []


def test_cycles_count_up_and_what_undoes_has_the_cycle_of_what_it_undoes():
    lines = told("applied, canceled, reactivated, deleted").lines[1:]

    assert [(line.trigger, line.cycle) for line in lines] == [
        (Trigger.APPLY, 1),
        (Trigger.UNAPPLY, 1),
        (Trigger.APPLY, 2),
        (Trigger.UNAPPLY, 2),
    ]


def test_a_child_that_inherits_an_entitlement_is_charged_as_the_case_it_is():
    book = told("applied").tell("applied", OTHER_CASE)

    assert book.left == 8


def test_a_case_is_charged_by_the_rule_it_was_applied_under_whatever_was_amended():
    book = told("applied")
    book.terms = terms(decrement_on=RESOLUTION)

    assert book.tell("resolved").left == 9
    assert book.tell("reactivated, canceled").left == 10


def test_a_case_stays_in_the_channel_it_was_applied_under():
    book = ledger(total_by_channel={Origin.VOICE: 5, Origin.EMAIL: 5})
    book.happen(Happening.APPLIED, channel=Origin.VOICE)
    book.happen(Happening.CANCELED, channel=Origin.EMAIL)
    again = book.happen(Happening.REACTIVATED, channel=Origin.EMAIL)

    assert [line.channel for line in again] == [Origin.VOICE]


# --- what is left ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", DecrementOn)
def test_the_last_term_of_a_restricted_entitlement_is_given_once(rule):
    book = ledger(total=1, restrict=True, decrement_on=rule).tell("applied")
    with pytest.raises(EntitlementExhausted) as refused:
        book.happen(Happening.APPLIED, OTHER_CASE)

    assert (refused.value.needed, refused.value.available, refused.value.channel) == (1, 0, None)
    assert refused.value.message == "This entitlement is used up: 0.00 left, 1.00 needed."
    assert standing(book.lines, OTHER_CASE, Trigger.APPLY) is None


def test_what_was_reserved_can_be_spent_though_nothing_else_is_left():
    book = ledger(total=1, restrict=True, decrement_on=RESOLUTION).tell("applied, resolved")

    assert (book.left, book.reserved) == (0, 0)


def test_a_channel_is_restricted_to_its_share():
    book = ledger(total_by_channel={Origin.VOICE: 1}, restrict=True)
    book.happen(Happening.APPLIED, channel=Origin.VOICE)
    with pytest.raises(EntitlementExhausted, match="for voice is used up") as refused:
        book.happen(Happening.APPLIED, OTHER_CASE, channel=Origin.VOICE)

    assert refused.value.channel is Origin.VOICE


def test_a_flagged_case_needs_nothing_to_be_left():
    assert ledger(total=0, restrict=True).tell("flagged, applied").left == 0


def test_to_clear_the_flag_needs_what_it_will_take():
    book = ledger(total=0, restrict=True, decrement_on=RESOLUTION).tell("flagged, applied")
    with pytest.raises(EntitlementExhausted):
        book.tell("unflagged")


def test_a_case_that_comes_back_to_a_used_up_entitlement_is_refused():
    book = ledger(total=1, restrict=True).tell("applied, canceled").tell("applied", OTHER_CASE)
    with pytest.raises(EntitlementExhausted):
        book.tell("reactivated")


def test_a_new_case_needs_some_part_of_an_hour():
    book = ledger(total=1, restrict=True, **HOURS).tell("applied, resolved", burned=100)
    with pytest.raises(EntitlementExhausted, match=r"0\.00 left, 0\.01 needed"):
        book.happen(Happening.APPLIED, OTHER_CASE)

    assert book.tell("reactivated").left == 1


@pytest.mark.parametrize(
    ("said", "left", "overage", "billed"),
    [
        param({"overage": OveragePolicy.ALLOW}, "-1.50", 150, 0, id="allowed: below zero"),
        param({"overage": OveragePolicy.BILL}, "0", 150, 150, id="billed: what is there is taken, the rest noted"),
        param({"overage": OveragePolicy.BILL, "restrict": True}, "0", 150, 150, id="billed although restricted"),
    ],
)
def test_hours_beyond_the_balance(said, left, overage, billed):
    book = ledger(total=1, **HOURS, **said).tell("applied, resolved", burned=250)

    assert (book.left, book.balance.overage, book.balance.billed) == (Decimal(left), overage, billed)
    assert book.balance.used == 250
    assert book.tell("reactivated").balance.overage == 0
    assert book.left == 1


def test_hours_beyond_the_balance_are_refused_and_nothing_is_posted():
    book = ledger(total=1, restrict=True, **HOURS).tell("applied")
    before = list(book.lines)
    with pytest.raises(EntitlementExhausted, match=r"1\.00 left, 2\.50 needed"):
        book.tell("resolved", burned=250)

    assert book.lines == before


def test_a_billed_case_beyond_the_total_is_opened_unless_restricted():
    book = ledger(total=0, overage=OveragePolicy.BILL).tell("applied")

    assert (book.left, book.balance.billed) == (0, 100)
    with pytest.raises(EntitlementExhausted):
        ledger(total=0, overage=OveragePolicy.BILL, restrict=True).tell("applied")


# --- facts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status", "means"),
    [
        param(FactKind.RESOLVED, Status.ACTIVE, Happening.RESOLVED, id="resolved"),
        param(FactKind.CANCELED, Status.ACTIVE, Happening.CANCELED, id="cancelled"),
        param(FactKind.MERGED, Status.ACTIVE, Happening.MERGED, id="merged"),
        param(FactKind.UNMERGED, Status.CANCELED, Happening.UNMERGED, id="unmerged"),
        param(FactKind.ABSORBED, Status.ACTIVE, None, id="the survivor keeps its own"),
        param(FactKind.REACTIVATED, Status.CANCELED, Happening.REACTIVATED, id="reactivated"),
        param(FactKind.CUSTOMER_CHANGED, Status.ACTIVE, Happening.CUSTOMER_CHANGED, id="customer changed"),
        param(FactKind.DELETED, Status.ACTIVE, Happening.DELETED, id="deleted while open"),
        param(FactKind.DELETED, Status.RESOLVED, None, id="a resolved case keeps what it cost"),
        param(FactKind.CLOSED, Status.RESOLVED, None, id="closing costs nothing"),
        param(FactKind.COMMENTED, Status.ACTIVE, None, id="talk costs nothing"),
    ],
)
def test_what_a_fact_means_to_the_entitlement(kind, status, means):
    assert happening(kind, status) is means


def test_the_kind_of_a_reversal_follows_what_it_reverses():
    kinds = [line.kind for line in told("applied, resolved, reactivated, canceled", RESOLUTION).lines[1:]]

    assert kinds == [
        PostingKind.RESERVE,
        PostingKind.RELEASE,
        PostingKind.CONSUME,
        PostingKind.REVERSE,
        PostingKind.RESERVE,
        PostingKind.RELEASE,
    ]
    assert standing(told("applied", RESOLUTION).lines, CASE, Trigger.APPLY) is not None
