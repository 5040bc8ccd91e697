// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A report, out of the data in this very page. It asks nobody for anything.
import {clockText, h, section} from "../dom";
import "../style.css";
import {overviewPlots} from "./charts";
import type {View} from "./data";
import {eventList, makeMoments, marksOf} from "./moments";
import {makeOrigin} from "./origin";
import "./report.css";
import {overviewStrips} from "./strips";
import type {Report} from "./types";
import {makeVerdicts, verdictsOf} from "./verdicts";

const app = document.getElementById("app") as HTMLElement;

function badge(report: Report): HTMLElement {
  const verdicts = verdictsOf(report);
  const held = verdicts.filter((verdict) => verdict.has_held).length;
  const hasFailed = held < verdicts.length || report.result?.has_passed === false;
  if (report.result === null && report.why_over !== "") return h("span", {class: "badge bad"}, "ended early");
  if (report.result === null && !hasFailed) return h("span", {class: "badge"}, "still running");
  if (!hasFailed && verdicts.length === 0) return h("span", {class: "badge"}, "free run");
  return h(
    "span",
    {class: hasFailed ? "badge bad" : "badge good"},
    `${hasFailed ? "✗ failed" : "✓ passed"} · ${held} of ${verdicts.length}`,
  );
}

function makeHead(report: Report, choosePack: HTMLElement[]): HTMLElement {
  const {scenario, bench} = report;
  const packs = bench.packs.length > 1 ? `${bench.packs.length} × ` : "";
  return h(
    "header",
    {class: "report-head"},
    h(
      "div",
      {class: "titles"},
      h("h1", {}, scenario.title || scenario.key),
      h(
        "p",
        {class: "faint"},
        `${packs}${bench.packs[0]?.title ?? ""} · ${bench.inverter.title} · specimen ${scenario.seed} · ${clockText(report.end_s - report.start_s)} simulated`,
      ),
    ),
    ...choosePack,
    badge(report),
  );
}

function makeOverview(view: View): HTMLElement {
  const {report} = view;
  const marks = marksOf(report.windows.flatMap((moment) => moment.events.slice(0, 1))).map((mark, i) => ({
    ...mark,
    label: String(i + 1),
    isBad: report.windows[i]?.events.some((event) => ["protection", "failure"].includes(event.event)) ?? false,
  }));
  return section(
    "The whole run",
    "overview",
    h(
      "p",
      {class: "faint"},
      "In colour what the BMS says, grey the truth; the numbers on top are the moments below. A band spans lowest and highest.",
    ),
    h("div", {class: "overview-plots"}, ...overviewPlots(view, marks)),
    h("h3", {}, "What the BMS did, and what a person saw"),
    h("div", {class: "strips"}, ...overviewStrips(view)),
  );
}

function momentsHead(report: Report): HTMLElement {
  const rest = report.moments_left_out > 0 ? `; ${report.moments_left_out} more events found no place` : "";
  const words =
    report.windows.length === 0
      ? "Nothing noteworthy happened."
      : `${report.windows.length} stretches of time around faults, protections, states and what people did${rest}.`;
  return h("div", {class: "moments-head"}, h("h2", {}, "Moments"), h("p", {class: "faint"}, words));
}

/** chosen: 0 for nobody's choice. */
function show(report: Report, chosen: number): void {
  const pack = report.bench.packs[Math.max(chosen, 1) - 1];
  if (pack === undefined) return;
  const view: View = {report, pack, isChosen: chosen > 0};
  const choice = h(
    "select",
    {"aria-label": "pack", change: () => show(report, Number(choice.value))},
    h("option", {value: 0, selected: chosen === 0}, "Pack 1; moments: whom they are about"),
    ...report.bench.packs.map(({number}) =>
      h("option", {value: number, selected: number === chosen}, `Pack ${number}`),
    ),
  );
  document.title = `${report.scenario.title || report.scenario.key} · doppelpack report`;
  app.replaceChildren(
    makeHead(report, report.bench.packs.length > 1 ? [choice] : []),
    ...(report.why_over === ""
      ? []
      : [h("p", {class: "over", role: "alert"}, `The bench ended early: ${report.why_over}`)]),
    h(
      "main",
      {class: "report"},
      makeVerdicts(report),
      makeOverview(view),
      momentsHead(report),
      ...makeMoments(view),
      h(
        "details",
        {class: "box"},
        h("summary", {}, h("strong", {}, "All events"), h("span", {class: "faint"}, `${report.events.length} lines`)),
        eventList(report.events, report.events_left_out),
      ),
      makeOrigin(report),
    ),
    h("footer", {class: "faint"}, `doppelpack ${report.version} · ${report.made_at} · format ${report.format}`),
  );
}

/** Colours of the plots are read when they are drawn; paper is light, and has everything unfolded. */
function followTheLight(draw: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  const root = document.documentElement;
  addEventListener("beforeprint", () => {
    root.dataset["print"] = "true";
    draw();
    for (const element of document.querySelectorAll("details.moment")) {
      (element as HTMLDetailsElement).open = true;
      element.dispatchEvent(new Event("doppelpack-fill"));
    }
    for (const figure of document.querySelectorAll("figure.plot")) figure.dispatchEvent(new Event("doppelpack-fit"));
  });
  addEventListener("afterprint", () => {
    delete root.dataset["print"];
    draw();
  });
}

const report = JSON.parse(document.getElementById("report")?.textContent ?? "null") as Report | null;
if (report === null) {
  app.replaceChildren(
    h("p", {class: "over"}, "This is the empty page of a report: doppelpack run SCENARIO --report FILE fills one in."),
  );
} else {
  const draw = (): void => show(report, Number(app.querySelector<HTMLSelectElement>("header select")?.value ?? 0));
  draw();
  followTheLight(draw);
}
