/** Which entitlement a case is on: those of its customer, and why some of them do not fit. */

import { Button, Group, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { ApplyEntitlementDocument, FittingEntitlementsDocument, RemoveEntitlementDocument } from "../../../gql/graphql";
import { at } from "../../../graph/act";
import { Failure } from "../../../parts/failure";
import { sentence } from "../../../words/labels";
import { dayOf } from "../../../words/times";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

export function EntitlementForm({ close }: FormProps) {
  const { case: one } = useShown();
  const apply = useCaseAct(ApplyEntitlementDocument);
  const remove = useCaseAct(RemoveEntitlementDocument);
  const [chosen, setChosen] = useState<string | null>(one.entitlement?.id ?? null);
  const contactId = one.contact && one.contact.id !== one.customer?.id ? one.contact.id : null;
  const [{ data, error }, again] = useQuery({
    query: FittingEntitlementsDocument,
    variables: { customerId: one.customer?.id ?? "", contactId, productId: one.product?.id ?? null, channel: one.origin },
    pause: !one.customer,
    requestPolicy: "network-only",
  });
  if (error) return <Failure error={error} retry={again} />;
  if (one.customer && !data) return <Skeleton h={120} />;
  const fits = data?.entitlementsFor ?? [];

  async function takeAway() {
    if (await remove.run({})) close();
  }
  const both = { busy: apply.busy, declined: [...apply.declined, ...remove.declined] };
  return (
    <ActForm
      act={both}
      fields={["entitlementId"]}
      word="Apply it"
      ready={chosen !== null && chosen !== one.entitlement?.id}
      send={async () => chosen && (await apply.run({ entitlementId: chosen }))}
      close={close}
    >
      {fits.length === 0 && (
        <Text size="sm" c="dimmed">
          {one.customer ? `${one.customer.name} has no entitlement.` : "The case has no customer."}
        </Text>
      )}
      <Radio.Group
        aria-label="Entitlements of the customer"
        value={chosen ?? ""}
        onChange={setChosen}
        error={at(apply.declined, "entitlementId")}
      >
        <Stack gap={10}>
          {fits.map(({ entitlement, eligible, reasons }) => (
            <Radio
              key={entitlement.id}
              value={entitlement.id}
              label={entitlement.name}
              disabled={!eligible && entitlement.id !== one.entitlement?.id}
              description={
                entitlement.id === one.entitlement?.id
                  ? "The case is on it"
                  : eligible
                    ? [
                        `${sentence(entitlement.allocation)} until ${dayOf(entitlement.endsOn)}`,
                        entitlement.slaPolicy ? `brings “${entitlement.slaPolicy.name}”` : null,
                        entitlement.isDefault ? "the default" : null,
                      ]
                        .filter(Boolean)
                        .join(" · ")
                    : reasons.map((one_) => one_.message).join(" ")
              }
            />
          ))}
        </Stack>
      </Radio.Group>
      {one.entitlement && (
        <Group justify="flex-end">
          <Button variant="subtle" color="red" loading={remove.busy} onClick={takeAway}>
            Take the entitlement away
          </Button>
        </Group>
      )}
    </ActForm>
  );
}
