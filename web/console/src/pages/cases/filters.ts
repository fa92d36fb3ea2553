/** What the list shows, as it stands in the address: a list can be sent to a colleague, and "back" goes back. */

import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";
import type { BuiltInView, CaseOrder, CaseStatus, CaseWhere, Priority, ViewKey } from "../../gql/graphql";

export const PAGE = 50;

export const BUILT_IN: Record<BuiltInView, string> = {
  MY_ACTIVE_CASES: "My active cases",
  AVAILABLE_IN_MY_QUEUES: "Available in my queues",
  UNASSIGNED_IN_MY_TEAMS: "Unassigned in my teams",
  FOLLOWED_BY_ME: "Followed by me",
  MY_RESOLVED_CASES: "My resolved cases",
};

export const SORTS: Record<string, { word: string; order: CaseOrder[] }> = {
  priority: { word: "Most urgent first", order: [{ priority: "DESC" }, { createdAt: "ASC" }] },
  updated: { word: "Last changed first", order: [{ updatedAt: "DESC" }] },
  newest: { word: "Newest first", order: [{ createdAt: "DESC" }] },
  oldest: { word: "Oldest first", order: [{ createdAt: "ASC" }] },
  deadline: { word: "By deadline", order: [{ deadline: "ASC" }] },
};

export const NOBODY = "nobody";

export interface Filters {
  view: string;
  status: CaseStatus[];
  priority: Priority[];
  owner: string;
  team: string;
  text: string;
  sort: string;
}

export function useFilters(): [Filters, (change: Partial<Filters>) => void] {
  const [said, setSaid] = useSearchParams();
  const filters = useMemo<Filters>(() => {
    const view = said.get("view") ?? "";
    return {
      view,
      status: list(said.get("status") ?? (view ? null : "ACTIVE")) as CaseStatus[],
      priority: list(said.get("priority")) as Priority[],
      owner: said.get("owner") ?? "",
      team: said.get("team") ?? "",
      text: said.get("text") ?? "",
      sort: said.get("sort") ?? (view ? "" : "priority"),
    };
  }, [said]);
  const change = useCallback(
    (changed: Partial<Filters>) =>
      setSaid(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changed)) {
            const text = Array.isArray(value) ? value.join(",") : value;
            if (text || name === "status") after.set(name, text || "any");
            else after.delete(name);
          }
          return after;
        },
        { replace: "text" in changed },
      ),
    [setSaid],
  );
  return [filters, change];
}

export interface Asked {
  where: CaseWhere | null;
  orderBy: CaseOrder[] | null;
  search: string | null;
  view: ViewKey | null;
}

/** The filters as the API takes them. A search without an ordering comes best first. */
export function asked(filters: Filters): Asked {
  const where: CaseWhere = {
    ...(filters.status.length ? { status: { in: filters.status } } : {}),
    ...(filters.priority.length ? { priority: { in: filters.priority } } : {}),
    ...(filters.owner ? { ownerId: filters.owner === NOBODY ? { isNull: true } : { eq: filters.owner } } : {}),
    ...(filters.team ? { teamId: { eq: filters.team } } : {}),
  };
  const search = filters.text.trim() || null;
  return {
    where: Object.keys(where).length ? where : null,
    orderBy: SORTS[filters.sort]?.order ?? null,
    search,
    view: filters.view in BUILT_IN ? { builtIn: filters.view as BuiltInView } : filters.view ? { id: filters.view } : null,
  };
}

function list(text: string | null): string[] {
  return text && text !== "any" ? text.split(",") : [];
}
