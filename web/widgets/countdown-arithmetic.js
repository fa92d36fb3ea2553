// What a countdown says at an instant: additions and comparisons, no calendar, no clock, no page.
//
// All instants and spans are milliseconds. `sla/countdown.py` says what is sent; tests compare both at thousands of instants.

/**
 * @typedef {"IN_PROGRESS" | "NEARING_NONCOMPLIANCE" | "PAUSED" | "SUCCEEDED" | "NONCOMPLIANT" | "CANCELED"} State
 *
 * @typedef {object} Sent  A countdown as the API sends it: instants in RFC 3339, spans in ISO 8601.
 * @property {State} state
 * @property {string} remaining
 * @property {string} serverNow
 * @property {string | null} [warnAt]
 * @property {string | null} [failAt]
 * @property {string | null} [breaksAt]
 * @property {ReadonlyArray<{ start: string, end: string }>} hours
 * @property {string | null} [validUntil]
 *
 * @typedef {object} Countdown
 * @property {State} state
 * @property {number} remaining
 * @property {number} at
 * @property {number} warnAt
 * @property {number} failAt
 * @property {number} breaksAt
 * @property {ReadonlyArray<{ start: number, end: number }>} hours
 * @property {number} validUntil
 *
 * @typedef {object} Shown
 * @property {State} state
 * @property {number} remaining  negative by how much the promise was exceeded
 * @property {boolean} running  whether it shrinks at this instant
 * @property {number} turnsAt  when it next stops or goes on; Infinity if nobody knows
 * @property {boolean} stale  whether the hours that were sent are over, so that it has to be asked for again
 */

const DURATION = /^(-)?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const ENDED = new Set(["SUCCEEDED", "NONCOMPLIANT", "CANCELED"]);

/**
 * Milliseconds of an ISO 8601 duration without months and years.
 * @param {string} text
 * @returns {number}
 */
export function span(text) {
  const found = DURATION.exec(text);
  if (!found) throw new RangeError(`"${text}" is no duration`);
  const [weeks, days, hours, minutes, seconds] = found.slice(2).map((part) => Number(part ?? 0));
  const whole = ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000;
  return (found[1] ? -1 : 1) * (whole + Math.round((seconds ?? 0) * 1000));
}

/** @param {string | null | undefined} text */
function instant(text) {
  return text ? Date.parse(text) : Infinity;
}

/**
 * What was sent, in numbers. An instant that is never, as far as is known, is Infinity.
 * @param {Sent} sent
 * @returns {Countdown}
 */
export function read(sent) {
  return {
    state: sent.state,
    remaining: span(sent.remaining),
    at: instant(sent.serverNow),
    warnAt: instant(sent.warnAt),
    failAt: instant(sent.failAt),
    breaksAt: instant(sent.breaksAt),
    hours: sent.hours.map(({ start, end }) => ({ start: instant(start), end: instant(end) })),
    validUntil: instant(sent.validUntil),
  };
}

/**
 * Open time left at `now`; what lies before the countdown was made is as it was then.
 * @param {Countdown} countdown
 * @param {number} now
 */
export function remainingAt({ remaining, at, hours }, now) {
  let passed = 0;
  for (const { start, end } of hours) {
    if (start >= now) break;
    passed += Math.max(0, Math.min(now, end) - Math.max(at, start));
  }
  return remaining - passed;
}

/**
 * @param {Countdown} countdown
 * @param {number} now
 * @returns {State}
 */
export function stateAt({ state, warnAt, breaksAt }, now) {
  if (ENDED.has(state)) return state;
  if (now > breaksAt) return "NONCOMPLIANT";
  if (state === "PAUSED") return state;
  return now >= warnAt ? "NEARING_NONCOMPLIANCE" : "IN_PROGRESS";
}

/**
 * Everything that a widget shows at `now`.
 * @param {Countdown} countdown
 * @param {number} now
 * @returns {Shown}
 */
export function shownAt(countdown, now) {
  const next = countdown.hours.find(({ end }) => end > now);
  const running = next !== undefined && next.start <= now;
  const turn = running ? next.end : (next?.start ?? Infinity);
  return {
    state: stateAt(countdown, now),
    remaining: remainingAt(countdown, now),
    running,
    turnsAt: turn === countdown.validUntil && running ? Infinity : turn,
    stale: now >= countdown.validUntil,
  };
}

/**
 * A span in its two largest parts, as `[[2, "h"], [5, "min"]]`. Hours are not made into days: a day of opening hours is
 * no day on the wall. Seconds are told within the last hour only.
 * @param {number} span
 * @returns {Array<[number, "h" | "min" | "s"]>}
 */
export function parts(span) {
  const seconds = Math.floor(Math.abs(span) / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (hours >= 100) return [[hours, "h"]];
  if (hours > 0) return [[hours, "h"], [minutes, "min"]];
  if (minutes > 0) return [[minutes, "min"], [rest, "s"]];
  return [[rest, "s"]];
}
