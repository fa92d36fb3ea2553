/** A rule as it is read by those who do not change it. */

import { Title } from "@mantine/core";
import { conditionInWords, readCondition } from "../../conditions/condition";
import { useChoices } from "../../conditions/use-choices";
import type { RuleInFullFragment } from "../../gql/graphql";
import { Tag } from "../../look/tag";
import { deedInWords, namedIn, readDeed } from "./deeds";
import { namedInCondition } from "./rule-list";
import { triggerInWords } from "./rule-words";
import list from "../../parts/list.module.css";
import css from "./rules.module.css";

export function RuleReading({ rule }: { rule: RuleInFullFragment }) {
  const when = readCondition(rule.when);
  const deeds = (rule.actions as Record<string, unknown>[]).map(readDeed);
  const { nameOf } = useChoices([...namedInCondition(when), ...deeds.flatMap(namedIn)]);
  return (
    <>
      <div className={list.head}>
        <div className={list.name}>
          <Title order={1}>{rule.name}</Title>
          <div className={list.tags}>
            <Tag tone={rule.active ? "green" : "gray"}>{rule.active ? "Active" : "Not active"}</Tag>
          </div>
        </div>
      </div>
      <section className={`panel ${list.box}`} aria-label="Rule">
        <dl className={list.facts}>
          <dt>When</dt>
          <dd>{triggerInWords(rule)}</dd>
          <dt>If</dt>
          <dd>{conditionInWords(when, nameOf)}</dd>
          <dt>Then</dt>
          <dd>
            <ol className={css.did}>
              {deeds.map((deed, place) => (
                <li key={place}>{deedInWords(deed, nameOf)}</li>
              ))}
            </ol>
          </dd>
        </dl>
      </section>
    </>
  );
}
