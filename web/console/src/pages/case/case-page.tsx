/** One case: what it is and how it stands above, what happened and what belongs to it below. */

import { Skeleton, Stack } from "@mantine/core";
import { FileQuestion } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useQuery } from "urql";
import { CasePageDocument } from "../../gql/graphql";
import { useCaseLive } from "../../live/live";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { Forms } from "./acts/forms";
import { CaseHead } from "./case-head";
import { CaseTabs } from "./case-tabs";
import { Clocks } from "./panels/clocks";
import { Contract } from "./panels/contract";
import { Details } from "./panels/details";
import { Solution } from "./panels/solution";
import { Shown, useShown } from "./use-case-act";
import css from "./case.module.css";

function Live() {
  const { case: one, refresh } = useShown();
  useCaseLive(one.id, one.version, refresh);
  return null;
}

export default function CasePage({ number }: { number: string }) {
  const [{ data, error, stale }, again] = useQuery({
    query: CasePageDocument,
    variables: { number },
    requestPolicy: "cache-and-network",
  });
  const one = data?.case;
  const shown = useMemo(
    () => (one ? { case: one, refresh: () => again({ requestPolicy: "network-only" }) } : null),
    [one, again],
  );
  useEffect(() => {
    document.title = one ? `${one.number} ${one.title}` : `${number} · Casegraph`;
  }, [one, number]);

  if (error && !data) return <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />;
  if (!data) return <Waiting />;
  if (!one || !shown) {
    return (
      <Nothing icon={FileQuestion} title={`There is no case ${number}`}>
        Perhaps it was deleted, or it is not yours to see.
      </Nothing>
    );
  }
  return (
    <Shown.Provider value={shown}>
      <Forms>
        <article className={css.page} aria-busy={stale}>
          <Live />
          <CaseHead />
          <div className={css.columns}>
            <div className={css.main}>
              <Solution />
              <CaseTabs all={one} />
            </div>
            <aside className={css.side} aria-label="About this case">
              <Clocks />
              <Details />
              <Contract />
            </aside>
          </div>
        </article>
      </Forms>
    </Shown.Provider>
  );
}

function Waiting() {
  return (
    <div className={css.page} aria-busy="true">
      <Stack gap="sm">
        <Skeleton h={18} w={120} />
        <Skeleton h={30} w="55%" />
        <Skeleton h={24} w={280} mb="md" />
        <div className={css.columns}>
          <Skeleton h={420} />
          <Skeleton h={420} />
        </div>
      </Stack>
    </div>
  );
}
