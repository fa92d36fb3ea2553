/** Which form is open over the case. Any part of the page may ask for one. */

import { createContext, useContext } from "react";

export type Asked =
  | "edit"
  | "wait"
  | "stage"
  | "escalate"
  | "urge"
  | "response"
  | "split"
  | "child"
  | "merge"
  | "queue"
  | "customer"
  | "entitlement"
  | "decrement"
  | "promises"
  | "delete";

export const Asking = createContext<(asked: Asked) => void>(() => undefined);

export function useAsk(): (asked: Asked) => void {
  return useContext(Asking);
}
