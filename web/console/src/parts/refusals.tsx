/** What was declined of something that no field of a form can show. */

import { Alert } from "@mantine/core";
import type { Declined } from "../graph/act";

export function Refusals({ of }: { of: Declined[] }) {
  return [...new Set(of.map((one) => one.message))].map((message) => (
    <Alert key={message} color="red" variant="outline" role="alert">
      {message}
    </Alert>
  ));
}
