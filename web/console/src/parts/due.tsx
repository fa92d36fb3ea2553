/** How long there is, in a list: the clock that is due next. */

import { CLOCK_STATES, kpiWord } from "../words/labels";
import { inFull, secondsOf, spanWord } from "../words/times";
import { Tag } from "../look/tag";
import type { SlaKpiInstanceState } from "../gql/graphql";

interface Clock {
  kpi: string;
  state: SlaKpiInstanceState;
  failAt?: string | null | undefined;
  remaining: string;
}

export function Due({ clock }: { clock: Clock }) {
  const { tone, word } = CLOCK_STATES[clock.state];
  const seconds = secondsOf(clock.remaining);
  const title = `${kpiWord(clock.kpi)}: ${word}${clock.failAt ? `, due ${inFull(clock.failAt)}` : ""}`;
  return (
    <span title={title}>
      <Tag tone={tone}>
        {seconds < 0 ? `${spanWord(seconds)} over` : clock.state === "PAUSED" ? `Paused · ${spanWord(seconds)}` : spanWord(seconds)}
      </Tag>
    </span>
  );
}
