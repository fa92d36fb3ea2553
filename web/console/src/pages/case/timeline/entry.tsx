/** One entry of a timeline: what was said stands out, what happened is a line. */

import { Text } from "@mantine/core";
import { CalendarCheck, CircleDot, Coins, type LucideIcon, MessageSquare, Paperclip, StickyNote, Timer } from "lucide-react";
import type { ReactNode } from "react";
import type { EntryFragment } from "../../../gql/graphql";
import { Tag } from "../../../look/tag";
import { ACTIVITY_WORDS, ORIGIN_WORDS, sentence } from "../../../words/labels";
import { brief, inFull } from "../../../words/times";
import { eventWords, type NameOf } from "./event-words";
import css from "./timeline.module.css";

export function Entry({ entry, nameOf }: { entry: EntryFragment; nameOf: NameOf }) {
  switch (entry.__typename) {
    case "Message":
      return <Message entry={entry} />;
    case "CaseEvent": {
      const words = eventWords(entry.eventKind, entry.changes ?? {}, entry.details ?? {}, nameOf);
      const clock = entry.eventKind === "SLA_ANNOUNCED";
      return (
        <Line entry={entry} icon={clock ? Timer : CircleDot}>
          {clock ? words : <><b>{entry.actor?.name ?? "The system"}</b> {words}</>}
        </Line>
      );
    }
    case "Activity":
      return (
        <Line entry={entry} icon={CalendarCheck}>
          <b>{entry.createdBy?.name ?? "The system"}</b> planned {entry.kind === "APPOINTMENT" || entry.kind === "EMAIL" ? "an" : "a"} {ACTIVITY_WORDS[entry.kind].toLowerCase()}: {entry.subject}{" "}
          {entry.state !== "OPEN" && <Tag tone={entry.state === "COMPLETED" ? "green" : "gray"}>{sentence(entry.state)}</Tag>}
        </Line>
      );
    case "Attachment":
      return (
        <Line entry={entry} icon={Paperclip}>
          <b>{entry.uploader?.name ?? "Somebody"}</b> attached {entry.name}
        </Line>
      );
    case "EntitlementPosting":
      return (
        <Line entry={entry} icon={Coins}>
          {sentence(entry.postingKind)} {entry.amount} on <b>{entry.entitlement?.name}</b>
        </Line>
      );
    default:
      return null;
  }
}

function Message({ entry }: { entry: Extract<EntryFragment, { __typename: "Message" }> }) {
  const internal = entry.audience === "INTERNAL";
  const customer = entry.author?.__typename === "Contact";
  return (
    <li className={css.entry}>
      <span className={css.icon}>{internal ? <StickyNote size={14} aria-hidden /> : <MessageSquare size={14} aria-hidden />}</span>
      <div className={css.message} data-audience={entry.audience} data-from={customer ? "customer" : "staff"}>
        <div className={css.messageHead}>
          <span>
            <b>{entry.author?.name ?? "The system"}</b> {internal ? "noted among staff" : customer ? "wrote" : "answered"} by{" "}
            {ORIGIN_WORDS[entry.origin].toLowerCase()}
          </span>
          <time dateTime={entry.occurredAt} title={inFull(entry.occurredAt)}>
            {brief(entry.occurredAt)}
          </time>
        </div>
        <div className={css.body}>{entry.body}</div>
      </div>
    </li>
  );
}

function Line({ entry, icon: Icon, children }: { entry: { occurredAt: string }; icon: LucideIcon; children: ReactNode }) {
  return (
    <li className={css.entry}>
      <span className={css.icon}>
        <Icon size={14} aria-hidden />
      </span>
      <div className={css.line}>
        {children}{" "}
        <Text span c="dimmed" className={css.time}>
          · <time dateTime={entry.occurredAt} title={inFull(entry.occurredAt)}>{brief(entry.occurredAt)}</time>
        </Text>
      </div>
    </li>
  );
}
