"""The lists that people have on their screens, as documents: what growth is measured by, and whose plans are tested."""

from string import Template
from typing import Final
from uuid import UUID

from bench.nested.pages import PAGE
from bench.nested.rows import House
from schema.ids import public_id

NODES: Final = "nodes { id number title status owner { name } } pageInfo { endCursor hasNextPage }"
URGENT: Final = "[{priority: DESC}, {createdAt: ASC}]"
"""As the console orders cases that are to be worked on."""


def _cases(arguments: str = "") -> str:
    return f"{{ cases(first: 50{arguments and ', '}{arguments}) {{ {NODES} }} }}"


def _of_queue(items: str) -> str:
    return f'{{ queue(id: "$queue") {{ {items} {{ nodes {{ priority enteredAt case {{ number }} }} }} }} }}'


LISTS: Final[dict[str, str]] = {
    "the reference page": PAGE,
    "cases, newest first": _cases(),
    "cases, by last change": _cases("orderBy: [{updatedAt: DESC}]"),
    "cases, by priority": _cases("orderBy: [{priority: DESC}]"),
    "cases, most urgent first": _cases(f"orderBy: {URGENT}"),
    "cases, by deadline": _cases("orderBy: [{deadline: ASC}]"),
    "cases, by deadline, latest first": _cases("orderBy: [{deadline: DESC}]"),
    "cases, by follow-up": _cases("orderBy: [{followUpAt: ASC}]"),
    "cases, oldest page (last: 50)": f"{{ cases(last: 50) {{ {NODES} }} }}",
    "active, newest first": _cases("where: {status: {eq: ACTIVE}}"),
    "active, most urgent first": _cases(f"where: {{status: {{eq: ACTIVE}}}}, orderBy: {URGENT}"),
    "active, by last change": _cases("where: {status: {eq: ACTIVE}}, orderBy: [{updatedAt: DESC}]"),
    "active, by deadline": _cases("where: {status: {eq: ACTIVE}}, orderBy: [{deadline: ASC}]"),
    "of an owner": _cases('where: {ownerId: {eq: "$owner"}}'),
    "of an owner, active, most urgent": _cases(
        f'where: {{ownerId: {{eq: "$owner"}}, status: {{eq: ACTIVE}}}}, orderBy: {URGENT}'
    ),
    "of a team": _cases('where: {teamId: {eq: "$team"}}'),
    "of a team, active, most urgent": _cases(
        f'where: {{teamId: {{eq: "$team"}}, status: {{eq: ACTIVE}}}}, orderBy: {URGENT}'
    ),
    "of an account": _cases('where: {accountId: {eq: "$account"}}'),
    "of a contact": _cases('where: {contactId: {eq: "$contact"}}'),
    "nobody's": _cases("where: {ownerId: {isNull: true}}"),
    "nobody's, active, most urgent": _cases(
        f"where: {{ownerId: {{isNull: true}}, status: {{eq: ACTIVE}}}}, orderBy: {URGENT}"
    ),
    "escalated": _cases("where: {escalatedAt: {isNull: false}}"),
    "my active cases": _cases("view: {builtIn: MY_ACTIVE_CASES}"),
    "available in my queues": _cases("view: {builtIn: AVAILABLE_IN_MY_QUEUES}"),
    "running clocks, by what falls due": """{ slaKpiInstances(first: 50, orderBy: [{failAt: ASC}],
        where: {state: {eq: IN_PROGRESS}}) { nodes { kpi failAt case { number } } } }""",
    "clocks, by what falls due": """{ slaKpiInstances(first: 50, orderBy: [{failAt: ASC}]) {
        nodes { kpi failAt } } }""",
    "a queue's items": _of_queue("items(first: 50)"),
    "a queue's items, as the console asks": _of_queue(
        "items(first: 50, orderBy: [{priority: DESC}, {enteredAt: ASC}])"
    ),
    "a queue's available items": _of_queue("available(first: 50)"),
    "items of all queues": "{ queueItems(first: 50) { nodes { priority enteredAt } } }",
    "waiting in all queues": """{ queueItems(first: 50, where: {state: {eq: AVAILABLE}}) {
        nodes { priority enteredAt } } }""",
    "timeline of a case": """{ case(key: {id: "$case"}) { timeline(first: 30, direction: NEWEST_FIRST) {
        nodes { __typename id occurredAt } } } }""",
    "messages of a case": """{ case(key: {id: "$case"}) { messages(first: 50) { nodes { body createdAt } } } }""",
    "notifications of a person": "{ notifications(first: 50) { nodes { kind createdAt case { number } } } }",
    "unread notifications": "{ notifications(first: 50, unreadOnly: true) { nodes { kind createdAt } } }",
    "customers, by name": "{ customers(first: 50, orderBy: [{name: ASC}]) { nodes { name } } }",
    "contacts, by name": "{ contacts(first: 50, orderBy: [{name: ASC}]) { nodes { name } } }",
    "articles, by title": "{ articles(first: 50, orderBy: [{title: ASC}]) { nodes { number title } } }",
    "search of a word that few have": '{ search(text: "symptom0007", first: 20) { hasMore hits { __typename } } }',
}
"""By name; `$owner` and the like stand for the ids of some in the house."""

SECOND_PAGES: Final = (
    "cases, newest first",
    "cases, by deadline",
    "cases, by deadline, latest first",
    "active, most urgent first",
)
"""Lists of cases of which the page behind the first is asked for too."""


def page_behind(text: str, cursor: str) -> str:
    """The document of the page that begins behind a cursor."""
    return text.replace("cases(", f'cases(after: "{cursor}", ')


def document(text: str, house: House) -> str:
    """The list of some owner, team, customer, queue and case of the house."""

    def some(type_name: str, keys: list[UUID]) -> str:
        return public_id(type_name, keys[0])

    return Template(text).substitute(
        owner=some("Person", house.people),
        team=some("Team", house.teams),
        account=some("Account", house.accounts),
        contact=some("Contact", house.contacts),
        queue=some("Queue", house.queues),
        case=some("Case", house.cases),
    )
