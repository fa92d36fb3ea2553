import { Group, Skeleton } from "@mantine/core";

export function WaitingRows({ count = 12 }: { count?: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: count }, (_, row) => (
        <Group key={row} px="md" py={9} wrap="nowrap" gap="xl">
          <Skeleton h={14} w={`${34 + ((row * 7) % 22)}%`} />
          <Skeleton h={14} w="14%" visibleFrom="sm" />
          <Skeleton h={18} w={70} />
          <Skeleton h={14} w="10%" visibleFrom="sm" />
        </Group>
      ))}
    </div>
  );
}
