/** How a resolved case was resolved. */

import { Text } from "@mantine/core";
import { REASON_WORDS } from "../../../words/labels";
import { precise } from "../../../words/times";
import { useShown } from "../use-case-act";
import css from "../case.module.css";

export function Solution() {
  const { case: one } = useShown();
  const solution = one.resolutions.nodes[0];
  if (!solution || one.status === "ACTIVE") return null;
  return (
    <section className={`panel ${css.box}`} aria-label="Resolution" style={{ borderInlineStart: "3px solid var(--tone-green-mark)" }}>
      <Text fw={600}>
        {REASON_WORDS[solution.reason]}: {solution.summary}
      </Text>
      {solution.remarks && (
        <Text size="sm" mt={4} style={{ whiteSpace: "pre-wrap" }}>
          {solution.remarks}
        </Text>
      )}
      <Text size="xs" c="dimmed" mt={4}>
        {solution.resolvedBy?.name ?? "The system"}, {precise(solution.createdAt)} · {solution.totalMinutes} min, of which{" "}
        {solution.billableMinutes} billable
      </Text>
    </section>
  );
}
