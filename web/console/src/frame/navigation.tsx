/** The places of the console, and how much waits in the queues. */

import { ScrollArea } from "@mantine/core";
import { BookOpen } from "lucide-react";
import { Link, useLocation } from "wouter";
import { useSession } from "../session/viewer";
import { PLACES } from "./places";
import css from "./frame.module.css";

export function Navigation() {
  const [path] = useLocation();
  const { may, queues, staff } = useSession();
  const waiting = queues.reduce((sum, queue) => sum + (queue.available.totalCount ?? 0), 0);
  return (
    <ScrollArea type="auto" component="nav" aria-label="Main">
      <div className={css.group}>Work</div>
      {PLACES.filter((place) => !place.needs || may(place.needs)).map(({ href, word, icon: Icon }) => (
        <Link key={href} href={href} className={css.link} aria-current={path.startsWith(href) ? "page" : undefined}>
          <Icon size={16} aria-hidden />
          <span className={css.label}>{word}</span>
          {href === "/queues" && waiting > 0 && (
            <span className={css.count} aria-label={`${waiting} waiting`}>
              {waiting}
            </span>
          )}
        </Link>
      ))}
      {staff && (
        <>
          <div className={css.group}>API</div>
          <a className={css.link} href="/graphql">
            <BookOpen size={16} aria-hidden />
            <span className={css.label}>GraphiQL</span>
          </a>
        </>
      )}
    </ScrollArea>
  );
}
