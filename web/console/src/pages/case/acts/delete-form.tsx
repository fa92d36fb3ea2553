/** Deleting a case, for those who lead. */

import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useLocation } from "wouter";
import { DeleteCaseDocument } from "../../../gql/graphql";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

export function DeleteForm({ close }: FormProps) {
  const { case: one } = useShown();
  const [, go] = useLocation();
  const act = useCaseAct(DeleteCaseDocument);
  async function send() {
    const done = await act.run({});
    if (!done) return null;
    notifications.show({ color: "green", message: `${one.number} is deleted.` });
    go("/cases");
    return done;
  }
  return (
    <ActForm act={act} word="Delete it" color="red" send={send} close={close}>
      <Text size="sm">
        {one.number} “{one.title}” will exist for nobody any more. This cannot be taken back here.
      </Text>
    </ActForm>
  );
}
