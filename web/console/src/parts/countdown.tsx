/** The web component of `web/widgets/`, as a part of pages. */

import "../../../widgets/sla-countdown.js";
import { useEffect, useRef } from "react";
import type { SlaCountdown } from "../../../widgets/sla-countdown.js";
import type { TickingFragment } from "../gql/graphql";
import { kpiWord } from "../words/labels";

interface Props {
  kpi: string;
  countdown: TickingFragment;
  target?: string;
  compact?: boolean;
  announce?: boolean;
  onStale?: () => void;
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "sla-countdown": React.DetailedHTMLProps<React.HTMLAttributes<SlaCountdown>, SlaCountdown> & {
        label?: string;
        target?: string | undefined;
        compact?: "" | undefined;
        announce?: "" | undefined;
      };
    }
  }
}

export function Countdown({ kpi, countdown, target, compact, announce, onStale }: Props) {
  const element = useRef<SlaCountdown>(null);
  useEffect(() => {
    if (element.current) element.current.countdown = countdown;
  }, [countdown]);
  useEffect(() => {
    const clock = element.current;
    if (!clock || !onStale) return;
    clock.addEventListener("sla-countdown-stale", onStale);
    return () => clock.removeEventListener("sla-countdown-stale", onStale);
  }, [onStale]);
  return (
    <sla-countdown
      ref={element}
      label={kpiWord(kpi)}
      target={target}
      compact={compact ? "" : undefined}
      announce={announce ? "" : undefined}
    />
  );
}
