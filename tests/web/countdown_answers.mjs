// Reads countdowns and instants, a line of JSON each, and answers what the widget would show.

import { createInterface } from "node:readline";
import { read, shownAt } from "../../web/widgets/countdown-arithmetic.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { sent, instants } = JSON.parse(line);
  const countdown = read(sent);
  console.log(JSON.stringify(instants.map((now) => [shownAt(countdown, now).remaining, shownAt(countdown, now).state])));
}
