"""Where an entitlement stands, and what can be done to it there."""

from datetime import date
from itertools import product

import pytest
from pytest import param

from cases.refusals import BadInput, IllegalStep, Several
from cases.vocabulary import EntitlementState, Origin
from entitlements import lifecycle
from entitlements.lifecycle import STATES_BY_ACT, Amendment, state_at, terms_at
from entitlements.vocabulary import DecrementOn, EntitlementAct, Period, PostingKind
from tests.entitlements.ledgers import CONTRACT, OTHER_CONTRACT, entitlement, ledger, moment, terms
from tests.given import at

DRAFT, WAITING, ACTIVE, EXPIRED, CANCELED = (
    EntitlementState.DRAFT,
    EntitlementState.WAITING,
    EntitlementState.ACTIVE,
    EntitlementState.EXPIRED,
    EntitlementState.CANCELED,
)
BEFORE, DURING, AFTER = "2024-06-01 12:00", "2025-06-01 12:00", "2026-06-01 12:00"


@pytest.mark.parametrize(
    ("stored", "when", "shown"),
    [
        param(WAITING, BEFORE, WAITING, id="waits"),
        param(WAITING, DURING, ACTIVE, id="became active without anybody's help"),
        param(WAITING, AFTER, EXPIRED, id="and expired"),
        param(ACTIVE, AFTER, EXPIRED, id="active no more"),
        param(DRAFT, DURING, DRAFT, id="a draft has no dates"),
        param(CANCELED, AFTER, CANCELED, id="cancelled for good"),
        param(ACTIVE, "2025-12-31 22:59", ACTIVE, id="the last minute in Berlin"),
        param(ACTIVE, "2025-12-31 23:00", EXPIRED, id="the next day in Berlin"),
        param(WAITING, "2024-12-31 22:59", WAITING, id="the day before in Berlin"),
        param(WAITING, "2024-12-31 23:00", ACTIVE, id="the first instant in Berlin"),
    ],
)
def test_a_stale_state_is_never_shown(stored, when, shown):
    assert state_at(entitlement(terms(zone="Europe/Berlin"), state=stored), at(when)) is shown


@pytest.mark.parametrize(
    ("when", "state"), [param(BEFORE, WAITING), param(DURING, ACTIVE), param(AFTER, EXPIRED)], ids=str
)
def test_activation_goes_by_the_dates(when, state):
    active, lines = lifecycle.activate(entitlement(state=DRAFT), [], moment(at(when)))

    assert active.state is state
    assert [(line.kind, line.amount) for line in lines] == [(PostingKind.GRANT, 1000)]


def test_what_is_wrong_with_a_draft_is_refused_when_it_is_activated():
    wrong = terms(total_by_channel={Origin.VOICE: 11})
    with pytest.raises(BadInput) as refused:
        lifecycle.activate(entitlement(wrong, state=DRAFT), [], moment())

    assert refused.value.path == ("total_by_channel",)


def test_a_draft_that_was_active_before_is_granted_only_what_changed():
    before = ledger(total=10).lines
    more = entitlement(terms(total=12), state=DRAFT)
    _, lines = lifecycle.activate(more, before, moment())

    assert [(line.kind, line.amount) for line in lines] == [(PostingKind.ADJUST, 200)]
    assert lifecycle.activate(more, [*before, *lines], moment())[1] == []


@pytest.mark.parametrize(("act", "state"), list(product(EntitlementAct, EntitlementState)), ids=str)
def test_an_act_is_possible_in_the_states_of_its_row_and_refused_in_all_others(act, state):
    when = {WAITING: BEFORE, EXPIRED: AFTER}.get(state, DURING)
    contract = entitlement(state=state)
    if state in STATES_BY_ACT[act]:
        lifecycle.check(act, contract, at(when))
        return
    with pytest.raises(IllegalStep) as refused:
        lifecycle.check(act, contract, at(when))

    assert (refused.value.state, refused.value.allowed) == (state, STATES_BY_ACT[act])


def test_a_refusal_says_what_it_would_have_to_be():
    with pytest.raises(IllegalStep) as refused:
        lifecycle.renew(entitlement(), OTHER_CONTRACT, at(DURING))

    assert refused.value.message == ("This entitlement is active; to do this it would have to be expired or canceled.")


def test_the_default_mark_goes_when_an_entitlement_is_no_longer_active():
    default = entitlement(is_default=True)

    assert not lifecycle.deactivate(default, at(DURING)).is_default
    assert not lifecycle.cancel(default, at(DURING)).is_default


def test_a_renewed_entitlement_is_a_draft_of_as_many_days_from_today_on():
    """As the reference system counts them."""
    old = entitlement(terms(starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 1), zone="Asia/Tokyo"), is_default=True)
    new = lifecycle.renew(old, OTHER_CONTRACT, at("2025-06-02 15:00"))

    assert (new.terms.starts_on, new.terms.ends_on) == (date(2025, 6, 3), date(2025, 8, 2))
    assert (new.id, new.state, new.is_default) == (OTHER_CONTRACT, DRAFT, False)
    assert new.account_id == old.account_id


def test_a_draft_is_edited_and_an_active_one_is_not():
    assert lifecycle.edit(entitlement(state=DRAFT), {"total": 5}, [], at(DURING)).terms.total == 5
    with pytest.raises(IllegalStep):
        lifecycle.edit(entitlement(), {"total": 5}, [], at(DURING))


def test_what_postings_are_counted_in_stays_once_there_are_any():
    draft = entitlement(state=DRAFT)
    changes = {"starts_on": date(2025, 2, 1), "period": Period.MONTH, "decrement_on": DecrementOn.RESOLUTION}

    assert lifecycle.edit(draft, changes, [], at(DURING)).terms.period is Period.MONTH
    with pytest.raises(Several) as refused:
        lifecycle.edit(draft, changes, ledger().lines, at(DURING))
    assert [problem.path for problem in refused.value.problems] == [("period",), ("starts_on",)]


# --- amendments ------------------------------------------------------------------------------------------------------


def amendment(when: str = DURING, number: int = 1, **changes) -> Amendment:
    return Amendment(number=number, moment=moment(at(when)), changes=changes)


def test_an_amendment_posts_what_it_changes_and_is_remembered():
    book = ledger(total=10)
    amended, lines = lifecycle.amend(entitlement(), amendment(total=1500, ends_on=date(2026, 6, 30)), book.lines)

    assert [(line.kind, line.amount, line.at) for line in lines] == [(PostingKind.ADJUST, 500, at(DURING))]
    assert amended.terms == terms(total=15, ends_on=date(2026, 6, 30))
    assert lifecycle.amend(amended, amendment(total=1500), [*book.lines, *lines])[1] == []


def test_a_share_is_taken_from_what_belonged_to_no_channel():
    book = ledger(total=10)
    _, lines = lifecycle.amend(entitlement(), amendment(total_by_channel={Origin.VOICE: 300}), book.lines)

    assert [(line.channel, line.amount) for line in lines] == [(None, -300), (Origin.VOICE, 300)]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        param({"starts_on": date(2025, 2, 1)}, "starts_on", id="the start"),
        param({"decrement_on": DecrementOn.RESOLUTION}, "decrement_on", id="the rule"),
        param({"ends_on": date(2025, 5, 31)}, "ends_on", id="an end in the past"),
        param({"total": -1}, "total", id="a negative total"),
        param({"total": 99, "restrict": True}, "total", id="less than was used"),
    ],
)
def test_what_cannot_be_amended(changes, path):
    with pytest.raises(BadInput) as refused:
        lifecycle.amend(entitlement(), amendment(**changes), ledger().tell("applied").lines)

    assert tuple(refused.value.path) == (path,)


def test_the_end_may_be_today():
    amended, _ = lifecycle.amend(entitlement(), amendment(ends_on=date(2025, 6, 1)), ledger().lines)

    assert amended.state is ACTIVE


def test_an_expired_entitlement_is_renewed_and_not_amended():
    with pytest.raises(IllegalStep):
        lifecycle.amend(entitlement(), amendment(AFTER, ends_on=date(2027, 1, 1)), [])


def test_the_terms_of_any_instant_follow_from_the_amendments():
    history = [amendment("2025-06-01 12:00", 2, total=3), amendment("2025-05-01 12:00", 1, total=2, restrict=True)]

    assert [terms_at(terms(), history, at(f"2025-{month}-01 12:00")).total for month in ("04", "05", "06")] == [
        1000,
        2,
        3,
    ]
    assert terms_at(terms(), history, at(DURING)).restrict


def test_a_name_that_is_no_term_is_a_bug():
    with pytest.raises(ValueError, match="colour"):
        lifecycle.amend(entitlement(), amendment(colour="red"), [])


# --- the worker's index ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "when", "following"),
    [
        param({}, BEFORE, "2025-01-01 00:00", id="it begins"),
        param({}, DURING, "2026-01-01 00:00", id="it expires"),
        param({}, AFTER, None, id="nothing follows"),
        param({"period": Period.MONTH}, DURING, "2025-07-01 00:00", id="the next period"),
        param({"period": Period.MONTH}, "2025-12-15 00:00", "2026-01-01 00:00", id="the end after the last period"),
    ],
)
def test_when_dates_next_change_something(said, when, following):
    found = lifecycle.next_change_at(entitlement(terms(**said)), at(when))

    assert found == (following and at(following))


def test_dates_change_nothing_of_a_draft():
    assert lifecycle.next_change_at(entitlement(state=DRAFT, id=CONTRACT), at(BEFORE)) is None
