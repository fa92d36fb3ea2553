/**
 * Doing something: one mutation, sent so that a retry has its effect once, and what was declined of it.
 *
 * The same input gets the same idempotency key until it was answered, whatever happens to the network in between.
 */

import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useCallback, useRef, useState } from "react";
import { useClient } from "urql";
import type { DeclinedFragment } from "../gql/graphql";
import { codeOf } from "./client";

export type Declined = DeclinedFragment;

type Asked = { input: { idempotencyKey?: string | null | undefined } };
type Payload<Data> = { [Key in keyof Data]: Data[Key] }[keyof Data];

const UNREACHABLE = "The server cannot be reached. What you typed is still here; please try again.";

export interface Act<Data, Input> {
  /** The payload, or null if it was declined; `declined` says why. */
  run: (input: Omit<Input, "idempotencyKey">) => Promise<Payload<Data> | null>;
  busy: boolean;
  declined: Declined[];
  forget: () => void;
}

export function useAct<Data extends object, Variables extends Asked>(
  document: TypedDocumentNode<Data, Variables>,
): Act<Data, Variables["input"]> {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [declined, setDeclined] = useState<Declined[]>([]);
  const unanswered = useRef<{ said: string; key: string } | null>(null);

  const run = useCallback(
    async (input: Omit<Variables["input"], "idempotencyKey">): Promise<Payload<Data> | null> => {
      const said = JSON.stringify(input);
      if (unanswered.current?.said !== said) unanswered.current = { said, key: crypto.randomUUID() };
      const variables = { input: { ...input, idempotencyKey: unanswered.current.key } } as unknown as Variables;
      setBusy(true);
      const answer = await client.mutation(document, variables).toPromise();
      setBusy(false);
      if (answer.error || !answer.data) {
        const message = answer.error?.networkError ? UNREACHABLE : (answer.error?.graphQLErrors[0]?.message ?? UNREACHABLE);
        const code = answer.error && codeOf(answer.error) !== "NETWORK" ? codeOf(answer.error) : "RETRY_LATER";
        setDeclined([{ __typename: "RetryLater", code, message, path: null } as Declined]);
        return null;
      }
      unanswered.current = null;
      const payload = Object.values(answer.data)[0] as Payload<Data> & { userErrors: Declined[] };
      setDeclined(payload.userErrors);
      return payload.userErrors.length ? null : payload;
    },
    [client, document],
  );
  return { run, busy, declined, forget: useCallback(() => setDeclined([]), []) };
}

/** What of an input was said: fields that were left empty are left out. */
export function filled<Input extends object>(input: Input): { [Key in keyof Input]?: NonNullable<Input[Key]> } & Input {
  const said = Object.entries(input).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return Object.fromEntries(said) as { [Key in keyof Input]?: NonNullable<Input[Key]> } & Input;
}

/** What was declined of one field of the input, as a sentence. */
export function at(declined: Declined[], field: string): string | undefined {
  return declined.find((one) => one.path?.[1] === field || one.path?.[0] === field)?.message;
}

/** What was declined of no field that a form shows. */
export function elsewhere(declined: Declined[], fields: string[]): Declined[] {
  return declined.filter((one) => !fields.some((field) => one.path?.[1] === field || one.path?.[0] === field));
}
