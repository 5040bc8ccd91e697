// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// All packs at a glance; choosing one shows its panel, cells and plots. Not there with one pack.
import {fixed, h, section, setAttribute, setText} from "./dom";
import type {Model, Part} from "./model";

export function makePacks(model: Model): Part {
  const updates: (() => void)[] = [];
  const tabs = model.bench.packs.map((pack) => {
    const n = pack.number;
    const words = h("span", {class: "pack-words"});
    const bar = h("span", {class: "soc-bar", "aria-hidden": "true"}, h("span"));
    const lamps = pack.panel.lamps.map((lamp) => h("span", {class: "led small", "data-colour": lamp.colour}));
    const tab = h(
      "button",
      {class: "pack", click: () => model.look(n)},
      h("strong", {}, `Pack ${n}`),
      h("span", {class: "lamps", "aria-hidden": "true"}, ...lamps),
      bar,
      words,
    );
    updates.push(() => {
      const soc = model.value(`bms${n}/soc`);
      setText(
        words,
        `${model.word(`bms${n}/state`)} · ${fixed(100 * soc, 0)} % · ${fixed(model.value(`bms${n}/pack_V`), 2)} V · ${fixed(model.value(`bms${n}/current_A`), 1)} A`,
      );
      (bar.firstElementChild as HTMLElement).style.width = `${fixed(100 * soc, 1)}%`;
      pack.panel.lamps.forEach((lamp, i) =>
        setAttribute(lamps[i] as Element, "data-lit", String(model.value(`panel${n}/${lamp.name}/is_lit`) === 1)),
      );
      setAttribute(tab, "aria-pressed", String(n === model.pack));
    });
    return tab;
  });
  const element = section("Packs", "packs", h("div", {class: "pack-list"}, ...tabs));
  element.hidden = tabs.length < 2;
  return {element, onFrame: () => updates.forEach((update) => update())};
}
