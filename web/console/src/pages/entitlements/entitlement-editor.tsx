/** Drafting a contract, blank or from a template; editing a draft; amending what is active already. */

import { Alert, Button, Fieldset, Select, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Save } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { useQuery } from "urql";
import { Link, useLocation } from "wouter";
import {
  AmendEntitlementDocument,
  CreateEntitlementDocument,
  EditEntitlementDocument,
  EntitlementChoicesDocument,
  type EntitlementInFullFragment,
} from "../../gql/graphql";
import { at, type Declined, useAct } from "../../graph/act";
import { ChooseCustomer } from "../../new-case/choose-customer";
import { Refusals } from "../../parts/refusals";
import { blank, changedTerms, fromTemplate, type Named, sentTerms, type Terms, termsOf } from "./terms";
import { TermsFields } from "./terms-fields";
import list from "../../parts/list.module.css";

/** What never changes while it is active: what was granted is counted in it. */
const FIXED: ReadonlySet<keyof Terms> = new Set(["allocation", "decrementOn", "startsOn", "zone", "period"]);
const NONE: ReadonlySet<keyof Terms> = new Set();

interface Props {
  entitlement?: EntitlementInFullFragment;
  customer?: Named | null;
}

export function EntitlementEditor({ entitlement, customer: given = null }: Props) {
  const [, go] = useLocation();
  const create = useAct(CreateEntitlementDocument);
  const edit = useAct(EditEntitlementDocument);
  const amend = useAct(AmendEntitlementDocument);
  const [{ data }] = useQuery({ query: EntitlementChoicesDocument });
  const amends = entitlement !== undefined && entitlement.state !== "DRAFT";
  const [before] = useState<Terms>(() => (entitlement ? termsOf(entitlement) : blank()));
  const [terms, setTerms] = useState<Terms>(before);
  const [name, setName] = useState(entitlement?.name ?? "");
  const [note, setNote] = useState("");
  const [customer, setCustomer] = useState<Named | null>(entitlement?.customer ?? given);
  const [templateId, setTemplateId] = useState<string | null>(null);
  const [policyId, setPolicyId] = useState<string | null>(entitlement?.slaPolicy?.id ?? null);
  const word = amends ? "Amend" : entitlement ? "Edit" : "New entitlement";
  useEffect(() => {
    document.title = `${word} · Casegraph`;
  }, [word]);

  const act = amends ? amend : entitlement ? edit : create;
  const { declined } = act;
  const wrong = (term: string) => saidOf(declined, term);
  const change = (changed: Partial<Terms>) => setTerms((now) => ({ ...now, ...changed }));
  const templates = data?.entitlementTemplates.nodes ?? [];

  function take(id: string | null) {
    const template = templates.find((one) => one.id === id);
    setTemplateId(id);
    if (!template) return;
    setTerms((now) => fromTemplate(template.terms, now));
    if (!name.trim()) setName(template.name);
    if (template.slaPolicy) setPolicyId(template.slaPolicy.id);
  }

  async function send(event: FormEvent) {
    event.preventDefault();
    const done = await said();
    if (!done?.entitlement) return;
    notifications.show({ color: "green", message: `${done.entitlement.name} is ${amends ? "amended, from now on" : entitlement ? "saved" : "drafted: it grants nothing before it is activated"}.` });
    go(`/entitlements/${done.entitlement.id}`);
  }

  function said() {
    if (!entitlement) {
      const promised = policyId ? { slaPolicyId: policyId } : {};
      return create.run({ name, customerId: customer?.id ?? "", ...(templateId ? { templateId } : {}), ...promised, terms: sentTerms(terms) });
    }
    const changed = changedTerms(before, terms);
    const promised = policyId === (entitlement.slaPolicy?.id ?? null) ? {} : { slaPolicyId: policyId };
    if (amends) return amend.run({ entitlementId: entitlement.id, terms: changed, ...promised, ...(note ? { note } : {}) });
    return edit.run({ entitlementId: entitlement.id, name, terms: changed, ...promised });
  }

  const policies = [...(data?.slaPolicies.nodes ?? [])];
  const own = entitlement?.slaPolicy;
  if (own && !policies.some((one) => one.id === own.id)) policies.push(own);
  const products = data?.products.nodes ?? [];
  const listed = [...products, ...(entitlement?.products ?? []).filter((one) => !products.some(({ id }) => id === one.id))];
  return (
    <div className={list.page}>
      <div className={list.head}>
        <div className={list.name}>
          <Title order={1}>{entitlement ? `${word} ${entitlement.name}` : word}</Title>
          <Text size="sm" c="dimmed">
            {amends
              ? "Other terms hold from now on, and what they were stays known."
              : "It is a draft, and grants nothing, until it is activated."}
          </Text>
        </div>
      </div>
      <form onSubmit={send} className={`panel ${list.box} ${list.form}`} aria-label="Entitlement" noValidate>
        {amends ? (
          <TextInput label="Why" value={note} maxLength={500} onChange={(event) => setNote(event.currentTarget.value)} error={at(declined, "note")} />
        ) : (
          <Fieldset legend="Whose it is">
            <div className={list.pair}>
              {!entitlement && (
                <>
                  <ChooseCustomer
                    value={customer}
                    onChange={(next) => {
                      setCustomer(next);
                      change({ contacts: [] });
                    }}
                    error={at(declined, "customerId") && (customer ? at(declined, "customerId") : "Say whose it is.")}
                  />
                  <Select
                    label="Template"
                    placeholder="Blank"
                    data={templates.map((one) => ({ value: one.id, label: one.name }))}
                    value={templateId}
                    onChange={take}
                    description={templates.find((one) => one.id === templateId)?.description}
                    inputWrapperOrder={["label", "input", "description", "error"]}
                    clearable
                    clearButtonProps={{ "aria-label": "No template" }}
                    error={at(declined, "templateId")}
                  />
                </>
              )}
              <TextInput label="Name" withAsterisk maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} error={at(declined, "name")} />
              <Policy policies={policies} value={policyId} change={setPolicyId} error={at(declined, "slaPolicyId")} />
            </div>
          </Fieldset>
        )}
        <TermsFields
          terms={terms}
          change={change}
          wrong={wrong}
          products={listed}
          accountId={customer && isCompany(customer.id) ? customer.id : null}
          fixed={amends ? FIXED : NONE}
        />
        {amends && <Policy policies={policies} value={policyId} change={setPolicyId} error={at(declined, "slaPolicyId")} />}
        <Refusals of={declined.filter((one) => !isShown(one, terms, Boolean(customer && isCompany(customer.id))))} />
        {amends && Object.keys(changedTerms(before, terms)).length === 0 && policyId === (entitlement?.slaPolicy?.id ?? null) && (
          <Alert color="gray" variant="outline">
            No term is another yet.
          </Alert>
        )}
        <div className={list.foot}>
          <Button component={Link} href={entitlement ? `/entitlements/${entitlement.id}` : "/entitlements"} variant="default">
            Leave
          </Button>
          <Button type="submit" leftSection={<Save size={15} aria-hidden />} loading={act.busy}>
            {amends ? "Amend" : entitlement ? "Save" : "Save as a draft"}
          </Button>
        </div>
      </form>
    </div>
  );
}

function Policy({ policies, value, change, error }: { policies: Named[]; value: string | null; change: (id: string | null) => void; error: string | undefined }) {
  return (
    <Select
      label="Promises"
      placeholder="Those of everybody"
      data={policies.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={change}
      clearable
      clearButtonProps={{ "aria-label": "The promises of everybody" }}
      error={error}
    />
  );
}

/** Ids bear the name of their type. */
function isCompany(id: string): boolean {
  return atob(id.replaceAll("-", "+").replaceAll("_", "/")).startsWith("Account:");
}

function saidOf(declined: Declined[], term: string): string | undefined {
  return declined.find((one) => one.path?.[1] === "terms" && one.path[2] === term)?.message;
}

/** Whether the form has a place for what was declined. */
function isShown(one: Declined, terms: Terms, company: boolean): boolean {
  const [, first, term] = one.path ?? [];
  if (first !== "terms") return ["name", "customerId", "templateId", "slaPolicyId", "note"].includes(first ?? "");
  if (term === undefined) return false;
  if (["allocation", "decrementOn", "startsOn", "endsOn", "zone", "productIds"].includes(term)) return true;
  if (term === "contactIds") return company;
  if (["afterHoursPercent", "percentByProduct"].includes(term)) return terms.allocation === "HOURS";
  if (terms.allocation === "COVERAGE") return false;
  if (term === "rollsOver") return terms.period !== "ONCE";
  if (term === "rollOverLimit") return terms.period !== "ONCE" && terms.rollsOver;
  return ["total", "totalByChannel", "restrict", "overage", "period"].includes(term);
}
