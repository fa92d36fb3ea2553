/** What is shown instead of a page that broke, so that the rest stays usable. */

import { Button, Stack, Text, Title } from "@mantine/core";
import { RotateCw, TriangleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";

interface Props {
  /** Another address is another try. */
  at: string;
  children: ReactNode;
}

export class Mishap extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.broken && before.at !== this.props.at) this.setState({ broken: false });
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Stack align="center" gap="xs" py={64} px="md" role="alert">
        <TriangleAlert size={32} strokeWidth={1.5} aria-hidden color="var(--mantine-color-dimmed)" />
        <Title order={2} size="h4">
          This page broke
        </Title>
        <Text c="dimmed" size="sm" ta="center" maw={440}>
          Perhaps there is a newer console by now. Loading it again gets that, and loses nothing that you typed into a case.
        </Text>
        <Button variant="default" mt="xs" leftSection={<RotateCw size={15} aria-hidden />} onClick={() => location.reload()}>
          Load it again
        </Button>
      </Stack>
    );
  }
}
