"""Further than the walk goes by itself: what is asked with arguments, or lies two steps deep."""

import json
from typing import Any

from actions import ending, knowing, talking
from schema.ids import id_of
from tests import given
from tests.actions import contracts
from tests.given import done
from tests.schema import walk
from tests.schema.walk import OBJECTS, Seen, leaves
from tests.schema.worlds import World


async def promises(own: World, ids: dict[str, list[str]], seen: Seen) -> str:
    """What is asked of promises with arguments, or two steps deep: why, since when, what would be otherwise."""
    why = f"query($id: ID!) {{ explainSla(caseId: $id) {{ {walk.leaves(OBJECTS['SlaVerdict'])} }} }}"
    since = f"""query($id: ID!) {{ node(id: $id) {{ __typename ... on SlaKpiInstance {{
        ledger {{ {walk.leaves(OBJECTS["SlaSegment"])} actor {{ __typename id }} }}
        countdown {{ {walk.leaves(OBJECTS["SlaCountdown"])} hours {{ {walk.leaves(OBJECTS["SlaOpenHours"])} }} }}
        }} }} }}"""
    outcome = walk.leaves(OBJECTS["SlaOutcome"])
    otherwise = f"""query($id: ID!, $hours: CalendarHoursInput!) {{
        previewSla(input: {{calendarId: $id, hours: $hours}}) {{
        {walk.leaves(OBJECTS["SlaPreview"])} differences {{ {walk.leaves(OBJECTS["SlaDifference"])}
            case {{ __typename id }} before {{ {outcome} }} after {{ {outcome} }} }} }} }}"""
    rarely = {"timezone": "UTC", "weeklyHours": {"sun": [{"from": "03:00", "to": "03:01"}]}}
    told = [await given.answer(why, viewer=own.admin, id=one) for one in ids["Case"]]
    told += [await given.answer(since, viewer=own.admin, id=one) for one in ids["SlaKpiInstance"]]
    told += [await given.answer(otherwise, viewer=own.admin, id=one, hours=rarely) for one in ids["Calendar"]]
    for data in told:
        walk.note(seen, OBJECTS["Query"], data)
    return json.dumps(told, default=str)


async def entitled(own: World, ids: dict[str, list[str]], seen: Seen) -> str:
    """What is asked of entitlements with arguments, or two steps deep."""
    of_customer = """query($id: ID!) { entitlementsFor(customerId: $id) {
        eligible entitlement { __typename id } reasons { __typename reason message } } }"""
    rates = "query($id: ID!) { node(id: $id) { __typename ... on Entitlement { rates { product { id } } } } }"
    told = []
    for text, type_name in ((of_customer, "Account"), (of_customer, "Contact"), (rates, "Entitlement")):
        for one in ids[type_name]:
            told.append(await given.answer(text, viewer=own.admin, id=one))
            walk.note(seen, OBJECTS["Query"], told[-1])
    return json.dumps(told)


async def change_many(own: World, seen: Seen) -> None:
    """Changes a case and one that is not there, and looks at what became of each."""
    text = """mutation($input: BulkUpdateCasesInput!) { bulkUpdateCases(input: $input) { outcomes {
        __typename index ok version case { id } userErrors { __typename code } } } }"""
    case = await given.case(by=own.admin, customer=own.own_account)
    said = {"caseIds": [id_of(case), "nothing"], "title": own.tenant.slug, "errorPolicy": "SKIP_FAILED"}
    walk.note(seen, OBJECTS["Mutation"], await given.answer(text, viewer=own.admin, input=said))


async def route(own: World, seen: Seen) -> None:
    """Routes a case that nobody fits, and looks at the whole outcome."""
    text = """mutation($input: ApplyRoutingRulesInput!) { applyRoutingRules(input: $input) { outcomes {
        __typename changed rule unassigned case { id } decision { rule } } } }"""
    case = await given.case(f"{own.tenant.slug} ice", by=own.admin, customer=own.own_account, route=False)
    data = await given.answer(text, viewer=own.admin, input={"caseIds": [id_of(case)]})
    walk.note(seen, OBJECTS["Mutation"], data)


async def merge(own: World, seen: Seen) -> None:
    """Looks at what a merge would do with a case that has everything, and with one that has ended."""
    loser = leaves(OBJECTS["MergePreviewLoser"])
    text = f"""query($to: ID!, $ids: [ID!]!) {{ previewMerge(caseId: $to, mergedIds: $ids) {{ possible survivor {{ id }}
        refusals {{ __typename message code path }} losers {{ {loser} case {{ id }} moved {{ kind count }}
        stayed {{ kind count }} endingClocks {{ id }} entitlement {{ id }} queue {{ id }} }} }} }}"""
    said: dict[str, Any] = {"by": own.admin, "customer": own.own_account}
    paid = await contracts.contract(by=own.admin, customer=own.own_account)
    survivor, full = [await given.case(**said, entitlement=paid) for _ in range(2)]
    full = await given.queued_case(case=full)
    article = await given.article(by=own.admin)
    for case in (survivor, full):
        await done(knowing.link_article, by=own.admin, case=case, article=article)
    await done(talking.add_comment, by=own.admin, case=full, body="Hello")
    ended = await given.case(**said)
    await done(ending.cancel_case, by=own.admin, case=ended)
    ids = [id_of(full), id_of(ended)]
    walk.note(seen, OBJECTS["Query"], await given.answer(text, viewer=own.admin, to=survivor, ids=ids))
