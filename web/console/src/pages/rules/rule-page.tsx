/** One rule: made or changed, switched on and off, and what it did. */

import { Workflow } from "lucide-react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { Opening } from "../../frame/opening";
import { RulesDocument } from "../../gql/graphql";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { useSession } from "../../session/viewer";
import { RuleEditor } from "./rule-editor";
import { RuleReading } from "./rule-reading";
import { RunLog } from "./run-log";
import list from "../../parts/list.module.css";

const FRESH = { additionalTypenames: ["AutomationRule"] };

export default function RulePage({ id }: { id: string }) {
  const { may } = useSession();
  const isNew = id === "new";
  const [{ data, error, stale }, again] = useQuery({ query: RulesDocument, context: FRESH, pause: isNew });
  const rule = data?.automationRules.nodes.find((one) => one.id === id);
  if (error && !data) return <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />;
  if (!isNew && (!data || (!rule && stale))) return <Opening />;
  if (isNew ? !may("saveAutomationRule") : !rule) {
    return (
      <Nothing icon={Workflow} title={isNew ? "You cannot make rules" : "There is no such rule"}>
        <Link href="/rules">To all rules</Link>
      </Nothing>
    );
  }
  return (
    <div className={list.page}>
      {rule && !may("saveAutomationRule") ? <RuleReading rule={rule} /> : <RuleEditor key={rule ? JSON.stringify([rule.id, rule.when, rule.actions, rule.trigger, rule.watched]) : "new"} {...(rule ? { rule } : {})} />}
      {rule && (
        <div style={{ marginTop: 14 }}>
          <RunLog of={rule.id} />
        </div>
      )}
    </div>
  );
}
