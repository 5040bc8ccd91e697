// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What is said on the buses, decoded, with their load and errors.
import {h, section, setAttribute, setText} from "./dom";
import type {Model, Part} from "./model";
import type {CanRow, SerialRow, Traffic} from "./types";

const kMostBursts = 30;

export function decoded(values: Record<string, string> | undefined, otherwise: string): string {
  if (values === undefined) return otherwise;
  return Object.entries(values)
    .map(([name, text]) => `${name} ${text}`)
    .join(" · ");
}

class CanTable {
  readonly body = h("tbody");
  private rows = new Map<string, HTMLTableRowElement>();

  clear(): void {
    this.rows.clear();
    this.body.replaceChildren();
  }

  show(row: CanRow): void {
    const key = `${row.id}${row.is_from_pack ? "<" : ">"}`;
    let line = this.rows.get(key);
    if (line === undefined) {
      line = h("tr", {}, ...["from", "id", "n", "period", "data", "decoded"].map((name) => h("td", {class: name})));
      this.rows.set(key, line);
      const after = [...this.rows.keys()].sort();
      const next = after[after.indexOf(key) + 1];
      this.body.insertBefore(line, next === undefined ? null : (this.rows.get(next) ?? null));
    }
    const texts = [
      row.is_from_pack ? "pack" : "other",
      row.id,
      String(row.count),
      row.period_s === 0 ? "" : `${(1000 * row.period_s).toFixed(0)} ms`,
      row.data,
      decoded(row.values, row.meaning ?? ""),
    ];
    texts.forEach((text, i) => setText((line as HTMLTableRowElement).cells[i] as HTMLElement, text));
  }
}

interface Bus {
  element: HTMLElement;
  draw: () => void;
  show: (traffic: Traffic) => void;
  clear: () => void;
}

function canWords(model: Model): [string, string] {
  const v = (name: string): number => model.value(`can1/${name}`);
  const state = v("is_bus_off") === 1 ? "bus-off" : v("is_passive") === 1 ? "error passive" : "error active";
  const words =
    `load ${(100 * v("load")).toFixed(1)} % · ${v("errors")} errors (TEC ${v("tec")}, REC ${v("rec")}), ${state} · ` +
    `${v("from_pack")} frames of the pack, ${v("from_inverter")} of the inverter, ${v("from_outside")} from ports, ${v("dropped")} lost`;
  return [state === "error active" ? "ok" : "bad", words];
}

function makeCan(model: Model): Bus {
  const bus = model.bench.buses["can1"];
  const table = new CanTable();
  const words = h("p", {class: "summary", id: "can-health"});
  const head = ["from", "id", "count", "period", "data", "decoded"].map((name) => h("th", {scope: "col"}, name));
  const element = h(
    "div",
    {},
    h("h3", {}, `CAN · ${bus?.title ?? ""}`),
    words,
    h(
      "div",
      {class: "scroll", tabindex: 0, role: "region", "aria-label": "CAN frames"},
      h("table", {id: "can"}, h("thead", {}, h("tr", {}, ...head)), table.body),
    ),
  );
  return {
    element,
    clear: () => table.clear(),
    show: (traffic) => traffic.can1.forEach((row) => table.show(row)),
    draw() {
      const [health, text] = canWords(model);
      setAttribute(words, "data-health", health);
      setText(words, text);
    },
  };
}

function makeSerial(model: Model): Bus {
  const bus = model.bench.buses["rs485_1"];
  const words = h("p", {class: "summary"});
  const list = h("ol", {class: "bursts"});
  const element = h(
    "div",
    {},
    h("h3", {}, `RS485 · ${bus?.title ?? ""}`),
    words,
    h("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": "RS485 bursts"}, list),
  );
  const show = (row: SerialRow): void => {
    const text = /^[\x20-\x7e]*\.?$/.test(row.text) && !row.text.slice(0, -1).includes(".") ? row.text : row.data;
    list.prepend(
      h(
        "li",
        {},
        h("span", {class: "faint"}, `${row.t_s.toFixed(3)} ${row.is_from_pack ? "pack" : "asked"} `),
        h("code", {}, text),
        h("span", {}, ` ${decoded(row.values, "")}`),
      ),
    );
    while (list.children.length > kMostBursts) list.lastElementChild?.remove();
  };
  return {
    element,
    clear: () => list.replaceChildren(),
    show: (traffic) => traffic.rs485_1.forEach(show),
    draw() {
      const v = (name: string): number => model.value(`rs485_1/${name}`);
      setText(
        words,
        `${v("from_pack")} replies, ${v("from_inverter")} requests of the inverter, ${v("from_outside")} from ports, ${v("dropped")} lost · ${v("collisions")} collisions, ${v("garbled")} bytes garbled`,
      );
    },
  };
}

export function makeBuses(model: Model): Part {
  const buses = [
    ...(model.bench.buses["can1"] ? [makeCan(model)] : []),
    ...(model.bench.buses["rs485_1"] ? [makeSerial(model)] : []),
  ];
  return {
    element: section("Buses", "buses", ...buses.map((bus) => bus.element)),
    onFrame: () => buses.forEach((bus) => bus.draw()),
    onTraffic: (traffic) => buses.forEach((bus) => bus.show(traffic)),
    onRestart: () => buses.forEach((bus) => bus.clear()),
  };
}
