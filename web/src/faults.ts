// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Faults to put on, and those that are on.
import {clockText, h, section, setAttribute, setText} from "./dom";
import type {Model, Part} from "./model";
import type {ActiveFault, Fault} from "./types";

function targetName(fault: Fault | undefined, target: number): string {
  return target === 0 || fault === undefined ? "" : ` ${fault.target} ${target}`;
}

function activeWords(model: Model, active: ActiveFault): string {
  const fault = model.faults.find((known) => known.fault === active.fault);
  const severity =
    fault?.severity && active.severity !== null
      ? `, ${Number(active.severity.toPrecision(4))} ${fault.severity.unit}`
      : "";
  const pack = model.bench.packs.length > 1 ? ` pack ${active.pack}` : "";
  return `${active.fault}${pack}${targetName(fault, active.target)}${severity}, since ${clockText(active.since_s)}`;
}

function optionGroups(faults: Fault[]): HTMLElement[] {
  const targets = [...new Set(faults.map((fault) => fault.target))];
  return targets.map((target) =>
    h(
      "optgroup",
      {label: target === "pack" ? "the pack" : `a ${target}`},
      ...faults.filter((fault) => fault.target === target).map((fault) => h("option", {}, fault.fault)),
    ),
  );
}

export function makeFaults(model: Model): Part {
  const choice = h("select", {id: "fault", change: () => show()}, ...optionGroups(model.faults));
  const target = h("select", {id: "target"});
  const targetLabel = h("label", {for: "target"}, "Target");
  const severity = h("input", {type: "number", step: "any", id: "severity"});
  const severityLabel = h("label", {for: "severity"}, "Severity");
  const rampTo = h("input", {type: "number", step: "any", id: "ramp-to", placeholder: "stays"});
  const rampToLabel = h("label", {for: "ramp-to"}, "Grows to");
  const ramp = h("input", {type: "number", min: 0, step: "any", id: "ramp", placeholder: "10"});
  const rampLabel = h("label", {for: "ramp"}, "Within [s]");
  const duration = h("input", {type: "number", min: 0, step: "any", id: "duration", placeholder: "until cleared"});
  const durationLabel = h("label", {for: "duration"}, "Clears after [s]");
  const help = h("p", {class: "faint"});
  const list = h("ul", {class: "active-faults", "aria-label": "active faults"});
  const known = (): Fault | undefined => model.faults.find((fault) => fault.fault === choice.value);

  const show = (): void => {
    const fault = known();
    if (fault === undefined) return;
    const count = fault.targets[model.pack - 1] ?? 0;
    target.replaceChildren(
      ...Array.from({length: count}, (_, i) => h("option", {value: i + 1}, `${fault.target} ${i + 1}`)),
    );
    target.hidden = targetLabel.hidden = count === 0;
    severity.hidden = severityLabel.hidden = fault.severity === undefined;
    const canRamp = fault.timings.includes("ramp");
    rampTo.hidden = rampToLabel.hidden = ramp.hidden = rampLabel.hidden = !canRamp;
    duration.hidden = durationLabel.hidden = !fault.timings.includes("intermittent");
    rampTo.value = "";
    if (fault.severity !== undefined) {
      const {min, max} = fault.severity;
      setAttribute(rampTo, "min", String(min));
      setAttribute(rampTo, "max", String(max));
      severity.value = String(fault.severity.default);
      setAttribute(severity, "min", String(fault.severity.min));
      setAttribute(severity, "max", String(fault.severity.max));
      setText(severityLabel, `${fault.severity.name}${fault.severity.unit === "" ? "" : ` [${fault.severity.unit}]`}`);
    }
    setText(help, `${fault.help}. ${fault.failure_mode}; found by ${fault.found_by}`);
  };
  const inject = (): void => {
    const fault = known();
    if (fault === undefined) return;
    const place = target.hidden ? 0 : Number(target.value);
    void model.ask("inject", {
      fault: fault.fault,
      pack: model.pack,
      target: place,
      id: [fault.fault, model.pack, ...(place > 0 ? [place] : [])].join("-"),
      ...(fault.severity === undefined ? {} : {severity: Number(severity.value)}),
      ...(rampTo.hidden || rampTo.value === ""
        ? {}
        : {ramp_to: Number(rampTo.value), ramp_s: Number(ramp.value || ramp.placeholder)}),
      ...(duration.hidden || duration.value === "" ? {} : {duration_s: Number(duration.value)}),
    });
  };
  choice.value = "ntc-open";
  show();
  const form = h(
    "form",
    {
      class: "fault-form",
      submit: (event) => {
        event.preventDefault();
        inject();
      },
    },
    h("label", {for: "fault"}, "Fault"),
    choice,
    targetLabel,
    target,
    severityLabel,
    severity,
    rampToLabel,
    rampTo,
    rampLabel,
    ramp,
    durationLabel,
    duration,
    h("button", {id: "inject"}, "Inject"),
  );
  return {
    element: section("Faults", "faults", form, help, h("h3", {}, "Active"), list),
    onPack: show,
    onState(state) {
      const rows = state.faults.map((active) =>
        h(
          "li",
          {},
          h("span", {}, activeWords(model, active)),
          h(
            "button",
            {"aria-label": `clear ${active.id}`, click: () => void model.ask("clear", {id: active.id})},
            "Clear",
          ),
        ),
      );
      const now = state.faults.map((active) => `${active.id}@${active.since_s}`).join();
      if (list.dataset["now"] === now) return;
      list.dataset["now"] = now;
      list.replaceChildren(...(rows.length > 0 ? rows : [h("li", {class: "faint"}, "none")]));
    },
  };
}
