"""A case with all that stands around it in one query: a statement per relation and level, whichever way it is read."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from actions import doing, family, following, knowing, linking, merging, promises, queueing, talking, tenant_settings
from cases.viewer import Viewer
from cases.vocabulary import Role
from models import Account, Article, Case, Entitlement, Person
from models.database import Database
from schema.context import Context
from schema.graph import build_schema
from schema.ids import id_of
from settings import Limits
from tests import given
from tests.actions import contracts
from tests.given import NOW, done, hours
from tests.schema.test_statements import statements

CLOCKS = """slaKpiInstances(first: 8) { nodes {
    kpi state remaining countdown { state hours { start end } } ledger { kind actor { name } }
    policyVersion { policy { name } } } }"""

WHOLE = (
    """query Whole($id: ID!) { case(key: {id: $id}) {
    number customer { name } owner { name } parent { number customer { name } }
    children(first: 8) { nodes { number owner { name } """
    + CLOCKS
    + """ } }
    mergedCases(first: 10) { nodes { number owner { name } } }
    merges(first: 10) { nodes { mergedBy { name } loser { number } moved { kind count } } }
    links(first: 10) { nodes { kind linkedBy { name } other { number customer { name } } } }
    articles(first: 10) { nodes { linkedBy { name } article { title author { name } subject { name } } } }
    queueItem { priority queue { name } worker { name } }
    activities(first: 10) { nodes { subject owner { name } createdBy { name } } }
    attachments(first: 10) { nodes { name url uploader { name } } }
    followers(first: 10) { nodes { person { name } } }
    messages(first: 10) { nodes { body author { name } } }
    entitlement { name customer { name } balances { pool channel remaining } forecast { perDay }
        postings(first: 20) { nodes { kind amount case { number } actor { name } } } }
    """
    + CLOCKS
    + """
    timeline(first: 60) { nodes { __typename occurredAt
        ... on CaseEvent { kind actor { name } }
        ... on Message { body author { name } }
        ... on Activity { subject owner { name } }
        ... on Attachment { name uploader { name } }
        ... on EntitlementPosting { amount actor { name } } } } } }"""
)

LISTS: tuple[str, ...] = (
    "children",
    "mergedCases",
    "merges",
    "links",
    "articles",
    "activities",
    "attachments",
    "followers",
    "messages",
)
LISTS += ("slaKpiInstances", "timeline")
"""What there is more of when a case has grown."""

MORE = 5
BEGUN = ("slaKpiInstances", "timeline", "postings")
"""Lists in which something stood before the case had grown at all."""

CLOCKS_OF_ONE_LEVEL = 1 + 2 + 2 + 2  # clocks; their cases, with histories; versions, policies; who did (two tables)
STATEMENTS = {
    "case, customer, owner, parent and its customer": 1 + 1 + 1 + 2,
    "clocks": CLOCKS_OF_ONE_LEVEL,
    "children, their owners, their clocks": 1 + 1 + CLOCKS_OF_ONE_LEVEL,
    "merged cases, their owners; merges, by whom, of which": 2 + 3,
    "links, by whom, to which, of whom": 4,
    "articles linked, by whom, which, their authors and subjects": 5,
    "queue item, queue, worker": 3,
    "activities, owners, authors": 3,
    "attachments, by whom": 2,
    "followers, who they are": 2,
    "messages, authors (two tables)": 3,
    "entitlement, customer, balances, forecast, postings, their cases, by whom (two tables)": 5 + 1 + 2,
    "timeline (five tables), by whom (two tables), authors (two tables), owners, uploaders, by whom": 5 + 2 + 2 + 3,
}
"""What each relation may take, once for all rows of its level."""


@dataclass(frozen=True)
class Desk:
    """A case with a parent and a queue, and what is needed to let more stand around it."""

    lead: Viewer
    customer: Viewer
    account: Account
    entitlement: Entitlement
    whole: Case

    async def grown(self, rows: int, since: int) -> None:
        """So many more rows of everything a case can have several of, none of them by whom another one is."""
        for number in range(since, since + rows):
            await self._more(number)

    async def _more(self, number: int) -> None:
        whole, by, now = self.whole, self.lead, NOW + timedelta(minutes=number)
        person = await given.person(f"Vera {number}")
        child, loser, other = [await self._case(f"{word} {number}", person) for word in ("Part", "Again", "Like")]
        await done(family.add_child_cases, by=by, now=now, case=whole, children=[child])
        await done(merging.merge_cases, by=by, now=now, case=whole, merged=[loser])
        await done(linking.link_cases, by=by, now=now, case=whole, other=other)
        article: Article = await given.article(f"About {number}", subject=await given.subject(f"Steam {number}"))
        colleague = Viewer(by.tenant_id, Role.ADMIN, person.name, person_id=person.id)
        await done(knowing.link_article, by=colleague, now=now, case=whole, article=article)
        call = await given.activity(f"Call {number}", by=colleague, now=now, case=whole, owner=person)
        await done(doing.complete_activity, by=colleague, now=now, activity=call)
        await given.attachment(f"{number}.png", by=colleague, now=now, case=whole)
        await done(following.follow_case, by=colleague, now=now, case=whole)
        await done(talking.add_comment, by=self.customer, now=now, case=whole, body=f"Well {number}?")
        await done(talking.add_comment, by=colleague, now=now, case=whole, body=f"Yes {number}")

    async def _case(self, title: str, owner: Person) -> Case:
        return await given.case(title, by=self.lead, customer=self.account, owner=owner, entitlement=self.entitlement)


async def desk() -> Desk:
    lead = await given.viewer(Role.ADMIN)
    acme = await given.account()
    customer = await given.viewer(Role.CUSTOMER, contact=await given.contact(account=acme))
    hour = {"amount": 60, "unit": "MINUTES"}
    calendar = str((await given.calendar()).id)
    kpis = ("first_response", "next_response", "resolution")
    gold = await given.sla_policy(
        "Gold", *({"name": kpi, "kpi": kpi, "fail_after": hour, "calendar": calendar} for kpi in kpis)
    )
    await done(promises.set_default_sla_policy, by=lead, policy=gold)
    entitlement = await contracts.contract(100, by=lead, customer=acme)
    whole = await given.case("Whole", by=lead, customer=acme, entitlement=entitlement)
    above = await given.case("Above", by=lead, customer=acme)
    await done(tenant_settings.save_tenant_settings, by=lead, settings={"hierarchy_depth": 2})
    await done(family.add_child_cases, by=lead, case=above, children=[whole])
    await given.queued_case(case=whole)
    await done(queueing.pick_queue_item, by=lead, case=whole)
    return Desk(lead, customer, acme, entitlement, whole)


async def read(place: Desk, *, fast: bool) -> tuple[Any, list[str]]:
    """The case with everything, and the statements that it took."""
    schema = build_schema(Limits(), fast_reads=fast)
    context = Context(place.lead, NOW + hours(1), Limits(), b"the secret of all cursors in tests")
    with statements() as sent:
        result = await schema.execute(WHOLE, variable_values={"id": id_of(place.whole)}, context_value=context)
    assert not result.errors, result.errors
    assert schema.fast_reads is None or not schema.fast_reads.left, schema.fast_reads.left
    assert result.data is not None
    return result.data["case"], sent


def rows_of(case: Any) -> dict[str, int]:
    """How much there is of each thing that there can be several of."""
    postings = case["entitlement"]["postings"]["nodes"]
    return {name: len(case[name]["nodes"]) for name in LISTS} | {"postings": len(postings)}


async def test_a_case_with_all_that_stands_around_it_takes_a_statement_per_relation_and_level(database: Database):
    place = await desk()
    await place.grown(2, since=1)
    case, few = await read(place, fast=True)
    same, few_of_stock = await read(place, fast=False)
    assert case == same

    await place.grown(MORE, since=3)
    grown, many = await read(place, fast=True)
    same, many_of_stock = await read(place, fast=False)
    assert grown == same

    before, after = rows_of(case), rows_of(grown)
    assert all(rows > 1 for rows in before.values()), before
    assert all(after[name] >= 2 * rows for name, rows in before.items() if name not in BEGUN), (before, after)
    assert all(after[name] > before[name] for name in BEGUN), (before, after)
    assert all(grown[name] for name in ("customer", "owner", "parent", "queueItem", "entitlement"))
    # What resolvers look up is gathered over turns of the loop, and on PostgreSQL a turn may have to wait for a
    # connection: the same answer takes a statement or two more or less. A statement for each row would be `MORE`.
    for some, more in ((few, many), (few_of_stock, many_of_stock)):
        assert abs(len(more) - len(some)) < MORE, (some, more)
        assert len(more) <= sum(STATEMENTS.values()), more
