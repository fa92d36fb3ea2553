/** Keeping what the list shows under a name, for oneself or for all of the staff. */

import { Alert, Button, Checkbox, Group, Popover, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { BookmarkPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { SaveViewDocument } from "../../gql/graphql";
import { at, elsewhere, useAct } from "../../graph/act";
import { asked, type Filters } from "./filters";

export function SaveView({ filters, onSaved }: { filters: Filters; onSaved: (id: string) => void }) {
  const act = useAct(SaveViewDocument);
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const { where, orderBy } = asked(filters);

  async function save(event: FormEvent) {
    event.preventDefault();
    const saved = await act.run({ name, shared, where: where ?? {}, ...(orderBy ? { orderBy } : {}) });
    if (!saved?.savedView) return;
    setOpen(false);
    setName("");
    notifications.show({ color: "green", message: `“${saved.savedView.name}” is among the views.` });
    onSaved(saved.savedView.id);
  }

  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={280} shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="subtle" leftSection={<BookmarkPlus size={15} aria-hidden />} onClick={() => setOpen(!open)}>
          Save as a view
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={save}>
          <Stack gap="xs">
            <TextInput
              label="Name of the view"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={at(act.declined, "name")}
              data-autofocus
            />
            <Checkbox label="For all of the staff" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
            {elsewhere(act.declined, ["name"]).map((one) => (
              <Alert key={one.message} color="red" variant="outline" role="alert">
                {one.message}
              </Alert>
            ))}
            <Group justify="flex-end">
              <Button type="submit" disabled={!name.trim()} loading={act.busy}>
                Save
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
