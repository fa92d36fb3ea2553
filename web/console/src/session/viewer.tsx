/** Who is signed in, and the people, teams, queues and views that every page names. Asked once; only counts follow. */

import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useQuery } from "urql";
import { StartDocument, type StartQuery } from "../gql/graphql";
import { Failure } from "../parts/failure";
import { Opening } from "../frame/opening";
import { useCounts } from "./use-counts";

export interface Session {
  viewer: StartQuery["viewer"];
  people: StartQuery["people"]["nodes"];
  teams: StartQuery["teams"]["nodes"];
  queues: StartQuery["queues"]["nodes"];
  savedViews: StartQuery["savedViews"]["nodes"];
  /** How many notifications were unread when that was counted last. */
  unread: number;
  /** Whether somebody works here; customers see their own cases. */
  staff: boolean;
  may: (mutation: string) => boolean;
  signOut: () => void;
}

const Known = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(Known);
  if (!session) throw new Error("There is no session outside of SignedIn.");
  return session;
}

export function SignedIn({ signOut, children }: { signOut: () => void; children: ReactNode }) {
  const [{ data, error, fetching }, again] = useQuery({ query: StartDocument });
  const counts = useCounts(data?.viewer.role === undefined || data.viewer.role === "CUSTOMER");
  const session = useMemo<Session | null>(
    () =>
      data
        ? {
            viewer: data.viewer,
            people: data.people.nodes,
            teams: data.teams.nodes,
            queues: data.queues.nodes.map((queue) => ({ ...queue, ...counts?.queues.nodes.find(({ id }) => id === queue.id) })),
            savedViews: data.savedViews.nodes,
            unread: (counts ?? data).unread.totalCount ?? 0,
            staff: data.viewer.role !== "CUSTOMER",
            may: (mutation) => data.viewer.permitted.includes(mutation),
            signOut,
          }
        : null,
    [data, counts, signOut],
  );
  if (session) return <Known.Provider value={session}>{children}</Known.Provider>;
  if (error && !fetching) return <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />;
  return <Opening />;
}
