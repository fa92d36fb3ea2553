/** Opening a case from anywhere. The address says `?new=case` while the drawer is open. */

import { Drawer } from "@mantine/core";
import { useState } from "react";
import type { CreateCaseMutation } from "../gql/graphql";
import { Duplicates } from "./duplicates";
import { NewCaseForm } from "./new-case-form";
import { useNewCase } from "./use-new-case";

export type Opened = CreateCaseMutation["createCase"];

export default function NewCaseDrawer() {
  const [open, setOpen] = useNewCase();
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => {
    setOpen(false);
    setOpened(null);
  };
  return (
    <Drawer
      opened={open}
      onClose={close}
      position="right"
      size={480}
      title={opened ? "The case is open" : "New case"}
      closeButtonProps={{ "aria-label": "Close; what you typed is kept" }}
      styles={{ title: { fontWeight: 650, fontSize: 17 } }}
    >
      {opened ? <Duplicates opened={opened} again={() => setOpened(null)} /> : <NewCaseForm onOpened={setOpened} close={close} />}
    </Drawer>
  );
}
