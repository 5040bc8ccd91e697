// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The front panel: lamps as they shine, buttons, switches, and cables to pull.
import {codeText, fixed, h, section, setAttribute, setText} from "./dom";
import type {Model, Part} from "./model";
import type {Button, Cable, Lamp, Pack} from "./types";

const kHolds_s = [0.1, 0.5, 1, 2, 3, 5, 10];

type Update = () => void;

function makeLamp(model: Model, pack: number, lamp: Lamp): [HTMLElement, Update] {
  const light = h("span", {class: "led", "data-colour": lamp.colour, role: "img"});
  const element = h("div", {class: "lamp"}, light, h("span", {class: "print"}, lamp.label));
  return [
    element,
    () => {
      const isLit = model.value(`panel${pack}/${lamp.name}/is_lit`) === 1;
      setAttribute(light, "data-lit", String(isLit));
      setAttribute(light, "aria-label", `lamp ${lamp.label}: ${model.word(`panel${pack}/${lamp.name}/pattern`)}`);
    },
  ];
}

function makeBuzzer(model: Model, pack: number): [HTMLElement, Update] {
  const sound = h("span", {class: "buzzer", role: "img"}, "♪");
  const element = h("div", {class: "lamp"}, sound, h("span", {class: "print"}, "BUZZER"));
  return [
    element,
    () => {
      setAttribute(sound, "data-lit", String(model.value(`panel${pack}/buzzer/is_lit`) === 1));
      setAttribute(sound, "aria-label", `buzzer: ${model.word(`panel${pack}/buzzer/pattern`)}`);
    },
  ];
}

/** A number of two digits, dark for 0. */
function makeDisplay(model: Model, pack: number): [HTMLElement, Update] {
  const digits = h("output", {class: "digits"});
  const element = h("div", {class: "lamp"}, digits, h("span", {class: "print"}, "DISPLAY"));
  return [
    element,
    () => {
      const text = codeText(model.value(`panel${pack}/display`));
      setText(digits, text);
      setAttribute(digits, "aria-label", `display: ${text === "" ? "dark" : text}`);
    },
  ];
}

function makeToggle(model: Model, name: string, label: string, className: string): [HTMLElement, Update] {
  const button = h("button", {
    class: className,
    role: "switch",
    "aria-label": label,
    click: () => void model.ask("set", {name, value: button.getAttribute("aria-checked") === "true" ? 0 : 1}),
  });
  return [button, () => setAttribute(button, "aria-checked", String(model.value(name) === 1))];
}

function makePush(model: Model, pack: number, button: Button): [HTMLElement, Update] {
  const usual = button.on_s === undefined ? 0.5 : button.on_s + 0.2;
  const holds = [...new Set([...kHolds_s, usual, ...(button.off_s === undefined ? [] : [button.off_s + 0.2])])].sort(
    (a, b) => a - b,
  );
  const hold = h(
    "select",
    {"aria-label": `how long ${button.label} is held`},
    ...holds.map((s) => h("option", {value: s, selected: s === usual}, `${Number(fixed(s, 2))} s`)),
  );
  const push = h("button", {
    class: "push",
    "aria-label": `press ${button.label}`,
    click: () => void model.ask("press", {button: button.name, duration_s: Number(hold.value), pack}),
  });
  const element = h("div", {class: "lamp"}, push, h("span", {class: "print"}, button.label), hold);
  return [
    element,
    () => setAttribute(push, "data-down", String(model.value(`bms${pack}/button/${button.name}`) === 1)),
  ];
}

function makeButton(model: Model, pack: number, button: Button): [HTMLElement, Update] {
  if (!button.is_toggle) return makePush(model, pack, button);
  const [toggle, update] = makeToggle(model, `bms${pack}/button/${button.name}`, button.label, "rocker");
  return [h("div", {class: "lamp"}, toggle, h("span", {class: "print"}, button.label)), update];
}

function makeDip(model: Model, pack: number, count: number): [HTMLElement, Update] {
  const name = `bms${pack}/dip`;
  const switches = Array.from({length: count}, (_, bit) => {
    const toggle: HTMLButtonElement = h("button", {
      class: "dip-switch",
      role: "switch",
      "aria-label": `DIP switch ${bit + 1}`,
      click: () => void model.ask("set", {name, value: model.value(name) ^ (1 << bit)}),
    });
    return h("span", {class: "dip-place"}, toggle, h("span", {class: "print"}, String(bit + 1)));
  });
  const element = h(
    "div",
    {class: "lamp"},
    h("div", {class: "dip", role: "group", "aria-label": "DIP switches"}, ...switches),
    h("span", {class: "print"}, "ADD"),
  );
  return [
    element,
    () => {
      const value = model.value(name);
      switches.forEach((place, bit) =>
        setAttribute(place.firstElementChild as Element, "aria-checked", String(((value >> bit) & 1) === 1)),
      );
    },
  ];
}

function makeCable(model: Model, pack: number, cable: Cable): [HTMLElement, Update] {
  const id = `${cable.fault}-${pack}`;
  const state = h("span", {class: "cable-state"});
  const plug = h(
    "button",
    {
      class: "cable",
      role: "switch",
      "aria-label": `cable ${cable.label}`,
      click: () => {
        const active = model.activeFault(cable.fault, pack);
        void (active === undefined
          ? model.ask("inject", {fault: cable.fault, id, pack})
          : model.ask("clear", {id: active.id}));
      },
    },
    h("span", {class: "socket", "aria-hidden": "true"}),
    h("span", {class: "plug", "aria-hidden": "true"}),
    h("span", {class: "print"}, cable.label),
    state,
  );
  return [
    plug,
    () => {
      const isIn = model.activeFault(cable.fault, pack) === undefined;
      setAttribute(plug, "aria-checked", String(isIn));
      setText(state, isIn ? "in" : "pulled");
    },
  ];
}

function alarms(model: Model, pack: number): string {
  const active: string[] = [];
  for (const kind of ["failure", "protection", "warning"])
    for (const name of model.signals.keys())
      if (name.startsWith(`bms${pack}/${kind}/`) && model.value(name) === 1)
        active.push(`${kind} ${name.slice(name.lastIndexOf("/") + 1)}`);
  return active.join(", ") || "no alarm";
}

function makeReadings(model: Model, pack: number): [HTMLElement, Update] {
  const state = h("strong", {id: "bms-state"});
  const alarm = h("span", {class: "alarms"});
  const values = h("span", {class: "numbers"});
  const element = h("p", {class: "readings"}, "The BMS says: ", state, " ", values, h("br"), alarm);
  return [
    element,
    () => {
      const bms = `bms${pack}/`;
      setText(state, model.word(`${bms}state`));
      setText(
        values,
        [
          `${fixed(100 * model.value(`${bms}soc`), 1)} %`,
          `${fixed(model.value(`${bms}pack_V`), 2)} V`,
          `${fixed(model.value(`${bms}current_A`), 1)} A`,
          `charge MOSFET ${model.word(`${bms}charge_gate`)}`,
          `discharge MOSFET ${model.word(`${bms}discharge_gate`)}`,
        ].join(" · "),
      );
      const words = alarms(model, pack);
      setAttribute(alarm, "data-any", String(words !== "no alarm"));
      setText(alarm, words);
    },
  ];
}

function makeFront(model: Model, pack: Pack): [HTMLElement, Update[]] {
  const {panel, number} = pack;
  const row = (title: string, items: [HTMLElement, Update][]): HTMLElement =>
    h("div", {class: "row", role: "group", "aria-label": title}, ...items.map(([element]) => element));
  const lamps = panel.lamps.map((lamp) => makeLamp(model, number, lamp));
  if (panel.has_buzzer) lamps.push(makeBuzzer(model, number));
  if (panel.has_display) lamps.push(makeDisplay(model, number));
  const controls = panel.buttons.map((button) => makeButton(model, number, button));
  if (panel.dip_switches > 0) controls.push(makeDip(model, number, panel.dip_switches));
  if (panel.has_wake_pins) {
    const [pins, update] = makeToggle(model, "site/wake_pins", "WAKE pins driven", "rocker");
    controls.push([h("div", {class: "lamp"}, pins, h("span", {class: "print"}, "WAKE PINS")), update]);
  }
  const cables = pack.cables.map((cable) => makeCable(model, number, cable));
  const readings = makeReadings(model, number);
  const plate = h(
    "div",
    {class: "plate"},
    row("lamps", lamps),
    ...(controls.length > 0 ? [row("buttons and switches", controls)] : []),
    row("cables", cables),
  );
  return [h("div", {}, plate, readings[0]), [...lamps, ...controls, ...cables, readings].map(([, update]) => update)];
}

export function makePanel(model: Model): Part {
  const place = h("div");
  const element = section("Front panel", "panel", place);
  let updates: Update[] = [];
  const show = (): void => {
    const pack = model.bench.packs[model.pack - 1];
    if (pack === undefined) return;
    const [front, own] = makeFront(model, pack);
    updates = own;
    place.replaceChildren(front);
    setText(element.querySelector("h2") as HTMLElement, `Front panel · ${pack.title}`);
  };
  show();
  return {element, onPack: show, onFrame: () => updates.forEach((update) => update())};
}
