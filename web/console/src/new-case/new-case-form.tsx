import { Alert, Button, Group, Select, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { FormEvent } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { CreateCaseDocument, NewCaseChoicesDocument } from "../gql/graphql";
import { at, elsewhere, useAct } from "../graph/act";
import { useSession } from "../session/viewer";
import { options, ORIGIN_WORDS, PRIORITIES } from "../words/labels";
import { ChooseCustomer } from "./choose-customer";
import { isTyped, useDraft } from "./draft";
import type { Opened } from "./new-case-drawer";

const TITLE_MOST = 128;
const SHOWN = ["title", "description", "customerId", "priority", "origin", "typeId", "subjectId", "productId"];

export function NewCaseForm({ onOpened, close }: { onOpened: (opened: Opened) => void; close: () => void }) {
  const [draft, change, forget] = useDraft();
  const { staff } = useSession();
  const [, go] = useLocation();
  const [{ data }] = useQuery({ query: NewCaseChoicesDocument });
  const create = useAct(CreateCaseDocument);

  async function send(event: FormEvent) {
    event.preventDefault();
    const { customer, origin, route, ...said } = draft;
    const byStaff = { customerId: customer?.id ?? null, origin, route };
    const opened = await create.run({ ...said, ...(staff ? byStaff : { origin: "SELF_SERVICE" as const }) });
    if (!opened) return;
    forget();
    if (opened.possibleDuplicates?.length) {
      onOpened(opened);
      return;
    }
    close();
    notifications.show({ message: `${opened.case?.number} is open.`, color: "green" });
    go(`/cases/${opened.case?.number}`);
  }

  return (
    <form onSubmit={send} noValidate>
      <Stack gap="sm">
        <TextInput
          label="Title"
          placeholder="What it is about, in a line"
          value={draft.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
          maxLength={TITLE_MOST}
          error={at(create.declined, "title")}
          withAsterisk
          data-autofocus
        />
        {staff && (
          <ChooseCustomer
            value={draft.customer}
            onChange={(customer) => change({ customer })}
            error={at(create.declined, "customerId")}
          />
        )}
        <Textarea
          label="Description"
          placeholder={staff ? "What the customer said" : "What happened, and what you need"}
          value={draft.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
          autosize
          minRows={4}
          maxRows={14}
          error={at(create.declined, "description")}
        />
        <SimpleGrid cols={2} spacing="sm">
          <Select
            label="Priority"
            data={options(PRIORITIES)}
            value={draft.priority}
            onChange={(priority) => priority && change({ priority })}
            allowDeselect={false}
            error={at(create.declined, "priority")}
          />
          {staff && (
            <Select
              label="Came by"
              data={options(ORIGIN_WORDS)}
              value={draft.origin}
              onChange={(origin) => origin && change({ origin })}
              allowDeselect={false}
              error={at(create.declined, "origin")}
            />
          )}
          <Select
            label="Type"
            placeholder="Any"
            data={(data?.caseTypes.nodes ?? []).map((one) => ({ value: one.id, label: one.name }))}
            value={draft.typeId}
            onChange={(typeId) => change({ typeId })}
            clearable
            error={at(create.declined, "typeId")}
          />
          <Select
            label="Product"
            placeholder="None"
            data={(data?.products.nodes ?? []).map((one) => ({ value: one.id, label: one.name }))}
            value={draft.productId}
            onChange={(productId) => change({ productId })}
            searchable
            clearable
            error={at(create.declined, "productId")}
          />
        </SimpleGrid>
        <Select
          label="Subject"
          placeholder="None"
          data={(data?.subjects.nodes ?? []).map((one) => ({
            value: one.id,
            label: one.parent ? `${one.parent.name} › ${one.name}` : one.name,
          }))}
          value={draft.subjectId}
          onChange={(subjectId) => change({ subjectId })}
          searchable
          clearable
          error={at(create.declined, "subjectId")}
        />
        {staff && (
          <Switch
            label="Send it where the routing rules say"
            checked={draft.route}
            onChange={(event) => change({ route: event.currentTarget.checked })}
          />
        )}
        {elsewhere(create.declined, SHOWN).map((one) => (
          <Alert key={one.message} color="red" variant="outline" role="alert">
            {one.message}
          </Alert>
        ))}
        <Group justify="space-between" mt="xs">
          <Text size="xs" c="dimmed">
            {isTyped(draft) ? "Kept until you open it or discard it" : ""}
          </Text>
          <Group gap="xs">
            {isTyped(draft) && (
              <Button size="sm" variant="subtle" color="gray" onClick={forget}>
                Discard
              </Button>
            )}
            <Button size="sm" type="submit" loading={create.busy}>
              Open the case
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
