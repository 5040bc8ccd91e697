// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What holds for a while, as bars under the plots' time axis: states, switches, lamps.
import {codeText, h} from "../dom";
import type {Lamp, Panel} from "../types";
import {
  lampLight,
  lampLooks,
  lookWords,
  momentColumn,
  overviewTimes,
  signalPlace,
  stretches,
  type Stretch,
  type View,
} from "./data";
import type {Look, Moment, Value} from "./types";

/** [%] A narrower bar bears no text. */
const kLeastShare = 5;

interface Bar {
  from_s: number;
  to_s: number;
  className: string;
  words: string;
  text?: string;
  style?: string;
}

function strip(label: string, bars: Bar[], start_s: number, end_s: number): HTMLElement {
  const share = (t_s: number): number =>
    (100 * (Math.min(Math.max(t_s, start_s), end_s) - start_s)) / (end_s - start_s);
  const said = bars.map((bar) => `${bar.words} from ${Number(bar.from_s.toFixed(2))} s`).join(", ");
  return h(
    "div",
    {class: "strip", role: "img", "aria-label": `${label}: ${said || "nothing"}`},
    h("span", {class: "strip-name", title: label}, label),
    h(
      "span",
      {class: "track"},
      ...bars.map((bar) =>
        h(
          "span",
          {
            class: `bar ${bar.className}`,
            title: `${label}: ${bar.words}, ${bar.from_s.toFixed(2)} to ${bar.to_s.toFixed(2)} s`,
            style: `left:${share(bar.from_s)}%;width:${share(bar.to_s) - share(bar.from_s)}%;${bar.style ?? ""}`,
          },
          share(bar.to_s) - share(bar.from_s) > kLeastShare ? (bar.text ?? "") : "",
        ),
      ),
    ),
  );
}

function stateClass(word: string): string {
  if (word === "protection" || word === "failure") return "state bad";
  if (word === "charge" || word === "discharge") return `state ${word}`;
  return word === "off" || word === "unknown" ? "state off" : "state quiet";
}

type Read = (name: string) => Stretch<Value>[];

function stateBars(view: View, name: string, read: Read): Bar[] {
  const words = view.report.signals[signalPlace(view.report, name)]?.words ?? [];
  return read(name).map(({from_s, to_s, what}) => {
    const word = (what === null ? undefined : words[what]) ?? "unknown";
    return {from_s, to_s, className: stateClass(word), words: word, text: word};
  });
}

function switchBars(name: string, read: Read): Bar[] {
  return read(name)
    .filter(({what}) => what === 1)
    .map(({from_s, to_s}) => ({from_s, to_s, className: "closed", words: "closed"}));
}

function displayBars(name: string, read: Read): Bar[] {
  return read(name)
    .filter(({what}) => what !== null && what > 0)
    .map(({from_s, to_s, what}) => {
      const code = codeText(what ?? 0);
      return {from_s, to_s, className: "display", words: `code ${code}`, text: code};
    });
}

function bmsStrips(view: View, read: Read, start_s: number, end_s: number): HTMLElement[] {
  const bms = `bms${view.pack.number}`;
  const rows: [string, Bar[]][] = [
    ["state", stateBars(view, `${bms}/state`, read)],
    ["charge FET", switchBars(`${bms}/charge_gate`, read)],
    ["disch. FET", switchBars(`${bms}/discharge_gate`, read)],
  ];
  return rows.map(([label, bars]) => strip(label, bars, start_s, end_s));
}

/** Lamps of a panel, and its buzzer, with their places in the bits. */
export function lampsOf(panel: Panel): Lamp[] {
  const buzzer: Lamp = {name: "buzzer", bit: 10, label: "BUZZER", colour: "white"};
  return panel.has_buzzer ? [...panel.lamps, buzzer] : panel.lamps;
}

function lookBar({from_s, to_s, what}: Stretch<Look>, lamp: Lamp): Bar {
  return {
    from_s,
    to_s,
    className: `light ${what.pattern} ${lamp.colour}`,
    words: lookWords(what),
    text: what.pattern === "flashing" && what.period_s !== undefined ? `${Number(what.period_s.toPrecision(2))} s` : "",
  };
}

export function overviewStrips(view: View): HTMLElement[] {
  const {overview, start_s, end_s} = view.report;
  const times = overviewTimes(view.report);
  const read: Read = (name) => stretches(times, overview.high[signalPlace(view.report, name)] ?? [], end_s);
  const until_s = Math.max(end_s, start_s + 1);
  return [
    ...bmsStrips(view, read, start_s, until_s),
    ...displayStrip(view, read, start_s, until_s),
    ...lampsOf(view.pack.panel).map((lamp) =>
      strip(
        lamp.label,
        lampLooks(view, lamp.bit)
          .filter(({what}) => what.pattern !== "dark")
          .map((stretch) => lookBar(stretch, lamp)),
        start_s,
        until_s,
      ),
    ),
  ];
}

function displayStrip(view: View, read: Read, start_s: number, end_s: number): HTMLElement[] {
  if (!view.pack.panel.has_display) return [];
  return [strip("display", displayBars(`panel${view.pack.number}/display`, read), start_s, end_s)];
}

export function momentStrips(view: View, moment: Moment): HTMLElement[] {
  const {start_s, end_s} = moment;
  const read: Read = (name) => stretches(moment.rows.t_s, momentColumn(view.report, moment, name), end_s);
  return [
    ...bmsStrips(view, read, start_s, end_s),
    ...displayStrip(view, read, start_s, end_s),
    ...lampsOf(view.pack.panel).map((lamp) =>
      strip(
        lamp.label,
        lampLight(view, moment, lamp.bit)
          .filter(({what}) => what)
          .map(({from_s, to_s}) => ({from_s, to_s, className: `light solid ${lamp.colour}`, words: "lit"})),
        start_s,
        end_s,
      ),
    ),
  ];
}
