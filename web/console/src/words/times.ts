/** Instants and spans as people read them. */

const DAY = 86_400_000;
const LANGUAGE = typeof document === "undefined" ? "en-GB" : document.documentElement.lang || undefined;
const clock = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(LANGUAGE, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short" });
const dateAndYear = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", year: "numeric" });
const whole = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "full", timeStyle: "medium" });
const dateAndClock = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** As short as it is clear: the time of today, the weekday of this week, else the date. */
export function brief(instant: string, now = Date.now()): string {
  const then = new Date(instant);
  const apart = Math.abs(now - then.getTime());
  if (apart < DAY && new Date(now).getDate() === then.getDate()) return clock.format(then);
  if (apart < 6 * DAY) return dayAndClock.format(then);
  return new Date(now).getFullYear() === then.getFullYear() ? date.format(then) : dateAndYear.format(then);
}

export function inFull(instant: string): string {
  return whole.format(new Date(instant));
}

export function precise(instant: string): string {
  return dateAndClock.format(new Date(instant));
}

export function dayOf(instant: string): string {
  return dateAndYear.format(new Date(instant));
}

/** Seconds of a span as the API writes it, `-PT39H42M11S`. */
export function secondsOf(duration: string): number {
  const found = /^(-)?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration);
  if (!found) return 0;
  const [weeks, days, hours, minutes, seconds] = found.slice(2).map((part) => Number(part ?? 0));
  const total = (((weeks! * 7 + days!) * 24 + hours!) * 60 + minutes!) * 60 + seconds!;
  return found[1] ? -total : total;
}

/** "2 d 3 h", "4 h 20 min", "12 min", "40 s": the two largest parts. */
export function spanWord(seconds: number): string {
  const rest = Math.abs(Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(rest / 86_400), "d"],
    [Math.floor((rest % 86_400) / 3_600), "h"],
    [Math.floor((rest % 3_600) / 60), "min"],
    [rest % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  const shown = parts.slice(first, first === 2 ? 3 : first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** An instant as an `<input type="datetime-local">` holds it; empty if there is none. */
export function localInput(instant: string | null | undefined): string {
  if (!instant) return "";
  const then = new Date(instant);
  return new Date(then.getTime() - then.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
