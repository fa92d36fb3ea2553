/** Merging the ticked cases into one of them. */

import { Modal } from "@mantine/core";
import { type Mergeable, MergeForm } from "./merge-form";

interface Props {
  cases: Mergeable[];
  opened: boolean;
  close: () => void;
  done: () => void;
}

export function MergeDialog({ cases, opened, close, done }: Props) {
  return (
    <Modal opened={opened} onClose={close} title="Merge cases" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <MergeForm cases={cases} close={close} done={done} />
    </Modal>
  );
}
