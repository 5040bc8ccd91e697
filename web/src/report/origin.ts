// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where it comes from, and how to get it again.
import {h, section} from "../dom";
import type {Core, Report} from "./types";

function coreWords(core: Core): string {
  const parts = [`${core.name} ${core.version}`];
  if (core.library) parts.push(core.library);
  if (core.sha256) parts.push(`sha256 ${core.sha256}`);
  if (core.is_isolated) parts.push("isolated");
  return parts.join(", ");
}

function facts(report: Report): [string, string][] {
  const {scenario, result} = report;
  const rows: [string, string][] = [
    ["program", `doppelpack ${report.version}`],
    ["made at", report.made_at],
    [scenario.sha256 === "" ? "product file" : "scenario", scenario.file || scenario.key],
    ["scenario sha256", scenario.sha256],
    ["product", scenario.product],
    ["inverter", scenario.inverter],
    ["seed (specimen)", String(scenario.seed)],
    ["simulated", `${Number(report.start_s.toFixed(3))} to ${Number(report.end_s.toFixed(3))} s`],
  ];
  if (result !== null) {
    rows.push(["protection core", coreWords(result.core)]);
    if (result.shadow !== null) rows.push(["shadow core", coreWords(result.shadow)]);
    rows.push([
      "computed in",
      `${result.wall_s.toPrecision(3)} s, ${result.real_time_factor.toPrecision(3)}× real time`,
    ]);
    if (result.rows.length > 0) rows.push(["fault matrix", result.rows.join(", ")]);
  }
  rows.push(["event log sha256", report.event_log_sha256]);
  return rows.filter(([, value]) => value !== "");
}

export function makeOrigin(report: Report): HTMLElement {
  const isServed = report.command.startsWith("doppelpack serve");
  const again = isServed
    ? "It serves the same specimen again; what people did and ports heard stands in the events."
    : "The same program, scenario and seed give the same event log, bit for bit: compare its sha256.";
  return section(
    "Do it again",
    "origin",
    h("pre", {class: "command", tabindex: 0, "aria-label": "command"}, h("code", {}, report.command)),
    h("p", {class: "faint"}, again),
    h("dl", {class: "facts"}, ...facts(report).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    ...(report.scenario.text === ""
      ? []
      : [
          h(
            "details",
            {},
            h("summary", {}, "The scenario"),
            h("pre", {class: "scenario", tabindex: 0}, h("code", {}, report.scenario.text)),
          ),
        ]),
  );
}
