/** What happened to the case, and what belongs to it; which of it is shown stands in the address. */

import { Tabs } from "@mantine/core";
import { Activity, BookOpen, Clock3, GitBranch, ListTodo, Lock, Paperclip } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useSearchParams } from "wouter";
import type { CasePageQuery } from "../../gql/graphql";
import { useSession } from "../../session/viewer";
import { WaitingRows } from "../cases/waiting-rows";
import { Activities } from "./panels/activities";
import { Files } from "./panels/files";
import { Knowledge } from "./panels/knowledge";
import { Related } from "./panels/related";
import { Timeline } from "./timeline/timeline";
import css from "./case.module.css";

const Internal = lazy(() => import("./panels/internal"));
const Ledgers = lazy(() => import("./panels/ledgers"));

export type Everything = NonNullable<CasePageQuery["case"]>;

export function CaseTabs({ all }: { all: Everything }) {
  const [said, setSaid] = useSearchParams();
  const tab = said.get("tab") ?? "timeline";
  const toDo = all.activities.nodes.filter((one) => one.state === "OPEN").length;
  const { viewer, staff } = useSession();
  const internal = viewer.role === "ADMIN" || (viewer.person !== null && viewer.person?.id === all.owner?.id);
  const choose = (value: string | null) =>
    setSaid(
      (before) => {
        const after = new URLSearchParams(before);
        if (value && value !== "timeline") after.set("tab", value);
        else after.delete("tab");
        return after;
      },
      { replace: true },
    );
  return (
    <Tabs value={tab} onChange={choose} keepMounted={false} className={`panel ${css.tabs}`}>
      <Tabs.List aria-label="Parts of the case">
        <Part value="timeline" icon={Activity} word="Timeline" />
        {staff && <Part value="activities" icon={ListTodo} word="Activities" count={toDo} />}
        <Part value="files" icon={Paperclip} word="Files" count={all.attachments.nodes.length} />
        <Part value="knowledge" icon={BookOpen} word="Knowledge" count={all.articles.nodes.length} />
        <Part value="related" icon={GitBranch} word="Related" />
        <Part value="promises" icon={Clock3} word="Time ledger" />
        {internal && <Part value="internal" icon={Lock} word="Internal record" />}
      </Tabs.List>
      <Panel value="timeline">
        <Timeline first={all.timeline} description={all.description} />
      </Panel>
      {staff && (
        <Panel value="activities">
          <Activities activities={all.activities.nodes} />
        </Panel>
      )}
      <Panel value="files">
        <Files files={all.attachments.nodes} />
      </Panel>
      <Panel value="knowledge">
        <Knowledge links={all.articles.nodes} />
      </Panel>
      <Panel value="related">
        <Related />
      </Panel>
      <Panel value="promises">
        <Suspense fallback={<WaitingRows count={4} />}>
          <Ledgers />
        </Suspense>
      </Panel>
      {internal && (
        <Panel value="internal">
          <Suspense fallback={<WaitingRows count={4} />}>
            <Internal />
          </Suspense>
        </Panel>
      )}
    </Tabs>
  );
}

function Part({ value, icon: Icon, word, count }: { value: string; icon: typeof Activity; word: string; count?: number }) {
  return (
    <Tabs.Tab value={value} leftSection={<Icon size={15} aria-hidden />}>
      {word}
      {count ? ` (${count})` : ""}
    </Tabs.Tab>
  );
}

function Panel({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Tabs.Panel value={value} className={css.panel}>
      {children}
    </Tabs.Panel>
  );
}
