import { Anchor } from "@mantine/core";
import { Compass } from "lucide-react";
import { Link } from "wouter";
import { Nothing } from "../parts/nothing";

export default function NotFound() {
  return (
    <Nothing icon={Compass} title="There is nothing at this address">
      It may have moved, or it is not yours to see.{" "}
      <Anchor component={Link} href="/cases" underline="always">
        Back to the cases
      </Anchor>
    </Nothing>
  );
}
