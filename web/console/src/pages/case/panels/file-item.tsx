/** A file in a list, and the same file as a tile. */

import { ActionIcon, Anchor, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { Download, FileText, Image as ImageIcon, Trash2 } from "lucide-react";
import { useEffect } from "react";
import { DeleteAttachmentsDocument, type FileLineFragment } from "../../../gql/graphql";
import { useAct } from "../../../graph/act";
import { Tag } from "../../../look/tag";
import { download, sizeWord } from "../../../session/files";
import { useSession } from "../../../session/viewer";
import { sentence } from "../../../words/labels";
import { brief } from "../../../words/times";
import { tell, useShown } from "../use-case-act";
import { useContent } from "./use-content";
import css from "./panels.module.css";

interface Props {
  file: FileLineFragment;
  show: () => void;
}

export function FileRow({ file, show }: Props) {
  const open = () => (file.previewUrl ? show() : download(file.url, file.name));
  return (
    <li className={css.row}>
      <Face file={file} />
      <div className={css.rowMain}>
        <Anchor component="button" type="button" size="sm" fw={550} c="var(--mantine-color-text)" onClick={open}>
          {file.name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {[sizeWord(file.sizeBytes), sentence(file.source), file.uploader?.name, brief(file.createdAt)].filter(Boolean).join(" · ")}
        </Text>
      </div>
      {file.audience === "INTERNAL" && <Tag tone="amber">Staff only</Tag>}
      <FileActs file={file} />
    </li>
  );
}

export function FileTile({ file, show }: Props) {
  const picture = file.mediaType.startsWith("image/") && file.previewUrl ? file.previewUrl : null;
  const { address } = useContent(picture);
  return (
    <li className={css.tile}>
      <UnstyledButton
        className={css.tileOpen}
        onClick={() => (file.previewUrl ? show() : download(file.url, file.name))}
        aria-label={`Open ${file.name}`}
      >
        <div className={css.tileFace}>{address ? <img src={address} alt="" /> : <Face file={file} large />}</div>
        <div className={css.tileName}>
          <Text size="xs" fw={550} truncate>
            {file.name}
          </Text>
          <Text size="xs" c="dimmed">
            {sizeWord(file.sizeBytes)}
          </Text>
        </div>
      </UnstyledButton>
    </li>
  );
}

function FileActs({ file }: { file: FileLineFragment }) {
  const { case: one } = useShown();
  const { may } = useSession();
  const remove = useAct(DeleteAttachmentsDocument);
  useEffect(() => tell(remove.declined), [remove.declined]);
  return (
    <Group gap={2} wrap="nowrap">
      <Tooltip label="Download">
        <ActionIcon variant="subtle" color="gray" aria-label={`Download ${file.name}`} onClick={() => download(file.url, file.name)}>
          <Download size={15} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {one.status === "ACTIVE" && file.source === "UPLOAD" && may("deleteAttachments") && (
        <Tooltip label="Delete">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Delete ${file.name}`}
            loading={remove.busy}
            onClick={() => remove.run({ attachmentIds: [file.id] })}
          >
            <Trash2 size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

function Face({ file, large }: { file: FileLineFragment; large?: boolean }) {
  const Icon = file.mediaType.startsWith("image/") ? ImageIcon : FileText;
  return <Icon size={large ? 30 : 17} strokeWidth={1.6} aria-hidden className={css.rowIcon} />;
}
