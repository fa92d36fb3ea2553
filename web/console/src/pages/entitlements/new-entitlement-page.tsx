/** Drafting a contract, for the customer that the address names if it does. */

import { Lock } from "lucide-react";
import { useQuery } from "urql";
import { useSearchParams } from "wouter";
import { Opening } from "../../frame/opening";
import { CustomerNameDocument } from "../../gql/graphql";
import { Nothing } from "../../parts/nothing";
import { useSession } from "../../session/viewer";
import { EntitlementEditor } from "./entitlement-editor";

export default function NewEntitlementPage() {
  const { may } = useSession();
  const [said] = useSearchParams();
  const id = said.get("customer") ?? "";
  const [{ data, fetching }] = useQuery({ query: CustomerNameDocument, variables: { id }, pause: !id });
  if (!may("createEntitlement")) return <Nothing icon={Lock} title="You cannot draft entitlements" />;
  if (id && fetching) return <Opening />;
  const named = data?.node && "name" in data.node ? { id, name: data.node.name } : null;
  return <EntitlementEditor customer={named} />;
}
