/** What all forms over a case have: what was declined beside no field, the way back, and the way on. */

import { Alert, Button, Group, Stack } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { type Declined, elsewhere } from "../../../graph/act";
import { meant } from "../use-case-act";

interface Props {
  act: { busy: boolean; declined: Declined[] };
  /** Fields of the input that show by themselves what was declined of them. */
  fields?: string[];
  /** What is done, as a verb. */
  word: string;
  /** Does it; what is not falsy closes the form. */
  send: () => Promise<unknown>;
  close: () => void;
  ready?: boolean;
  color?: string;
  children: ReactNode;
}

export function ActForm({ act, fields = [], word, send, close, ready = true, color, children }: Props) {
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (ready && (await send())) close();
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {children}
        {elsewhere(act.declined, fields).map((one) => (
          <Alert key={one.message} color="red" variant="outline" role="alert">
            {meant(one)}
          </Alert>
        ))}
        <Group justify="flex-end" mt={4}>
          <Button variant="default" size="sm" onClick={close}>
            Not now
          </Button>
          <Button type="submit" size="sm" loading={act.busy} disabled={!ready} {...(color ? { color } : {})}>
            {word}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
