/** What the desk leaves to rules: in which order they act, whether they do, and what they did. */

import { Button, Title } from "@mantine/core";
import { Plus, Workflow } from "lucide-react";
import { useEffect } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { RulesDocument } from "../../gql/graphql";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { useSession } from "../../session/viewer";
import { WaitingRows } from "../cases/waiting-rows";
import { RuleList } from "./rule-list";
import { RunLog } from "./run-log";
import { TryRules } from "./try-rules";
import list from "../../parts/list.module.css";

const FRESH = { additionalTypenames: ["AutomationRule"] };

export default function RulesPage() {
  const { may } = useSession();
  const [{ data, error }, again] = useQuery({ query: RulesDocument, requestPolicy: "cache-and-network", context: FRESH });
  const rules = data?.automationRules.nodes;
  useEffect(() => {
    document.title = "Rules · Casegraph";
  }, []);
  const refresh = () => again({ requestPolicy: "network-only" });
  return (
    <div className={list.page}>
      <div className={list.head}>
        <Title order={1}>Rules</Title>
        {may("saveAutomationRule") && (
          <Button component={Link} href="/rules/new" leftSection={<Plus size={15} aria-hidden />}>
            New rule
          </Button>
        )}
      </div>
      <div className={list.main}>
        {error && !rules ? (
          <Failure error={error} retry={refresh} />
        ) : !rules ? (
          <div className="panel">
            <WaitingRows count={4} />
          </div>
        ) : rules.length === 0 ? (
          <div className="panel">
            <Nothing icon={Workflow} title="Nothing is left to rules">
              A rule does what is always done: when a case is opened or changed, or when nothing happens for too long.
            </Nothing>
          </div>
        ) : (
          <>
            <RuleList rules={rules} refresh={refresh} />
            <TryRules />
          </>
        )}
        <RunLog rules={rules ?? []} />
      </div>
    </div>
  );
}
