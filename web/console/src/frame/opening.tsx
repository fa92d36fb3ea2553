/** What is seen while the first answer is on its way: the frame, empty. */

import { Box, Group, Skeleton, Stack } from "@mantine/core";

export function Opening() {
  return (
    <Box p="md" aria-busy="true" aria-label="Loading">
      <Group h={36} mb="lg">
        <Skeleton h={28} w={150} />
        <Skeleton h={32} w={320} visibleFrom="sm" />
      </Group>
      <Stack gap="sm">
        {Array.from({ length: 10 }, (_, row) => (
          <Skeleton key={row} h={38} />
        ))}
      </Stack>
    </Box>
  );
}
