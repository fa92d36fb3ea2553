/** The files of a case: dropped here, shown as a list or as tiles, looked at in place. */

import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { LayoutGrid, List as ListIcon, Paperclip, Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { AttachFileDocument, type FileLineFragment } from "../../../gql/graphql";
import { Nothing } from "../../../parts/nothing";
import { upload } from "../../../session/files";
import { useSession } from "../../../session/viewer";
import { meant, useCaseAct, useShown } from "../use-case-act";
import { FileRow, FileTile } from "./file-item";
import { FilePreview } from "./file-preview";
import css from "./panels.module.css";

const ACCEPTED = ".jpg,.jpeg,.png,.gif,.pdf,.doc,.docx";

export function Files({ files }: { files: FileLineFragment[] }) {
  const { case: one } = useShown();
  const { may } = useSession();
  const attach = useCaseAct(AttachFileDocument);
  const [look, setLook] = useLocalStorage<"rows" | "tiles">({ key: "casegraph.files", defaultValue: "rows" });
  const [over, setOver] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState<FileLineFragment | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const canAttach = one.status === "ACTIVE" && may("attachFile");

  async function send(chosen: File[]) {
    if (!chosen.length) return;
    setBusy(true);
    setTrouble(null);
    try {
      const uploads = await upload(chosen);
      await attach.run({ uploadIds: uploads.map((file) => file.id) });
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : "The files could not be sent.");
    }
    setBusy(false);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    send([...event.dataTransfer.files]);
  }

  return (
    <>
      {canAttach && (
        <div
          className={css.drop}
          data-over={over || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <Group justify="center" gap="sm">
            <Text size="sm" c="dimmed">
              Drop files here, up to five at once and 5 MiB in all, or
            </Text>
            <Button
              variant="default"
              leftSection={<Upload size={14} aria-hidden />}
              loading={busy}
              onClick={() => chooser.current?.click()}
            >
              Choose files
            </Button>
          </Group>
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            accept={ACCEPTED}
            aria-label="Files to attach"
            onChange={(event) => send([...(event.currentTarget.files ?? [])])}
          />
          {[...(trouble ? [trouble] : []), ...attach.declined.map(meant)].map((message) => (
            <Text key={message} size="sm" c="var(--mantine-color-error)" mt={6} role="alert">
              {message}
            </Text>
          ))}
        </div>
      )}
      {files.length === 0 && <Nothing small icon={Paperclip} title="No files" />}
      {files.length > 0 && (
        <>
          <Group justify="flex-end" mb={8}>
            <SegmentedControl
              size="xs"
              value={look}
              onChange={(value) => setLook(value as "rows" | "tiles")}
              aria-label="How files are shown"
              data={[
                { value: "rows", label: <ListIcon size={14} aria-label="As a list" /> },
                { value: "tiles", label: <LayoutGrid size={14} aria-label="As tiles" /> },
              ]}
            />
          </Group>
          {look === "rows" ? (
            <ul className={css.rows}>
              {files.map((file) => (
                <FileRow key={file.id} file={file} show={() => setShown(file)} />
              ))}
            </ul>
          ) : (
            <ul className={css.tiles}>
              {files.map((file) => (
                <FileTile key={file.id} file={file} show={() => setShown(file)} />
              ))}
            </ul>
          )}
        </>
      )}
      <FilePreview file={shown} close={() => setShown(null)} />
    </>
  );
}
