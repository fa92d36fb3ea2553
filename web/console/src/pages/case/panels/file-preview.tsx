import { Button, Center, Group, Loader, Modal, Text } from "@mantine/core";
import { Download } from "lucide-react";
import type { FileLineFragment } from "../../../gql/graphql";
import { download } from "../../../session/files";
import { useContent } from "./use-content";
import css from "./panels.module.css";

export function FilePreview({ file, close }: { file: FileLineFragment | null; close: () => void }) {
  const { address, trouble } = useContent(file?.previewUrl ?? null);
  const picture = file?.mediaType.startsWith("image/");
  return (
    <Modal opened={file !== null} onClose={close} title={file?.name} size="xl" closeButtonProps={{ "aria-label": "Close" }}>
      {trouble ? (
        <Text c="dimmed">The file could not be loaded.</Text>
      ) : !address ? (
        <Center h={240}>
          <Loader size="sm" aria-label="Loading" />
        </Center>
      ) : picture ? (
        <img className={css.preview} src={address} alt={file?.name} />
      ) : (
        <iframe className={css.frame} src={address} title={file?.name} />
      )}
      <Group justify="flex-end" mt="sm">
        <Button variant="default" leftSection={<Download size={15} aria-hidden />} onClick={() => file && download(file.url, file.name)}>
          Download
        </Button>
      </Group>
    </Modal>
  );
}
