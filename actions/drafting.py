"""Drafting contracts: terms from a client and a template, and whether the customer can have them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from actions.hours import zone_of
from actions.signature import Spelled
from actions.terms import MANDATORY, read_said, read_stored, stored, under
from cases import rules
from cases.conditions import All, Compare, Op
from cases.refusals import BadInput, Duplicate, Unknown
from cases.viewer import Viewer
from entitlements.rules import problems, scope_problems
from entitlements.terms import Terms
from models.catalogue import Product
from models.customers import Contact
from models.entitlements import EntitlementTemplate
from models.reading import by_ids, exists
from models.sla import SlaPolicy
from models.visibility import visible

YEAR: Final = relativedelta(years=1, days=-1)


async def save_entitlement_template(
    name: str,
    terms: Annotated[dict[str, Any], Spelled("EntitlementTermsInput")],
    description: str = "",
    sla_policy: SlaPolicy | None = None,
    template: EntitlementTemplate | None = None,
    *,
    actor: Viewer,
    now: datetime,
) -> EntitlementTemplate:
    """Saves terms from which entitlements are made: a new template, or all of an existing one anew.

    Dates may be left for the entitlement to say. Entitlements made from it before stay as they are.
    """
    rules.refuse(rules.text(name, 200, ("name",), required=True), rules.text(description, 2000, ("description",)))
    with under("terms"):
        said = read_said(terms)
        if said.get("contact_ids"):
            raise BadInput("A template is for any customer, so that it lists no contacts.", path=("contact_ids",))
        today = now.astimezone(ZoneInfo(await zone_of(actor.tenant_id, None))).date()
        starts_on = said.get("starts_on", today)
        _refuse(Terms(**_whole({"starts_on": starts_on, "ends_on": starts_on + YEAR, "zone": "UTC", **said})))
    await _refuse_strangers(terms, actor)
    saved = template or EntitlementTemplate(tenant_id=actor.tenant_id, created_at=now)
    same = (Compare("tenant_id", Op.EQ, actor.tenant_id), Compare("name", Op.EQ, name))
    if await exists(EntitlementTemplate, All((*same, Compare("id", Op.NIN, (saved.id,))))):
        raise Duplicate("There is a template with this name already.", path=("name",))
    saved.name, saved.description, saved.terms = name, description, stored(said)
    saved.sla_policy_id = sla_policy.id if sla_policy else None
    await saved.save(force_create=template is None)
    return saved


async def drafted(
    said: Mapping[str, Any], of_template: Mapping[str, Any], sla_policy_id: UUID | None, actor: Viewer
) -> Terms:
    """The terms of a new entitlement. Raises what is wrong with them, all of it at once."""
    with under("terms"):
        zone = {"zone": await zone_of(actor.tenant_id, sla_policy_id)}
        terms = Terms(**_whole(zone | read_stored(of_template) | read_said(said)))
        _refuse(terms)
    return terms


async def checked_scope(
    said: Mapping[str, Any], terms: Terms | None, account_id: UUID | None, contact_id: UUID | None, actor: Viewer
) -> None:
    """Raises Unknown for products and contacts that are not there, BadInput for those that a contract cannot have."""
    contacts = await _rows(Contact, "contact_ids", said, actor)
    products = await _rows(Product, "product_ids", said, actor)
    await _refuse_strangers(said, actor)
    with under("terms", beside=("customer",)):
        rules.refuse(
            scope_problems(
                account_id=account_id,
                contact_id=contact_id,
                contacts=contacts,
                products={product.id: product for product in products},
            )
        )


async def _refuse_strangers(said: Mapping[str, Any], actor: Viewer) -> None:
    """Raises Unknown for a product with a rate of its own that is not there."""
    rated = [rate["product"] for rate in said.get("percent_by_product") or ()]
    await _rows(Product, "percent_by_product", {"percent_by_product": rated}, actor)
    await _rows(Product, "product_ids", said, actor)


async def _rows(model: Any, name: str, said: Mapping[str, Any], actor: Viewer) -> Sequence[Any]:
    """The rows that a list of keys names, in its order."""
    keys = [_key(each) for each in said.get(name) or ()]
    found = await by_ids(model, [key for key in keys if key], visible(model, actor))
    for number, key in enumerate(keys):
        if key not in found:
            raise Unknown(path=("terms", name, number))
    return [found[key] for key in keys]


def _key(text: Any) -> UUID | None:
    try:
        return text if isinstance(text, UUID) else UUID(text)
    except ValueError:
        return None


def _whole(said: Mapping[str, Any]) -> dict[str, Any]:
    """Terms with all that they cannot do without. Raises BadInput, or Several, for what is missing."""
    rules.refuse(BadInput("Please say this.", path=(name,)) for name in MANDATORY if said.get(name) is None)
    return dict(said)


def _refuse(terms: Terms) -> None:
    rules.refuse(problems(terms))
