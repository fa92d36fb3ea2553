/** What was typed of a case that is not opened yet. Kept for this tab, so that closing the drawer loses nothing. */

import { useCallback, useState } from "react";
import type { Origin, Priority } from "../gql/graphql";

export interface Draft {
  title: string;
  description: string;
  customer: { id: string; name: string } | null;
  priority: Priority;
  origin: Origin;
  typeId: string | null;
  subjectId: string | null;
  productId: string | null;
  route: boolean;
}

const KEPT = "casegraph.draft.case";

export const EMPTY: Draft = {
  title: "",
  description: "",
  customer: null,
  priority: "MEDIUM",
  origin: "VOICE",
  typeId: null,
  subjectId: null,
  productId: null,
  route: true,
};

export function useDraft(): [Draft, (change: Partial<Draft>) => void, () => void] {
  const [draft, setDraft] = useState<Draft>(kept);
  const change = useCallback((changed: Partial<Draft>) => {
    setDraft((before) => {
      const after = { ...before, ...changed };
      sessionStorage.setItem(KEPT, JSON.stringify(after));
      return after;
    });
  }, []);
  const forget = useCallback(() => {
    sessionStorage.removeItem(KEPT);
    setDraft(EMPTY);
  }, []);
  return [draft, change, forget];
}

export function isTyped(draft: Draft): boolean {
  return Boolean(draft.title || draft.description || draft.customer);
}

function kept(): Draft {
  try {
    return { ...EMPTY, ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return EMPTY;
  }
}
