/** What one case is to another, seen from this one. */

import type { CaseLinkKind } from "../../../gql/graphql";

export const LINK_WORDS: Record<CaseLinkKind, string> = {
  RELATED: "Related to",
  DUPLICATES: "Duplicates",
  DUPLICATED_BY: "Duplicated by",
  BLOCKS: "Blocks",
  BLOCKED_BY: "Blocked by",
  CAUSES: "Causes",
  CAUSED_BY: "Caused by",
};
