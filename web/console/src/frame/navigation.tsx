/** The places of the console, and the queues with how much waits in each. */

import { ScrollArea } from "@mantine/core";
import { BookOpen, type LucideIcon, ListChecks } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import css from "./frame.module.css";

export function Navigation() {
  return (
    <ScrollArea type="auto" component="nav" aria-label="Main">
      <div className={css.group}>Work</div>
      <Place href="/cases" icon={ListChecks}>
        Cases
      </Place>
      <div className={css.group}>API</div>
      <a className={css.link} href="/graphql">
        <BookOpen size={16} aria-hidden />
        <span className={css.label}>GraphiQL</span>
      </a>
    </ScrollArea>
  );
}

export function Place({ href, icon: Icon, count, children }: { href: string; icon: LucideIcon; count?: number; children: ReactNode }) {
  const [path] = useLocation();
  const here = path === href || path.startsWith(`${href}/`);
  return (
    <Link href={href} className={css.link} aria-current={here ? "page" : undefined}>
      <Icon size={16} aria-hidden />
      <span className={css.label}>{children}</span>
      {count ? <span className={css.count}>{count}</span> : null}
    </Link>
  );
}
