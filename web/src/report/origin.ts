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

function promise(command: string): string {
  if (command.startsWith("doppelpack serve"))
    return "It serves the same specimen again; what people did and ports heard stands in the events.";
  const same = command.startsWith("doppelpack run") ? "program, scenario and seed" : "calls with the same seed";
  return `The same ${same} give the same event log, bit for bit: compare its sha256.`;
}

function commandLine(command: string): HTMLElement {
  return h("pre", {class: "command", tabindex: 0, "aria-label": "command"}, h("code", {}, command));
}

export function makeOrigin(report: Report): HTMLElement {
  return section(
    "Do it again",
    "origin",
    ...(report.command === "" ? [] : [commandLine(report.command)]),
    h("p", {class: "faint"}, promise(report.command)),
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
