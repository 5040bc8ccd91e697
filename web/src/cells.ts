// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The cells as a heat map: voltage above, temperature below, both also as numbers. The truth of the
// plant; where the BMS measures something else, it stands beside.
import {fixed, h, section, setAttribute, setText} from "./dom";
import type {Model, Part} from "./model";
import {heat} from "./palette";
import type {Pack} from "./types";

/** A narrower range than this is stretched no further: noise is no pattern. */
const kLeastSpan_V = 0.02;
const kLeastSpan_K = 8;
/** A reading that is further off than this is shown. */
const kOff_V = 0.012;

interface Cell {
  tile: HTMLElement;
  voltage: HTMLElement;
  temperature: HTMLElement;
  measured: HTMLElement;
}

function paint(element: HTMLElement, value: number, low: number, high: number): void {
  const colours = heat((value - low) / (high - low));
  if (element.style.backgroundColor !== colours.back) {
    element.style.backgroundColor = colours.back;
    element.style.color = colours.text;
  }
}

function range(values: number[], leastSpan: number): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const spare = Math.max(leastSpan - (high - low), 0) / 2;
  return [low - spare, high + spare];
}

const two = (cell: number): string => String(cell + 1).padStart(2, "0");

function makeCell(cell: number): Cell {
  const number = h("span", {class: "n"}, String(cell + 1));
  const voltage = h("span", {class: "v"});
  const temperature = h("span", {class: "t"});
  const measured = h("span", {class: "measured"});
  return {
    voltage,
    temperature,
    measured,
    tile: h("li", {class: "cell"}, h("span", {class: "v-box"}, number, voltage), temperature, measured),
  };
}

function drawCells(model: Model, pack: Pack, cells: Cell[]): string {
  const n = pack.number;
  const volts = cells.map((_, i) => model.value(`pack${n}/cell${two(i)}/voltage_V`));
  const degrees = cells.map((_, i) => model.value(`pack${n}/cell${two(i)}/T_degC`));
  if (volts.some(Number.isNaN)) return "";
  const [lowV, highV] = range(volts, kLeastSpan_V);
  const [lowT, highT] = range(degrees, kLeastSpan_K);
  cells.forEach((cell, i) => {
    const volt = volts[i] as number;
    const degree = degrees[i] as number;
    setText(cell.voltage, fixed(volt, 3));
    setText(cell.temperature, fixed(degree, 1));
    paint(cell.voltage.parentElement as HTMLElement, volt, lowV, highV);
    paint(cell.temperature, degree, lowT, highT);
    const position = i % pack.series;
    const read = model.value(`bms${n}/cell${two(position)}/voltage_V`);
    const isOff = Math.abs(read - volt) > kOff_V && model.word(`bms${n}/state`) !== "off";
    setText(cell.measured, isOff ? `BMS ${fixed(read, 3)}` : "");
    setAttribute(cell.tile, "data-bleeder", String(model.value(`bms${n}/cell${two(position)}/bleeder`) === 1));
  });
  const spread = 1000 * (Math.max(...volts) - Math.min(...volts));
  return `${fixed(Math.min(...volts), 3)} to ${fixed(Math.max(...volts), 3)} V, spread ${fixed(spread, 0)} mV · ${fixed(Math.min(...degrees), 1)} to ${fixed(Math.max(...degrees), 1)} °C`;
}

function drawNtcs(model: Model, pack: Pack): string {
  const texts = Array.from({length: pack.measured_ntcs}, (_, i) => {
    const degree = model.value(`bms${pack.number}/ntc${i + 1}/T_degC`);
    return Number.isNaN(degree) ? `${i + 1}: no reading` : `${i + 1}: ${fixed(degree, 1)}`;
  });
  return `Thermistors as measured [°C]  ${texts.join("   ")}`;
}

export function makeCells(model: Model): Part {
  const list = h("ol", {class: "cell-grid"});
  const summary = h("p", {class: "summary"});
  const ntcs = h("p", {class: "summary", id: "ntcs"});
  const scale = h(
    "p",
    {class: "faint"},
    "V above, °C below; ",
    h("span", {class: "ramp", "aria-hidden": "true"}),
    " low to high; a ring: being balanced",
  );
  const element = section("Cells", "cells", summary, list, ntcs, scale);
  let cells: Cell[] = [];
  const pack = (): Pack => model.bench.packs[model.pack - 1] as Pack;
  const show = (): void => {
    cells = Array.from({length: pack().cells}, (_, i) => makeCell(i));
    list.replaceChildren(...cells.map((cell) => cell.tile));
  };
  show();
  return {
    element,
    onPack: show,
    onFrame: () => {
      setText(summary, drawCells(model, pack(), cells));
      setText(ntcs, drawNtcs(model, pack()));
    },
  };
}
