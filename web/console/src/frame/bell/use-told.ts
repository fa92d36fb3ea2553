/** How much is unread. What comes in is shown at once, in a corner, for as long as it takes to read. */

import { notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import { useSubscription } from "urql";
import { ToldLiveDocument } from "../../gql/graphql";
import { useSession } from "../../session/viewer";
import { BY_NOBODY, TOLD_WORDS } from "./told-words";

export function useTold(): [number, (unread: number) => void] {
  const { unread } = useSession();
  const [known, setKnown] = useState<number | null>(null);
  useEffect(() => setKnown(null), [unread]);
  useSubscription({ query: ToldLiveDocument }, (_, news) => {
    const { unreadCount, notification: one } = news.notifications;
    setKnown(unreadCount);
    if (one) {
      const who = BY_NOBODY.has(one.kind) ? "" : `${one.actor?.name ?? "The system"} `;
      const title = `${who}${TOLD_WORDS[one.kind]} ${one.case?.number ?? ""}`;
      notifications.show({ id: one.id, title, message: one.case?.title, autoClose: 7000 });
    }
    return news;
  });
  return [known ?? unread, setKnown];
}
