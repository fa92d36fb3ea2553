/** A word on a ground of its tone, with a mark beside it, so that colour never speaks alone. */

import type { ReactNode } from "react";
import type { CaseStatus, CaseStatusReason, Priority } from "../gql/graphql";
import { PAUSING, PRIORITIES, REASON_WORDS, STATUSES, type Tone } from "../words/labels";
import css from "./tag.module.css";

export function Tag({ tone, children, mark }: { tone: Tone; children: ReactNode; mark?: ReactNode }) {
  return (
    <span className={css.tag} style={{ color: `var(--tone-${tone}-fg)`, background: `var(--tone-${tone}-bg)` }}>
      {mark}
      {children}
    </span>
  );
}

/** While a case is active its reason says more than that; afterwards the status does. */
export function StatusTag({ status, reason }: { status: CaseStatus; reason: CaseStatusReason }) {
  const waits = PAUSING.has(reason);
  const { word } = STATUSES[status];
  const tone: Tone = status === "ACTIVE" && waits ? "violet" : STATUSES[status].tone;
  return (
    <Tag tone={tone} mark={<span className={css.mark} style={{ background: `var(--tone-${tone}-mark)` }} />}>
      {status === "ACTIVE" ? REASON_WORDS[reason] : reason === "MERGED" ? "Merged" : word}
    </Tag>
  );
}

export function PriorityTag({ priority }: { priority: Priority }) {
  const { tone, word, level } = PRIORITIES[priority];
  const bars = (
    <span className={css.bars} aria-hidden>
      {[1, 2, 3, 4].map((bar) => (
        <span
          key={bar}
          style={{ height: 2 + bar * 2, background: `var(--tone-${tone}-mark)`, opacity: bar <= level ? 1 : 0.28 }}
        />
      ))}
    </span>
  );
  return (
    <Tag tone={tone} mark={bars}>
      {word}
    </Tag>
  );
}
