/** The frame around every page: where one can go, what one can always do, and who one is. */

import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "wouter";
import { Account } from "./account";
import { Logo } from "./logo";
import { Navigation } from "./navigation";
import css from "./frame.module.css";

export function Shell({ children }: { children: ReactNode }) {
  const [open, { toggle, close }] = useDisclosure();
  const [path] = useLocation();
  useEffect(close, [path, close]);

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !open } }}
      padding={0}
      transitionDuration={120}
    >
      <a href="#main" className={css.skip}>
        Skip to the content
      </a>
      <AppShell.Header className={css.header}>
        <Group h="100%" px="sm" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" aria-expanded={open} />
            <Link href="/cases" className={css.home} aria-label="Casegraph, to the cases">
              <Logo size={24} />
            </Link>
          </Group>
          <Group gap={6} wrap="nowrap">
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={css.navbar}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main className={css.main} id="main" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
