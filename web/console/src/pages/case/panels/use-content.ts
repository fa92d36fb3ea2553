/** The content of a file while it is shown. */

import { useEffect, useState } from "react";
import { contentOf } from "../../../session/files";

export function useContent(url: string | null): { address: string | null; trouble: boolean } {
  const [address, setAddress] = useState<string | null>(null);
  const [trouble, setTrouble] = useState(false);
  useEffect(() => {
    setAddress(null);
    setTrouble(false);
    if (!url) return;
    let made: string | null = null;
    let left = false;
    contentOf(url).then(
      (content) => {
        made = content;
        if (left) URL.revokeObjectURL(content);
        else setAddress(content);
      },
      () => setTrouble(true),
    );
    return () => {
      left = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [url]);
  return { address, trouble };
}
