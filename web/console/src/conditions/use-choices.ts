/** The rows that conditions and rules can name, and the names of those that they name already. */

import { useCallback, useMemo } from "react";
import { useQuery } from "urql";
import { ConditionChoicesDocument, NamesOfDocument } from "../gql/graphql";
import { useSession } from "../session/viewer";
import type { RowKind } from "./fields";

export interface Choice {
  value: string;
  label: string;
}

export type Choices = Record<Exclude<RowKind, "customer"> | "queue" | "policy", Choice[]>;

export interface Known {
  choices: Choices;
  nameOf: (id: string) => string;
}

/** `named` are the ids that are named already: of rows that are not offered any more the names are asked for. */
export function useChoices(named: string[]): Known {
  const { people, teams, queues } = useSession();
  const [{ data }] = useQuery({ query: ConditionChoicesDocument });
  const choices = useMemo<Choices>(() => {
    const plain = (rows: { id: string; name: string }[] | undefined) => (rows ?? []).map(({ id, name }) => ({ value: id, label: name }));
    return {
      person: plain(people),
      team: plain(teams),
      queue: plain(queues),
      type: plain(data?.caseTypes.nodes),
      subject: (data?.subjects.nodes ?? []).map(({ id, name, parent }) => ({ value: id, label: parent ? `${parent.name}: ${name}` : name })),
      product: plain(data?.products.nodes),
      policy: plain(data?.slaPolicies.nodes.filter((one) => one.active)),
    };
  }, [people, teams, queues, data]);
  const offered = useMemo(() => new Map(Object.values(choices).flatMap((list) => list.map(({ value, label }) => [value, label] as const))), [choices]);
  const missing = data ? [...new Set(named)].filter((id) => !offered.has(id)).slice(0, 100) : [];
  const [{ data: further }] = useQuery({ query: NamesOfDocument, variables: { ids: missing }, pause: missing.length === 0 });
  const names = useMemo(() => {
    const found = (further?.nodes ?? []).flatMap((node) => (node && "name" in node ? [[node.id, node.name] as const] : []));
    return new Map([...offered, ...found]);
  }, [offered, further]);
  const nameOf = useCallback((id: string) => names.get(id) ?? "…", [names]);
  return { choices, nameOf };
}
