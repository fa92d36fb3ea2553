/** Giving a case to another customer. The entitlement of the old one does not go along. */

import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { ChangeCustomerDocument } from "../../../gql/graphql";
import { at } from "../../../graph/act";
import { ChooseCustomer } from "../../../new-case/choose-customer";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

export function CustomerForm({ close }: FormProps) {
  const { case: one } = useShown();
  const act = useCaseAct(ChangeCustomerDocument);
  const [customer, setCustomer] = useState<{ id: string; name: string } | null>(null);

  async function send() {
    const done = customer && (await act.run({ customerId: customer.id }));
    if (done) {
      const left = done.removedEntitlement ? ` “${done.removedEntitlement.name}” stays behind.` : "";
      notifications.show({ color: "green", message: `${one.number} is a case of ${customer.name}.${left}` });
    }
    return done;
  }
  return (
    <ActForm act={act} fields={["customerId", "contactId"]} word="Give it to them" ready={customer !== null} send={send} close={close}>
      <Text size="sm" c="dimmed">
        It is a case of {one.customer?.name ?? "nobody"} now{one.entitlement ? `, on “${one.entitlement.name}”` : ""}.
      </Text>
      <ChooseCustomer
        value={customer}
        onChange={setCustomer}
        error={at(act.declined, "customerId") ?? at(act.declined, "contactId")}
      />
    </ActForm>
  );
}
