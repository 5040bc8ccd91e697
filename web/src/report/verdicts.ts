// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What came out: each expectation with its margin, the plant's audit, and whether time kept its promise.
import {fixed, h, section} from "../dom";
import type {TimingVerdict} from "../types";
import type {Report, Result, Verdict} from "./types";

function seconds(value: number | null): string {
  return value === null ? "" : `${Number(value.toPrecision(6))} s`;
}

function mark(isGood: boolean): HTMLElement {
  return h("span", {class: isGood ? "mark good" : "mark bad"}, isGood ? "✓ held" : "✗ failed");
}

/** How much of the time that was allowed it took. */
function marginBar(verdict: Verdict): HTMLElement | string {
  if (verdict.measured_s === null || verdict.limit_s === null || verdict.limit_s <= 0) return "";
  const share = verdict.measured_s / verdict.limit_s;
  return h(
    "span",
    {class: "margin-bar", role: "img", "aria-label": `${(100 * share).toFixed(0)} % of the limit`},
    h("span", {style: `width:${Math.min(100 * share, 100)}%`, class: share > 1 ? "bad" : "good"}),
  );
}

function verdictRow(verdict: Verdict): HTMLElement {
  return h(
    "tr",
    {"data-held": String(verdict.has_held)},
    h("td", {}, mark(verdict.has_held)),
    h(
      "td",
      {},
      h("strong", {}, verdict.name),
      h("br"),
      h("span", {class: "faint"}, `${verdict.kind} `),
      h("code", {}, verdict.that),
      ...(verdict.reason === "" ? [] : [h("p", {class: "reason"}, verdict.reason)]),
    ),
    h("td", {class: "n"}, seconds(verdict.measured_s)),
    h("td", {class: "n"}, seconds(verdict.limit_s)),
    h("td", {class: "n"}, seconds(verdict.margin_s), marginBar(verdict)),
  );
}

/** Those of the scenario, and of whoever ran the bench. */
export function verdictsOf(report: Report): Verdict[] {
  return [...(report.result?.expectations ?? []), ...report.verdicts];
}

function verdictTable(verdicts: Verdict[]): HTMLElement {
  const head = ["verdict", "expectation", "measured", "limit", "margin"].map((name) => h("th", {scope: "col"}, name));
  return h(
    "table",
    {class: "verdicts-table"},
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...verdicts.map(verdictRow)),
  );
}

function timingLine(timing: TimingVerdict): HTMLElement {
  const {lateness_us} = timing;
  return h(
    "p",
    {},
    mark(timing.is_valid),
    ` Timing: ${timing.speed}× real time, ${timing.missed_slots} of ${timing.slots} slots missed (${(100 * timing.late_share).toFixed(3)} % late), ` +
      `lateness p50 ${fixed(lateness_us.p50, 0)} µs, p99 ${fixed(lateness_us.p99, 0)} µs, p99.9 ${fixed(lateness_us.p99_9, 0)} µs, ` +
      `worst ${fixed(lateness_us.max, 0)} µs; budget ${timing.budget_ms} ms. ${timing.reason} ${timing.scheduling.join(", ")}`,
  );
}

function timingWords(report: Report): HTMLElement {
  const timing = report.result?.timing ?? report.clock?.timing.deadlines;
  if (timing) return timingLine(timing);
  return h("p", {}, "Timing: not paced; simulated time ran as fast as it could, which changes no bit of the result.");
}

function auditWords(result: Result): HTMLElement {
  const shares = Object.entries(result.audit.residuals).sort(([, a], [, b]) => b.share_of_limit - a.share_of_limit);
  const worst = shares[0];
  const words =
    worst === undefined
      ? "nothing was audited"
      : `the largest residual is ${worst[0]} with ${(100 * worst[1].share_of_limit).toPrecision(2)} % of what is allowed`;
  return h("p", {}, mark(result.audit.violation === null), ` Audit of the plant (charge, energy, heat): ${words}.`);
}

export function makeVerdicts(report: Report): HTMLElement {
  const {result} = report;
  const verdicts = verdictsOf(report);
  const parts: HTMLElement[] = verdicts.length > 0 ? [verdictTable(verdicts)] : [];
  if (result === null) {
    const judged = verdicts.length > 0 ? "a scenario's expectations are not judged yet" : "nothing is judged yet";
    parts.push(h("p", {}, `The bench was still running when this was made; ${judged}.`));
  } else if (verdicts.length === 0) {
    parts.push(h("p", {class: "faint"}, "Nothing was expected: this bench ran freely."));
  }
  if (result !== null) parts.push(auditWords(result));
  return section("Verdicts", "verdicts", ...parts, timingWords(report));
}
