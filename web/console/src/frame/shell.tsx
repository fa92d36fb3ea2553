/** The frame around every page: where one can go, what one can always do, and who one is. */

import { ActionIcon, AppShell, Burger, Button, Group, Kbd, Tooltip, UnstyledButton } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { Plus, Search } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { Link, useLocation } from "wouter";
import { useNewCase } from "../new-case/use-new-case";
import { useSession } from "../session/viewer";
import { Account } from "./account";
import { Allowed } from "./allowed";
import { Bell } from "./bell/bell";
import { Palette } from "./find/palette";
import { Logo } from "./logo";
import { Navigation } from "./navigation";
import css from "./frame.module.css";

const NewCaseDrawer = lazy(() => import("../new-case/new-case-drawer"));

export function Shell({ children }: { children: ReactNode }) {
  const [open, { toggle, close }] = useDisclosure();
  const [path] = useLocation();
  const { may, viewer } = useSession();
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
          <FindButton />
          <Group gap={6} wrap="nowrap">
            {may("createCase") && <NewCase />}
            {viewer.person && <Bell />}
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={css.navbar}>
        <Navigation />
      </AppShell.Navbar>
      <Palette />
      <AppShell.Main className={css.main} id="main" tabIndex={-1}>
        <Allowed at={path}>{children}</Allowed>
      </AppShell.Main>
    </AppShell>
  );
}

function FindButton() {
  return (
    <>
      <UnstyledButton className={css.find} onClick={spotlight.open} visibleFrom="sm">
        <Search size={15} aria-hidden />
        <span>Find a case or an article</span>
        <Kbd size="xs">Ctrl K</Kbd>
      </UnstyledButton>
      <ActionIcon variant="default" size={34} aria-label="Find a case or an article" onClick={spotlight.open} hiddenFrom="sm" ml="auto">
        <Search size={17} aria-hidden />
      </ActionIcon>
    </>
  );
}

function NewCase() {
  const [open, setOpen] = useNewCase();
  useHotkeys([["n", () => setOpen(true)]]);
  return (
    <>
      <Button size="xs" leftSection={<Plus size={15} aria-hidden />} visibleFrom="sm" onClick={() => setOpen(true)}>
        New case
      </Button>
      <Tooltip label="New case">
        <ActionIcon hiddenFrom="sm" size={34} aria-label="New case" onClick={() => setOpen(true)}>
          <Plus size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Suspense fallback={null}>{open && <NewCaseDrawer />}</Suspense>
    </>
  );
}
