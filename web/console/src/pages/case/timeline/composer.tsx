/** Saying something on the case: to the customer, or among staff only. What is typed is kept for this tab. */

import { Button, SegmentedControl, Text, Textarea } from "@mantine/core";
import { Send } from "lucide-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import { AddCommentDocument, type Audience } from "../../../gql/graphql";
import { useSession } from "../../../session/viewer";
import { meant, useCaseAct, useShown } from "../use-case-act";
import css from "./timeline.module.css";

export function Composer() {
  const { case: one } = useShown();
  const { staff, may } = useSession();
  const kept = `casegraph.comment.${one.id}`;
  const [body, setBody] = useState(() => sessionStorage.getItem(kept) ?? "");
  const [audience, setAudience] = useState<Audience>("PUBLIC");
  const act = useCaseAct(AddCommentDocument);
  useEffect(() => (body ? sessionStorage.setItem(kept, body) : sessionStorage.removeItem(kept)), [body, kept]);

  if (!may("addComment") || one.status !== "ACTIVE") return null;

  async function send() {
    if (body.trim() && (await act.run({ body, audience }))) setBody("");
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  };
  const internal = audience === "INTERNAL";
  return (
    <div className={css.composer} data-audience={audience}>
      <Textarea
        variant="unstyled"
        aria-label={internal ? "Note among staff" : staff ? "Answer to the customer" : "Your message"}
        placeholder={internal ? "A note that the customer never sees…" : staff ? `Answer ${one.contact?.name ?? one.customer?.name ?? ""}…` : "What you want to add, or to ask…"}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        autosize
        minRows={2}
        maxRows={16}
      />
      {act.declined.map((declined) => (
        <Text key={declined.message} size="sm" c="var(--mantine-color-error)" px="sm" pb={6} role="alert">
          {meant(declined)}
        </Text>
      ))}
      <div className={css.composerFoot}>
        {!staff ? (
          <span />
        ) : (
          <SegmentedControl
            size="xs"
            value={audience}
            onChange={(value) => setAudience(value as Audience)}
            aria-label="Who reads it"
            data={[
              { value: "PUBLIC", label: "To the customer" },
              { value: "INTERNAL", label: "Among staff" },
            ]}
          />
        )}
        <Button leftSection={<Send size={14} aria-hidden />} onClick={send} loading={act.busy} disabled={!body.trim()}>
          {internal ? "Keep the note" : "Send"}
        </Button>
      </div>
    </div>
  );
}
