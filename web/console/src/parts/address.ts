/** What a list shows, as it stands in the address: it can be sent to a colleague, and "back" goes back. */

import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

/** The named parts of the address, empty where nothing is said; and a way to say others. Typed text leaves no trace to go back to. */
export function useAddress<Name extends string>(names: readonly Name[]): [Record<Name, string>, (changed: Partial<Record<Name, string>>) => void] {
  const [said, setSaid] = useSearchParams();
  const values = useMemo(
    () => Object.fromEntries(names.map((name) => [name, said.get(name) ?? ""])) as Record<Name, string>,
    [said, names],
  );
  const change = useCallback(
    (changed: Partial<Record<Name, string>>) =>
      setSaid(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries<string | undefined>(changed)) {
            if (value) after.set(name, value);
            else after.delete(name);
          }
          return after;
        },
        { replace: "text" in changed },
      ),
    [setSaid],
  );
  return [values, change];
}
