/** The forms over a case: one dialog that shows whichever was asked for. */

import { Modal } from "@mantine/core";
import { type ComponentType, type ReactNode, useCallback, useState } from "react";
import { type Asked, Asking } from "./asking";
import { ChildForm } from "./child-form";
import { CustomerForm } from "./customer-form";
import { DeleteForm } from "./delete-form";
import { EditForm } from "./edit-form";
import { EntitlementForm } from "./entitlement-form";
import { MergeWithForm } from "./merge-with-form";
import { DecrementForm, EscalateForm, UrgeForm } from "./note-forms";
import { PromisesForm } from "./promises-form";
import { QueueForm } from "./queue-form";
import { ResponseForm } from "./response-form";
import { SplitForm } from "./split-form";
import { StageForm } from "./stage-form";
import { WaitForm } from "./wait-form";

export interface FormProps {
  close: () => void;
}

const FORMS: Record<Asked, { title: string; form: ComponentType<FormProps>; size?: string }> = {
  edit: { title: "Edit the case", form: EditForm, size: "lg" },
  wait: { title: "Let it wait", form: WaitForm },
  stage: { title: "To another stage", form: StageForm },
  escalate: { title: "Escalation", form: EscalateForm },
  urge: { title: "Urge", form: UrgeForm },
  response: { title: "Answered elsewhere", form: ResponseForm },
  split: { title: "Split off a case", form: SplitForm, size: "lg" },
  child: { title: "A case that is part of this one", form: ChildForm },
  merge: { title: "Merge with other cases", form: MergeWithForm, size: "lg" },
  queue: { title: "Put into a queue", form: QueueForm },
  customer: { title: "Give it to another customer", form: CustomerForm },
  entitlement: { title: "Entitlement", form: EntitlementForm },
  decrement: { title: "What it takes of the entitlement", form: DecrementForm },
  promises: { title: "Who promises what", form: PromisesForm },
  delete: { title: "Delete the case", form: DeleteForm },
};

export function Forms({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>("edit");
  const [opened, setOpened] = useState(false);
  const ask = useCallback((wanted: Asked) => {
    setAsked(wanted);
    setOpened(true);
  }, []);
  const { title, form: Form, size = "md" } = FORMS[asked];
  return (
    <Asking.Provider value={ask}>
      {children}
      <Modal opened={opened} onClose={() => setOpened(false)} title={title} size={size} closeButtonProps={{ "aria-label": "Close" }}>
        <Form key={asked} close={() => setOpened(false)} />
      </Modal>
    </Asking.Provider>
  );
}
