/**
 * How much waits, as colleagues pick and customers ask: counted anew when one comes back to the console, goes to another
 * page of it, or has looked at it for a minute. That costs a small query now and then, whatever happens in the queues.
 */

import { useEffect, useRef } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { CountsDocument, type CountsQuery } from "../gql/graphql";

const AGAIN = 60_000;
const SOONEST = 15_000;

export function useCounts(pause: boolean): CountsQuery | undefined {
  const [{ data }, count] = useQuery({ query: CountsDocument, pause: true });
  const [path] = useLocation();
  const last = useRef(Date.now());
  const counted = useRef(() => undefined as void);
  counted.current = () => {
    if (pause || document.hidden || Date.now() - last.current < SOONEST) return;
    last.current = Date.now();
    count({ requestPolicy: "network-only" });
  };
  useEffect(() => counted.current(), [path]);
  useEffect(() => {
    const again = () => counted.current();
    const every = setInterval(again, AGAIN);
    document.addEventListener("visibilitychange", again);
    window.addEventListener("focus", again);
    return () => {
      clearInterval(every);
      document.removeEventListener("visibilitychange", again);
      window.removeEventListener("focus", again);
    };
  }, []);
  return data;
}
