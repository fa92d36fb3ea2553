/** A page that is of use to the viewer, or the one that says that there is none. */

import type { ReactNode } from "react";
import NotFound from "../pages/not-found";
import { useSession } from "../session/viewer";
import { isPlaceFor } from "./places";

export function Allowed({ at, children }: { at: string; children: ReactNode }) {
  const { may } = useSession();
  return isPlaceFor(at, may) ? children : <NotFound />;
}
