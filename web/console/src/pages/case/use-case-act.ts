/** Acts on the case that is shown: they say which version of it was seen, and show the present one if it was another. */

import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { notifications } from "@mantine/notifications";
import { createContext, useContext } from "react";
import type { CaseInFullFragment } from "../../gql/graphql";
import { type Act, type Declined, useAct } from "../../graph/act";
import { sentence } from "../../words/labels";

export type Case = CaseInFullFragment;

export const Shown = createContext<{ case: Case; refresh: () => void } | null>(null);

export function useShown() {
  const shown = useContext(Shown);
  if (!shown) throw new Error("No case is shown here.");
  return shown;
}

type OnCase = { input: { caseId: string; expectedVersion?: number | null | undefined; idempotencyKey?: string | null | undefined } };
type Rest<Variables extends OnCase> = Omit<Variables["input"], "caseId" | "expectedVersion" | "idempotencyKey">;

export interface CaseAct<Data, Input> extends Omit<Act<Data, Input>, "run"> {
  run: (input: Input) => ReturnType<Act<Data, Input>["run"]>;
}

export function useCaseAct<Data extends object, Variables extends OnCase>(
  document: TypedDocumentNode<Data, Variables>,
): CaseAct<Data, Rest<Variables>> {
  const { case: one, refresh } = useShown();
  const act = useAct(document);
  return {
    ...act,
    run: async (input) => {
      const said = { ...input, caseId: one.id, expectedVersion: one.version } as unknown as Omit<
        Variables["input"],
        "idempotencyKey"
      >;
      const payload = await act.run(said);
      if (payload === null) refresh();
      return payload;
    },
  };
}

/** What is said of a refusal where no form can show it. */
export function tell(declined: Declined[]): void {
  for (const one of declined) {
    notifications.show({ color: "red", title: titleOf(one), message: meant(one), autoClose: 8000 });
  }
}

export function meant(one: Declined): string {
  if (one.__typename !== "VersionConflict") return one.message;
  const fields = [...new Set(one.changes.flatMap((change) => change.fields))].map((name) => sentence(name).toLowerCase());
  const what = fields.length ? ` (${fields.slice(0, 4).join(", ")})` : "";
  return `Somebody changed this case meanwhile${what}. You see it as it is now; please look again, then repeat.`;
}

function titleOf(one: Declined): string {
  return one.code === "VERSION_CONFLICT" ? "Changed meanwhile" : one.code === "RETRY_LATER" ? "Not done" : "Declined";
}
