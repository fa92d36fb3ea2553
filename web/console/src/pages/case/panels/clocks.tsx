/** The promises of a case, each ticking by itself. */

import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { Pencil } from "lucide-react";
import { Countdown } from "../../../parts/countdown";
import { useSession } from "../../../session/viewer";
import { kpiWord, SOURCE_WORDS } from "../../../words/labels";
import { precise } from "../../../words/times";
import { useAsk } from "../acts/asking";
import { useShown } from "../use-case-act";
import css from "../case.module.css";

export function Clocks() {
  const { case: one, refresh } = useShown();
  const { may } = useSession();
  const ask = useAsk();
  const clocks = one.slaKpiInstances.nodes.filter((clock) => clock.state !== "CANCELED");
  return (
    <section className={`panel ${css.box}`} aria-label="Promises">
      <h2 className={css.boxTitle}>
        Promises
        {one.status === "ACTIVE" && may("applySla") && (
          <Tooltip label="Choose who promises what">
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Choose who promises what" onClick={() => ask("promises")}>
              <Pencil size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </h2>
      {one.slaVersion?.policy && (
        <Text size="xs" c="dimmed" mb={8}>
          {one.slaVersion.policy.name}, version {one.slaVersion.number}
          {one.slaSource ? `, ${SOURCE_WORDS[one.slaSource]}` : ""}
        </Text>
      )}
      {clocks.length === 0 && (
        <Text c="dimmed" size="sm">
          No promise applies to this case.
        </Text>
      )}
      {clocks.map((clock) => (
        <div key={clock.id} className={css.clock}>
          <div className={css.clockName}>
            <span>
              {kpiWord(clock.kpi)}
              {clock.cycle > 1 ? `, ${clock.cycle}` : ""}
            </span>
            <Text span c="dimmed" size="xs">
              {clock.succeededAt
                ? `met ${precise(clock.succeededAt)}`
                : clock.countdown.failAt
                  ? `due ${precise(clock.countdown.failAt)}`
                  : clock.projectedFailAt && clock.state === "PAUSED"
                    ? `due ${precise(clock.projectedFailAt)} if resumed now`
                    : ""}
            </Text>
          </div>
          <Countdown kpi={clock.kpi} countdown={clock.countdown} target={clock.target} announce onStale={refresh} />
        </div>
      ))}
    </section>
  );
}
