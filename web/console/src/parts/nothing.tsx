/** An empty place, saying why it is empty and what to do about it. */

import { Stack, Text, Title } from "@mantine/core";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  small?: boolean;
}

export function Nothing({ icon: Icon, title, children, small }: Props) {
  return (
    <Stack align="center" gap={6} py={small ? 20 : 64} px="md">
      <Icon size={small ? 22 : 34} strokeWidth={1.4} aria-hidden color="var(--mantine-color-dimmed)" />
      <Title order={3} size={small ? "sm" : "h5"} fw={600}>
        {title}
      </Title>
      {children && (
        <Text component="div" c="dimmed" size="sm" ta="center" maw={420}>
          {children}
        </Text>
      )}
    </Stack>
  );
}
