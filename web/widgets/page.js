export {}; // a module, for it waits
// The example page: countdowns made up here, and the next ones of the API.

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** @param {number} ms */
const instant = (ms) => new Date(ms).toISOString();

/** @param {string} list @param {string} label @param {object} countdown @param {string} [target] */
function show(list, label, countdown, target) {
  const term = document.createElement("dt");
  term.textContent = label;
  const value = document.createElement("dd");
  const clock = document.createElement("sla-countdown");
  clock.setAttribute("label", label);
  if (target) clock.setAttribute("target", target);
  clock.setAttribute("countdown", JSON.stringify(countdown));
  value.append(clock);
  document.getElementById(list)?.append(term, value);
}

const now = Date.now();
const always = [{ start: instant(now), end: instant(now + 14 * 24 * HOUR) }];
const breaths = Array.from({ length: 200 }, (_, turn) => ({
  start: instant(now + turn * 20 * SECOND),
  end: instant(now + turn * 20 * SECOND + 10 * SECOND),
}));
const running = { state: "IN_PROGRESS", serverNow: instant(now), remaining: "PT2H5M", hours: always, validUntil: always[0]?.end };

show("examples", "Running", { ...running, warnAt: instant(now + 1.5 * HOUR), failAt: instant(now + 2 * HOUR + 300 * SECOND) }, "PT4H");
show("examples", "Opens and closes", { ...running, remaining: "PT10M", hours: breaths, validUntil: breaths.at(-1)?.end });
show("examples", "Warns in ten seconds", { ...running, remaining: "PT15M", warnAt: instant(now + 10 * SECOND) });
show("examples", "Falls due in twenty", { ...running, remaining: "PT20S", warnAt: instant(now), breaksAt: instant(now + 20 * SECOND) });
show("examples", "Overdue", { ...running, state: "NONCOMPLIANT", remaining: "-PT26M" });
show("examples", "Paused", { ...running, state: "PAUSED", remaining: "PT3H20M", hours: [], validUntil: null });
show("examples", "Met", { ...running, state: "SUCCEEDED", remaining: "PT1H12M", hours: [], validUntil: null });

const QUERY = `{
  slaKpiInstances(first: 5, where: {state: {in: [IN_PROGRESS, NEARING_NONCOMPLIANCE]}}, orderBy: [{failAt: ASC}]) {
    nodes {
      kpi target case { number }
      countdown { state remaining serverNow warnAt failAt breaksAt hours { start end } validUntil }
    }
  }
}`;

const token = sessionStorage.getItem("casegraph.token");
if (token) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: QUERY }),
  });
  const { data } = await answer.json();
  if (data) {
    document.getElementById("live")?.replaceChildren();
    for (const one of data.slaKpiInstances.nodes) {
      show("live", `${one.case.number}, ${one.kpi.replaceAll("_", " ")}`, one.countdown, one.target);
    }
  }
}
