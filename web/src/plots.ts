// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Over simulated time: current within its limits, SOC, cell voltages, temperatures.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import {axisStyle, ink, kBlue, kGreen, kOrange, kSky, yRange} from "./chart_style";
import {h, section} from "./dom";
import type {Model, Part} from "./model";

const kMostPoints = 1500;
const kPeriod_ms = 200;

interface Line {
  label: string;
  read: (model: Model) => number;
  colour: string;
  dash?: number[];
}
interface Plot {
  title: string;
  unit: string;
  digits: number;
  leastSpan: number; // of the y axis: noise is no event
  lines: Line[];
}

// A BMS that is off says nothing.
const bms = (model: Model, name: string): number =>
  model.word(`bms${model.pack}/state`) === "off" ? NaN : model.value(`bms${model.pack}/${name}`);

const kPlots: Plot[] = [
  {
    title: "Current and limits",
    unit: "A",
    digits: 1,
    leastSpan: 10,
    lines: [
      {label: "current", colour: kBlue, read: (m) => bms(m, "current_A")},
      {label: "charge limit", colour: kGreen, dash: [6, 4], read: (m) => bms(m, "ccl_A")},
      {label: "discharge limit", colour: kOrange, dash: [2, 4], read: (m) => -bms(m, "dcl_A")},
    ],
  },
  {
    title: "State of charge",
    unit: "%",
    digits: 2,
    leastSpan: 1,
    lines: [{label: "SOC", colour: kBlue, read: (m) => 100 * bms(m, "soc")}],
  },
  {
    title: "Cell voltages",
    unit: "V",
    digits: 3,
    leastSpan: 0.05,
    lines: [
      {label: "highest", colour: kOrange, read: (m) => bms(m, "cell_max_V")},
      {label: "lowest", colour: kBlue, dash: [6, 4], read: (m) => bms(m, "cell_min_V")},
    ],
  },
  {
    title: "Temperatures",
    unit: "°C",
    digits: 1,
    leastSpan: 4,
    lines: [
      {label: "hottest", colour: kOrange, read: (m) => bms(m, "T_max_degC")},
      {label: "coldest", colour: kBlue, dash: [6, 4], read: (m) => bms(m, "T_min_degC")},
      {label: "ambient", colour: kSky, dash: [2, 4], read: (m) => m.value("env/ambient_degC")},
    ],
  },
];

class Chart {
  readonly element = h("figure", {class: "plot"});
  private readonly data: (number | null)[][];
  private readonly chart: uPlot;

  constructor(private readonly plot: Plot) {
    this.data = [[], ...plot.lines.map(() => [])];
    const axis = axisStyle();
    const show = (_: uPlot, value: number | null): string =>
      value === null ? "–" : `${value.toFixed(plot.digits)} ${plot.unit}`;
    this.chart = new uPlot(
      {
        title: `${plot.title} [${plot.unit}]`,
        width: 320,
        height: 170,
        scales: {x: {time: false}, y: {range: (_, low, high) => yRange(low, high, plot.leastSpan)}},
        legend: {live: true},
        cursor: {drag: {x: true, y: false}},
        axes: [
          {...axis, values: (_, ticks) => ticks.map((t) => `${Number(t.toFixed(1))} s`), size: 28},
          {...axis, size: 46},
        ],
        series: [
          {label: "t", value: (_, t) => (t === null ? "–" : `${t.toFixed(1)} s`)},
          ...plot.lines.map((line) => ({
            label: line.label,
            stroke: ink(line.colour),
            width: 1.5,
            points: {show: false},
            value: show,
            ...(line.dash ? {dash: line.dash} : {}),
          })),
        ],
      },
      this.data as unknown as uPlot.AlignedData,
      this.element,
    );
  }

  fit(): void {
    const width = this.element.clientWidth;
    if (width > 0 && width !== this.chart.width) this.chart.setSize({width, height: 170});
  }

  clear(): void {
    for (const column of this.data) column.length = 0;
  }

  add(model: Model): void {
    const times = this.data[0] as number[];
    const last = times[times.length - 1];
    if (last !== undefined && model.frame.t_s <= last) {
      if (model.frame.t_s === last) return;
      this.clear();
    }
    times.push(model.frame.t_s);
    this.plot.lines.forEach((line, i) => {
      const value = line.read(model);
      (this.data[i + 1] as (number | null)[]).push(Number.isNaN(value) ? null : value);
    });
    if (times.length > kMostPoints) for (const column of this.data) column.splice(0, column.length - kMostPoints);
  }

  draw(): void {
    this.chart.setData(this.data as unknown as uPlot.AlignedData);
    const isPointedAt = (this.chart.cursor.left ?? -1) >= 0;
    if (!isPointedAt) this.chart.setLegend({idx: (this.data[0] as number[]).length - 1});
  }
}

export function makePlots(model: Model): Part {
  let charts: Chart[] = [];
  const place = h("div", {class: "plots-grid"});
  const element = section("Over time", "plots", place);
  const build = (): void => {
    charts = kPlots.map((plot) => new Chart(plot));
    place.replaceChildren(...charts.map((chart) => chart.element));
  };
  build();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
  new ResizeObserver(() => charts.forEach((chart) => chart.fit())).observe(place);
  let drawn = 0;
  return {
    element,
    onPack: () => charts.forEach((chart) => chart.clear()),
    onRestart: () => charts.forEach((chart) => chart.clear()),
    onFrame() {
      const now = performance.now();
      if (now - drawn < kPeriod_ms) return;
      drawn = now;
      for (const chart of charts) {
        chart.add(model);
        chart.draw();
      }
    },
  };
}
