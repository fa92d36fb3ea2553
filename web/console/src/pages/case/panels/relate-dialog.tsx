/** Saying what another case is to this one, or making it a part of this one. */

import { Alert, Button, Group, Loader, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { useQuery } from "urql";
import { AddChildCasesDocument, type CaseLinkKind, FindCasesDocument, LinkCasesDocument } from "../../../gql/graphql";
import { options } from "../../../words/labels";
import { filled } from "../../../graph/act";
import { meant, useCaseAct, useShown } from "../use-case-act";
import { LINK_WORDS } from "./link-words";

const PART = "PART";

export function RelateDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { case: one } = useShown();
  const link = useCaseAct(LinkCasesDocument);
  const adopt = useCaseAct(AddChildCasesDocument);
  const [kind, setKind] = useState<string>("RELATED");
  const [otherId, setOther] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const [{ data, fetching }] = useQuery({ query: FindCasesDocument, variables: { text: asked }, pause: asked.length < 2 });
  const found = (data?.cases.nodes ?? []).filter((other) => other.id !== one.id);

  async function send(event: FormEvent) {
    event.preventDefault();
    if (!otherId) return;
    const done =
      kind === PART
        ? await adopt.run({ childIds: [otherId] })
        : await link.run({ otherId, kind: kind as CaseLinkKind, ...filled({ note }) });
    if (!done) return;
    setOther(null);
    setNote("");
    close();
  }

  return (
    <Modal opened={opened} onClose={close} title="Link a case" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <Select
            label="This case"
            data={[
              ...options(LINK_WORDS).map(({ value, label }) => ({ value: value as string, label: label.toLowerCase() })),
              { value: PART, label: "has as a part" },
            ]}
            value={kind}
            onChange={(value) => value && setKind(value)}
            allowDeselect={false}
          />
          <Select
            label="The other one"
            placeholder="Its number, or words said in it…"
            data={found.map((other) => ({ value: other.id, label: `${other.number} ${other.title}` }))}
            value={otherId}
            onChange={setOther}
            searchable
            onSearchChange={setText}
            filter={({ options: all }) => all}
            nothingFoundMessage={asked.length < 2 ? "Type two letters or more" : fetching ? "Looking…" : "No case says that"}
            rightSection={fetching ? <Loader size={14} /> : undefined}
            openOnFocus={false}
            data-autofocus
          />
          {kind !== PART && <TextInput label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} />}
          {[...link.declined, ...adopt.declined].map((declined) => (
            <Alert key={declined.message} color="red" variant="outline" role="alert">
              {meant(declined)}
            </Alert>
          ))}
          <Group justify="flex-end">
            <Button type="submit" size="sm" disabled={!otherId} loading={link.busy || adopt.busy}>
              Link it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
