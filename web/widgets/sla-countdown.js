// <sla-countdown>: a clock of a case that ticks by itself, stops at closing time and goes on in the morning.
//
//   <script type="module" src="/widgets/sla-countdown.js"></script>
//   <sla-countdown label="First response" countdown='{"state": "IN_PROGRESS", …}'></sla-countdown>
//
// `countdown` is what the API answers as `SlaKpiInstance.countdown`, as an attribute in JSON or as a property. It never
// asks the server for anything. `docs/countdown.md` says what else it understands.

import { parts, read, shownAt, span } from "./countdown-arithmetic.js";

/** @typedef {import("./countdown-arithmetic.js").Sent} Sent */
/** @typedef {import("./countdown-arithmetic.js").Shown} Shown */
/** @typedef {import("./countdown-arithmetic.js").State} State */

const LONG = { h: ["hour", "hours"], min: ["minute", "minutes"], s: ["second", "seconds"] };
const SPOKEN_EVERY = 60_000;

/** @type {Record<State, { mark: string, tone: string, word: string }>} */
const LOOKS = {
  IN_PROGRESS: { mark: "●", tone: "calm", word: "running" },
  NEARING_NONCOMPLIANCE: { mark: "▲", tone: "warn", word: "nearly due" },
  NONCOMPLIANT: { mark: "!", tone: "late", word: "overdue" },
  PAUSED: { mark: "‖", tone: "held", word: "paused" },
  SUCCEEDED: { mark: "✓", tone: "met", word: "met" },
  CANCELED: { mark: "–", tone: "gone", word: "canceled" },
};

const STYLE = `
:host { display: inline-block; max-width: 100%; font: inherit; font-variant-numeric: tabular-nums; color-scheme: inherit; }
:host([hidden]) { display: none; }
.clock { display: inline-grid; grid-template-columns: auto 1fr; align-items: center; column-gap: .45em; padding: .12em .55em;
  border-radius: .4em; line-height: 1.45; color: var(--fg); background: var(--bg); }
.mark { font-size: .72em; font-weight: 800; line-height: 1; min-width: 1em; text-align: center; }
.left { font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.note { grid-column: 2; font-size: .84em; opacity: .92; }
.bar { grid-column: 1 / -1; height: 3px; margin: .15em 0 .2em; border-radius: 2px; background: color-mix(in srgb, var(--fg) 18%, transparent); }
.bar > i { display: block; height: 100%; border-radius: 2px; background: var(--fg); }
:host([compact]) .note { display: none; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.calm { --fg: var(--sla-calm-fg, light-dark(#0d4a8c, #a3cdf8)); --bg: var(--sla-calm-bg, light-dark(#e1edfa, #14314f)); }
.warn { --fg: var(--sla-warn-fg, light-dark(#7a4300, #f7c877)); --bg: var(--sla-warn-bg, light-dark(#fdeccd, #432f0c)); }
.late { --fg: var(--sla-late-fg, light-dark(#981b1b, #ffaaa3)); --bg: var(--sla-late-bg, light-dark(#fde4e2, #4a1c1b)); }
.held { --fg: var(--sla-held-fg, light-dark(#53308f, #cdb5f7)); --bg: var(--sla-held-bg, light-dark(#ede5fb, #33234f)); }
.met { --fg: var(--sla-met-fg, light-dark(#0f5c36, #95dcb4)); --bg: var(--sla-met-bg, light-dark(#ddf3e6, #12382a)); }
.gone { --fg: var(--sla-gone-fg, light-dark(#46505c, #bcc6d1)); --bg: var(--sla-gone-bg, light-dark(#e9edf1, #29323c)); }
@media (prefers-reduced-motion: no-preference) {
  .warn .mark, .late.running .mark { animation: breathe 2s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: .35; } }
}`;

/** Every countdown on the page; one timer moves them all. @type {Set<SlaCountdown>} */
const ticking = new Set();
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

function tickAll() {
  if (!document.hidden) for (const one of ticking) one.tick();
}

export class SlaCountdown extends HTMLElement {
  static observedAttributes = ["countdown", "label", "target", "compact"];

  /** @type {ReturnType<typeof read> | null} */
  #countdown = null;
  /** @type {Sent | null} */
  #sent = null;
  /** How far the server's clock is ahead of this machine's. */
  #ahead = 0;
  /** @type {{ text: string, state: string, spokenAt: number, stale: boolean }} */
  #last = { text: "", state: "", spokenAt: -Infinity, stale: false };

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.innerHTML = '<span class="clock" part="clock" aria-hidden="true"></span><span class="said" aria-live="polite"></span>';
  }

  /** What the API sent; null shows nothing. Set again, it goes on from there. @returns {Sent | null} */
  get countdown() {
    return this.#sent;
  }

  /** @param {Sent | string | null} value */
  set countdown(value) {
    const sent = typeof value === "string" ? JSON.parse(value) : value;
    if (sent && this.#sent && JSON.stringify(sent) === JSON.stringify(this.#sent)) return;
    this.#sent = sent;
    this.#countdown = sent ? read(sent) : null;
    this.#ahead = this.#countdown ? this.#countdown.at - Date.now() : 0;
    this.#last = { text: "", state: "", spokenAt: -Infinity, stale: false };
    if (this.isConnected) this.tick();
  }

  connectedCallback() {
    if (!this.hasAttribute("role")) this.setAttribute("role", "timer");
    ticking.add(this);
    timer ??= setInterval(tickAll, 1000);
    document.addEventListener("visibilitychange", tickAll);
    this.tick();
  }

  disconnectedCallback() {
    ticking.delete(this);
    if (ticking.size === 0) {
      clearInterval(timer);
      timer = undefined;
      document.removeEventListener("visibilitychange", tickAll);
    }
  }

  /** @param {string} name @param {string | null} _before @param {string | null} value */
  attributeChangedCallback(name, _before, value) {
    if (name === "countdown") this.countdown = value || null;
    else if (this.isConnected) {
      this.#last.text = "";
      this.tick();
    }
  }

  /** Shows the present instant, by the server's clock. Writes only what has changed. */
  tick() {
    const clock = /** @type {HTMLElement} */ (this.shadowRoot?.firstElementChild);
    if (!this.#countdown) {
      clock.replaceChildren();
      return;
    }
    const now = Date.now() + this.#ahead;
    const shown = shownAt(this.#countdown, now);
    const [left, note] = this.hasAttribute("compact") ? [brief(shown), ""] : words(shown);
    const text = `${left}|${note}|${shown.state}|${shown.running}`;
    if (text !== this.#last.text) {
      this.#last.text = text;
      draw(clock, shown, left, note, this.getAttribute("target"));
    }
    this.#speak(shown, now);
  }

  /** The name for those who hear it: told anew when the state changes, and once a minute. @param {Shown} shown @param {number} now */
  #speak(shown, now) {
    const turned = shown.state !== this.#last.state;
    if (turned || now - this.#last.spokenAt >= SPOKEN_EVERY) {
      this.setAttribute("aria-label", sentence(this.getAttribute("label"), shown, this.#countdown?.failAt ?? Infinity));
      this.#last.spokenAt = now;
    }
    if (turned) {
      const before = this.#last.state;
      this.#last.state = shown.state;
      if (before && this.hasAttribute("announce")) {
        /** @type {HTMLElement} */ (this.shadowRoot?.lastElementChild).textContent = this.getAttribute("aria-label");
      }
      if (before) this.dispatchEvent(new CustomEvent("sla-countdown-turn", { bubbles: true, detail: { state: shown.state } }));
    }
    if (shown.stale && !this.#last.stale) {
      this.#last.stale = true;
      this.dispatchEvent(new CustomEvent("sla-countdown-stale", { bubbles: true }));
    }
  }
}

/** @param {HTMLElement} clock @param {Shown} shown @param {string} left @param {string} note @param {string | null} target */
function draw(clock, shown, left, note, target) {
  const look = LOOKS[shown.state];
  clock.className = `clock ${look.tone}${shown.running ? " running" : ""}`;
  const pieces = [piece("mark", look.mark), piece("left", left)];
  if (note) pieces.push(piece("note", note));
  if (target) {
    const bar = piece("bar", "");
    const fill = document.createElement("i");
    const used = 1 - shown.remaining / Math.max(1, span(target));
    fill.style.width = `${Math.round(Math.min(1, Math.max(0, used)) * 1000) / 10}%`;
    bar.append(fill);
    pieces.push(bar);
  }
  clock.replaceChildren(...pieces);
}

/** @param {string} name @param {string} text */
function piece(name, text) {
  const made = document.createElement("span");
  made.className = name;
  made.setAttribute("part", name);
  made.textContent = text;
  return made;
}

/** What is read at a glance, and what is said below it. @param {Shown} shown @returns {[string, string]} */
function words({ state, remaining, running, turnsAt }) {
  const span = spanOf(parts(remaining));
  if (state === "SUCCEEDED") return [remaining < 0 ? `Met ${span} late` : "Met", remaining < 0 ? "" : `${span} were left`];
  if (state === "CANCELED") return ["Canceled", ""];
  const left = remaining < 0 ? `${span} over` : `${span} left`;
  if (state === "PAUSED") return [`Paused, ${left}`, "goes on when the case does"];
  const goesOn = turnsAt === Infinity ? "" : moment(turnsAt);
  if (running) return [left, goesOn && `until ${goesOn}, then closed`];
  return [left, goesOn && `closed, goes on ${goesOn}`];
}

/** @param {ReadonlyArray<readonly [number, string] | undefined>} some */
function spanOf(some) {
  return some.flatMap((part, place) => (part && (part[0] || place === 0) ? [part.join(" ")] : [])).join(" ");
}

/** The same in as few letters as will do: hours alone, where there are many. @param {Shown} shown */
function brief({ state, remaining }) {
  if (state === "SUCCEEDED") return remaining < 0 ? "Met late" : "Met";
  if (state === "CANCELED") return "Canceled";
  const [first, second] = parts(remaining);
  const rough = state === "PAUSED" || (first?.[1] === "h" && first[0] >= 10);
  const span = spanOf([first, rough ? undefined : second]);
  if (state === "PAUSED") return `paused, ${span}`;
  return remaining < 0 ? `${span} over` : span;
}

/** @param {string | null} label @param {Shown} shown @param {number} failAt */
function sentence(label, { state, remaining, running, turnsAt }, failAt) {
  const span = parts(remaining)
    .filter(([, unit]) => unit !== "s" || Math.abs(remaining) < 60_000)
    .map(([count, unit]) => `${count} ${LONG[unit][count === 1 ? 0 : 1]}`)
    .join(" ");
  const { word } = LOOKS[state];
  const open = state !== "SUCCEEDED" && state !== "CANCELED";
  const pieces = [open ? `${remaining < 0 ? `${span} over` : `${span} left`}, ${word}` : word];
  if (open && state !== "PAUSED" && !running && turnsAt !== Infinity) pieces.push(`closed until ${moment(turnsAt)}`);
  if (open && failAt !== Infinity && remaining >= 0) pieces.push(`due ${moment(failAt)}`);
  return `${label ? `${label}: ` : ""}${pieces.join(", ")}`;
}

/** @param {number} instant */
function moment(instant) {
  const then = new Date(instant);
  const near = Math.abs(instant - Date.now()) < 6 * 86_400_000;
  const today = then.toDateString() === new Date().toDateString();
  return then.toLocaleString(document.documentElement.lang || undefined, {
    ...(today ? {} : near ? { weekday: "short" } : { day: "numeric", month: "short" }),
    hour: "2-digit",
    minute: "2-digit",
  });
}

if (!customElements.get("sla-countdown")) customElements.define("sla-countdown", SlaCountdown);
