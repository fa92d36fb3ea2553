/** What was typed into a form, kept for this tab until it is saved: leaving the page loses nothing. */

import { useCallback, useState } from "react";

interface Kept<Form> {
  form: Form;
  /** Whether something was typed that is not saved. */
  typed: boolean;
  change: (changed: Partial<Form>) => void;
  forget: () => void;
}

export function useKept<Form extends object>(name: string, saved: Form): Kept<Form> {
  const key = `casegraph.draft.${name}`;
  const [form, setForm] = useState<Form>(() => ({ ...saved, ...read(key) }));
  const change = useCallback(
    (changed: Partial<Form>) =>
      setForm((before) => {
        const after = { ...before, ...changed };
        sessionStorage.setItem(key, JSON.stringify(after));
        return after;
      }),
    [key],
  );
  const forget = useCallback(() => {
    sessionStorage.removeItem(key);
    setForm(saved);
  }, [key, saved]);
  return { form, typed: JSON.stringify(form) !== JSON.stringify(saved), change, forget };
}

function read(key: string): object {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}");
  } catch {
    return {};
  }
}
