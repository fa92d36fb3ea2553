/** Where one can go. `needs` is a mutation without which a place is of no use to the viewer. */

import { BookOpen, ChartNoAxesColumn, Clock3, Inbox, ListChecks, type LucideIcon, ReceiptText, Workflow } from "lucide-react";

export interface Place {
  href: string;
  word: string;
  icon: LucideIcon;
  needs?: string;
}

export const PLACES: Place[] = [
  { href: "/cases", word: "Cases", icon: ListChecks },
  { href: "/queues", word: "Queues", icon: Inbox, needs: "pickQueueItem" },
  { href: "/articles", word: "Articles", icon: BookOpen },
  { href: "/entitlements", word: "Entitlements", icon: ReceiptText, needs: "applyEntitlement" },
  { href: "/reports", word: "Reports", icon: ChartNoAxesColumn, needs: "pickQueueItem" },
  { href: "/promises", word: "Service levels", icon: Clock3, needs: "pickQueueItem" },
  { href: "/rules", word: "Rules", icon: Workflow, needs: "pickQueueItem" },
];

/** Whether an address is of use to somebody with these permissions. */
export function isPlaceFor(path: string, may: (mutation: string) => boolean): boolean {
  const place = PLACES.find(({ href }) => path === href || path.startsWith(`${href}/`));
  return !place?.needs || may(place.needs);
}
