/** Who one is, how it looks, and the way out. */

import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useSession } from "../session/viewer";
import { sentence } from "../words/labels";

const SCHEMES = [
  ["light", "Light", Sun],
  ["dark", "Dark", Moon],
  ["auto", "As the system", Monitor],
] as const;

export function Account() {
  const { viewer, signOut } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const initials = viewer.name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("");
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={`${initials}, signed in as ${viewer.name}`}>
          <Avatar size={32} color="indigo" variant="filled">
            {initials}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} size="sm" c="var(--mantine-color-text)">
            {viewer.name}
          </Text>
          {sentence(viewer.role)} · {viewer.tenant?.name}
        </Menu.Label>
        <Menu.Divider />
        {SCHEMES.map(([scheme, word, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={15} aria-hidden />}
            onClick={() => setColorScheme(scheme)}
            aria-current={colorScheme === scheme}
            fw={colorScheme === scheme ? 650 : 400}
          >
            {word}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
