/** News over the socket: each tells that what is shown is not what is there any more, and it is asked for once. */

import { useEffect, useRef } from "react";
import { useSubscription } from "urql";
import { CaseLiveDocument, CasesLiveDocument, QueueLiveDocument } from "../gql/graphql";

const SETTLED = 400; // an act of one's own is shown by its answer already; its news come about now
const TOGETHER = 2_500; // the news of a busy desk, asked for together

/** Calls `refresh` when the case is at another version than the one shown. */
export function useCaseLive(id: string, version: number, refresh: () => void): void {
  const shown = useRef(version);
  shown.current = version;
  const [{ data }] = useSubscription({ query: CaseLiveDocument, variables: { id } });
  const told = data?.caseChanged.case?.version;
  useEffect(() => {
    if (told === undefined) return;
    const wait = setTimeout(() => told > shown.current && refresh(), SETTLED);
    return () => clearTimeout(wait);
  }, [told, refresh]);
}

/** Calls `refresh` when something happened in the queue. */
export function useQueueLive(id: string, refresh: () => void): void {
  const [{ data }] = useSubscription({ query: QueueLiveDocument, variables: { id } });
  const told = data?.queueChanged.events.at(-1)?.id;
  useEffect(() => {
    if (!told) return;
    const wait = setTimeout(refresh, SETTLED);
    return () => clearTimeout(wait);
  }, [told, refresh]);
}

/** Calls `refresh` when something happened to one of the cases that are shown, or one was opened. */
export function useCasesLive(ids: string[], pause: boolean, refresh: () => void): void {
  const shown = useRef(ids);
  shown.current = ids;
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => () => clearTimeout(due.current), []);
  useSubscription({ query: CasesLiveDocument, pause }, (_, news) => {
    const { caseEvents } = news;
    const id = caseEvents.case?.id;
    const known = id !== undefined && shown.current.includes(id);
    if (caseEvents.events.length && (known || shown.current.length < 50) && due.current === undefined) {
      due.current = setTimeout(() => {
        due.current = undefined;
        latest.current();
      }, TOGETHER);
    }
    return news;
  });
}
