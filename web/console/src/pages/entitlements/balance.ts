/** A balance over time, from the lines of its ledger; and where it goes from here. */

export interface Point {
  at: number;
  left: number;
}

interface Line {
  at: string;
  amount: string;
}

/**
 * What was left after each line, the oldest first. Lines of one instant are one step. If older lines are not among these
 * it is counted back from what is left now, and otherwise up from nothing.
 */
export function stepsOf(lines: Line[], whole: boolean, leftNow: number): Point[] {
  const sum = lines.reduce((total, line) => total + hundredths(line.amount), 0);
  let left = whole ? 0 : Math.round(leftNow * 100) - sum;
  const steps = new Map<number, number>();
  for (const line of lines) {
    left += hundredths(line.amount);
    steps.set(Date.parse(line.at), left / 100);
  }
  return [...steps].map(([at, value]) => ({ at, left: value }));
}

/** The way from what is left now to nothing, or to what is left on the last day; none if nothing is used. */
export function wayOn(leftNow: number, perDay: number, now: number, until: number): Point[] {
  if (perDay <= 0 || leftNow <= 0 || until <= now) return [];
  const days = (until - now) / 86_400_000;
  const lasts = leftNow / perDay;
  return lasts < days
    ? [{ at: now, left: leftNow }, { at: now + lasts * 86_400_000, left: 0 }]
    : [{ at: now, left: leftNow }, { at: until, left: Math.round((leftNow - perDay * days) * 100) / 100 }];
}

function hundredths(amount: string): number {
  return Math.round(Number(amount) * 100);
}
