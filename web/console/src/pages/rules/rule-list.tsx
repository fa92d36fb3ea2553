/** Rules in the order in which they act: moved by their grips or by their arrows, and switched on and off. */

import { ActionIcon, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ArrowDown, ArrowUp, GripVertical } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { conditionInWords, readCondition, type Part } from "../../conditions/condition";
import { useChoices } from "../../conditions/use-choices";
import { ActivateRuleDocument, DeactivateRuleDocument, ReorderRulesDocument, type RuleInFullFragment } from "../../gql/graphql";
import { useAct } from "../../graph/act";
import { Refusals } from "../../parts/refusals";
import { useSession } from "../../session/viewer";
import { deedInWords, namedIn, readDeed } from "./deeds";
import { triggerInWords } from "./rule-words";
import list from "../../parts/list.module.css";
import css from "./rules.module.css";

type Rule = RuleInFullFragment;

/** Every id that a condition names. */
export function namedInCondition(part: Part): string[] {
  if (part.kind === "group") return part.parts.flatMap(namedInCondition);
  return part.kind === "test" && part.field.endsWith("Id") && part.field !== "externalId" && Array.isArray(part.value) ? part.value : [];
}

export function RuleList({ rules, refresh }: { rules: Rule[]; refresh: () => void }) {
  const { may } = useSession();
  const reorder = useAct(ReorderRulesDocument);
  const [order, setOrder] = useState<string[] | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [told, setTold] = useState("");
  const focus = useRef<string | null>(null);
  /** One order is sent after the other, and of those said meanwhile the last only. */
  const wanted = useRef<string[] | null>(null);
  const sending = useRef(false);
  const movable = may("reorderAutomationRules") && rules.length > 1;
  const shown = useMemo(() => {
    const places = new Map(order?.map((id, place) => [id, place]));
    return order ? [...rules].sort((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0)) : rules;
  }, [rules, order]);
  useEffect(() => {
    if (focus.current) document.getElementById(focus.current)?.focus();
    focus.current = null;
  }, [shown]);

  async function move(id: string, to: number) {
    const ids = shown.map((one) => one.id).filter((one) => one !== id);
    ids.splice(to, 0, id);
    setOrder(ids);
    setTold(`${shown.find((one) => one.id === id)?.name} acts as number ${to + 1} of ${ids.length}`);
    wanted.current = ids;
    if (sending.current) return;
    sending.current = true;
    let done: unknown = null;
    while (wanted.current) {
      const ruleIds: string[] = wanted.current;
      wanted.current = null;
      done = await reorder.run({ ruleIds });
    }
    sending.current = false;
    if (done) refresh();
    else setOrder(null);
  }
  useEffect(() => {
    // What was asked before the last move is answered after it: only a list in the order that was said takes over.
    if (!sending.current && rules.every((one, place) => !order || order[place] === one.id)) setOrder(null);
  }, [rules]);

  const read = useMemo(() => shown.map((rule) => ({ rule, when: readCondition(rule.when), deeds: (rule.actions as Record<string, unknown>[]).map(readDeed) })), [shown]);
  const { nameOf } = useChoices(read.flatMap(({ when, deeds }) => [...namedInCondition(when), ...deeds.flatMap(namedIn)]));
  return (
    <>
      <Refusals of={reorder.declined} />
      <div className="visually-hidden" aria-live="polite">
        {told}
      </div>
      <ol className={`panel ${css.rules}`} aria-label="Rules, in the order in which they act">
        {read.map(({ rule, when, deeds }, place) => (
          <li
            key={rule.id}
            className={css.rule}
            data-fixed={!movable || undefined}
            data-over={(over === rule.id && dragged !== rule.id) || undefined}
            data-dragged={dragged === rule.id || undefined}
            onDragOver={(event) => {
              if (!dragged) return;
              event.preventDefault();
              setOver(rule.id);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged && dragged !== rule.id) void move(dragged, place);
              setDragged(null);
              setOver(null);
            }}
          >
            {movable && (
              <>
                <span
                  className={css.grip}
                  draggable
                  aria-hidden
                  onDragStart={(event) => {
                    event.dataTransfer.effectAllowed = "move";
                    event.dataTransfer.setData("text/plain", rule.name);
                    setDragged(rule.id);
                  }}
                  onDragEnd={() => {
                    setDragged(null);
                    setOver(null);
                  }}
                >
                  <GripVertical size={16} />
                </span>
                <span className={css.moves}>
                  {([-1, 1] as const).map((by) => {
                    const id = `${by < 0 ? "up" : "down"}-${rule.id}`;
                    const last = by < 0 ? place === 0 : place === shown.length - 1;
                    return (
                      <ActionIcon
                        key={by}
                        id={id}
                        variant="subtle"
                        color="gray"
                        aria-label={`${rule.name}: ${by < 0 ? "earlier" : "later"}`}
                        aria-disabled={last || undefined}
                        data-disabled={last || undefined}
                        onClick={() => {
                          if (last) return;
                          focus.current = id;
                          void move(rule.id, place + by);
                        }}
                      >
                        {by < 0 ? <ArrowUp size={15} aria-hidden /> : <ArrowDown size={15} aria-hidden />}
                      </ActionIcon>
                    );
                  })}
                </span>
              </>
            )}
            <div className={css.what}>
              <Link href={`/rules/${rule.id}`} className={list.title} style={{ whiteSpace: "normal" }}>
                {rule.name}
              </Link>
              <Text size="xs" c="dimmed">
                {triggerInWords(rule)}. If: {conditionInWords(when, nameOf)}.
              </Text>
              <Text size="xs">{deeds.map((deed) => deedInWords(deed, nameOf)).join(" · ")}</Text>
            </div>
            <Active rule={rule} />
          </li>
        ))}
      </ol>
    </>
  );
}

export function Active({ rule }: { rule: Rule }) {
  const { may } = useSession();
  const activate = useAct(ActivateRuleDocument);
  const deactivate = useAct(DeactivateRuleDocument);
  const declined = [...activate.declined, ...deactivate.declined];
  const allowed = may(rule.active ? "deactivateAutomationRule" : "activateAutomationRule");

  async function flip() {
    const done = await (rule.active ? deactivate : activate).run({ ruleId: rule.id });
    if (done) notifications.show({ color: "green", message: rule.active ? `${rule.name} acts no more.` : `${rule.name} acts from now on.` });
  }
  return (
    <div>
      <Switch
        checked={rule.active}
        onChange={flip}
        disabled={!allowed || activate.busy || deactivate.busy}
        label={rule.active ? "Active" : "Not active"}
        aria-label={`${rule.name} is active`}
        size="sm"
      />
      <Refusals of={declined} />
    </div>
  );
}
