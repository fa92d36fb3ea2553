/** Going from one page of a list to the next and back; where one is stands beside it. */

import { Button, Group, Text } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";

interface Paging {
  /** The cursor that the page comes after; null for the first. */
  after: string | null;
  /** How many rows come before this page. */
  before: number;
  forward: (cursor: string) => void;
  back: () => void;
}

/** Which page of a list is asked for. Another `question` begins with its first. */
export function usePaging(question: string, size: number): Paging {
  const [cursors, setCursors] = useState<{ of: string; list: string[] }>({ of: question, list: [] });
  useEffect(() => setCursors((known) => (known.of === question ? known : { of: question, list: [] })), [question]);
  const list = cursors.of === question ? cursors.list : [];
  return {
    after: list.at(-1) ?? null,
    before: list.length * size,
    forward: (cursor) => setCursors({ of: question, list: [...list, cursor] }),
    back: () => setCursors({ of: question, list: list.slice(0, -1) }),
  };
}

interface Props {
  paging: Paging;
  shown: number;
  total?: number | null | undefined;
  info: { hasNextPage: boolean; endCursor?: string | null | undefined };
}

export function Pager({ paging, shown, total, info }: Props) {
  if (!info.hasNextPage && paging.before === 0) return null;
  return (
    <Group justify="space-between" pt="sm" px={4}>
      <Text c="dimmed" size="sm" className="number">
        {paging.before + 1}–{paging.before + shown}
        {total ? ` of ${total.toLocaleString()}` : ""}
      </Text>
      <Group gap="xs">
        <Button variant="default" disabled={paging.before === 0} leftSection={<ChevronLeft size={15} aria-hidden />} onClick={paging.back}>
          Previous
        </Button>
        <Button
          variant="default"
          disabled={!info.hasNextPage}
          rightSection={<ChevronRight size={15} aria-hidden />}
          onClick={() => info.endCursor && paging.forward(info.endCursor)}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
}
