/** Whether the address says that a case is being opened. */

import { useCallback } from "react";
import { useSearchParams } from "wouter";

export function useNewCase(): [boolean, (open: boolean) => void] {
  const [said, setSaid] = useSearchParams();
  const set = useCallback(
    (open: boolean) =>
      setSaid((before) => {
        const after = new URLSearchParams(before);
        if (open) after.set("new", "case");
        else after.delete("new");
        return after;
      }),
    [setSaid],
  );
  return [said.get("new") === "case", set];
}
