// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The world around the pack: power at its terminals, ambient temperature, and any other control.
import {fixed, h, section, setAttribute, setText} from "./dom";
import type {Model, Part} from "./model";

const kPowers: [string, number][] = [
  ["Charge 1 kW", 1000],
  ["Rest", 0],
  ["Discharge 1 kW", -1000],
];

function makePower(model: Model): [HTMLElement, () => void] {
  const power = h("input", {type: "number", step: 100, value: 0, id: "power", inputmode: "decimal"});
  const set = (watts: number): void => {
    power.value = String(watts);
    void model.ask("set", {name: "inverter1/demand_W", value: watts});
  };
  const form = h(
    "form",
    {
      class: "line",
      submit: (event) => {
        event.preventDefault();
        set(Number(power.value));
      },
    },
    h("label", {for: "power"}, "Power [W]"),
    power,
    h("button", {}, "Set"),
    ...kPowers.map(([text, watts]) => h("button", {type: "button", click: () => set(watts)}, text)),
  );
  let known = NaN;
  return [
    form,
    () => {
      const watts = model.value("inverter1/demand_W");
      if (watts === known || document.activeElement === power) return;
      known = watts;
      power.value = String(watts);
    },
  ];
}

function makeAny(model: Model): HTMLElement {
  const controls = [...model.signals.values()].filter((signal) => signal.is_control);
  const name = h(
    "select",
    {id: "control", change: () => show()},
    ...controls.map((control) => h("option", {}, control.name)),
  );
  const value = h("input", {"aria-label": "value", size: 8});
  const hint = h("span", {class: "faint"});
  const show = (): void => {
    const control = model.signals.get(name.value);
    value.placeholder = control?.words?.join(" / ") ?? control?.unit ?? "";
    setText(hint, control?.help ?? "");
  };
  name.value = "env/ambient_degC";
  show();
  return h(
    "form",
    {
      class: "line",
      submit: (event) => {
        event.preventDefault();
        void model.ask("set", {name: name.value, value: value.value});
      },
    },
    h("label", {for: "control"}, "Control"),
    name,
    value,
    h("button", {}, "Set"),
    hint,
  );
}

export function makeControls(model: Model): Part {
  const breaker = h("button", {
    class: "rocker",
    role: "switch",
    "aria-label": "DC breaker of the inverter",
    click: () =>
      void model.ask("set", {
        name: "inverter1/is_connected",
        value: breaker.getAttribute("aria-checked") === "true" ? 0 : 1,
      }),
  });
  const words = h("p", {class: "summary"});
  const [power, showPower] = makePower(model);
  const element = section(
    "Around the pack",
    "controls",
    words,
    power,
    h("div", {class: "line"}, breaker, h("span", {}, "DC breaker of the inverter")),
    makeAny(model),
  );
  return {
    element,
    onFrame() {
      showPower();
      setAttribute(breaker, "aria-checked", String(model.value("inverter1/is_connected") === 1));
      const heard =
        model.value("inverter1/is_battery_lost") === 1
          ? "does not hear the pack"
          : `hears: CVL ${fixed(model.value("inverter1/cvl_V"), 1)} V, CCL ${fixed(model.value("inverter1/ccl_A"), 1)} A, DCL ${fixed(model.value("inverter1/dcl_A"), 1)} A`;
      setText(
        words,
        `Inverter: wishes ${fixed(model.value("inverter1/demand_W"), 0)} W, drives ${fixed(model.value("inverter1/current_A"), 1)} A; ${heard}. Ambient ${fixed(model.value("env/ambient_degC"), 1)} °C.`,
      );
    },
  };
}
