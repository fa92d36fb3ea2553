/** Something could not be loaded: what, why as far as we know, and a way to try again. */

import { Button, Stack, Text, Title } from "@mantine/core";
import { CloudOff, RotateCw } from "lucide-react";
import type { CombinedError } from "urql";

export function Failure({ error, retry }: { error: CombinedError; retry: () => void }) {
  const message = error.networkError
    ? "The server cannot be reached."
    : (error.graphQLErrors[0]?.message ?? "Something went wrong.");
  return (
    <Stack align="center" gap="xs" py={64} px="md" role="alert">
      <CloudOff size={32} strokeWidth={1.5} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={2} size="h4">
        This could not be loaded
      </Title>
      <Text c="dimmed" size="sm" ta="center" maw={440}>
        {message}
      </Text>
      <Button variant="default" mt="xs" leftSection={<RotateCw size={15} aria-hidden />} onClick={retry}>
        Try again
      </Button>
    </Stack>
  );
}
