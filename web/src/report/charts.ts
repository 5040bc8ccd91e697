// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Plots of a report: what the BMS says in colour, the truth of the plant as a thin line beside it, and
// a mark at each event.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import {axisStyle, ink, kBlue, kGreen, kOrange, kSky, yRange} from "../chart_style";
import {h} from "../dom";
import {axisTime, momentColumn, overviewTimes, signalPlace, type View} from "./data";
import type {Moment, Value} from "./types";

/** Left of the plots, for the y axis, and right of them; strips.ts and report.css keep to it. */
const kLeft_px = 64;
const kRight_px = 20;
const kHeight_px = 150;
const kTruth = "--faint";

interface Line {
  label: string;
  signal: string; // '#' is the number of the pack
  colour: string;
  factor?: number;
  dash?: number[];
}
export interface Plot {
  title: string;
  unit: string;
  digits: number;
  leastSpan: number;
  lines: Line[];
}
export interface Mark {
  t_s: number;
  label: string;
  isBad: boolean;
}

const kSoc: Plot = {
  title: "State of charge",
  unit: "%",
  digits: 1,
  leastSpan: 2,
  lines: [
    {label: "truth", signal: "pack#/soc", factor: 100, colour: kTruth},
    {label: "BMS", signal: "bms#/soc", factor: 100, colour: kBlue},
  ],
};
const kMomentPlots: Plot[] = [
  {
    title: "Current and limits",
    unit: "A",
    digits: 1,
    leastSpan: 4,
    lines: [
      {label: "truth", signal: "pack#/current_A", colour: kTruth},
      {label: "charge limit", signal: "bms#/ccl_A", colour: kGreen, dash: [6, 4]},
      {label: "discharge limit", signal: "bms#/dcl_A", factor: -1, colour: kOrange, dash: [2, 4]},
      {label: "BMS", signal: "bms#/current_A", colour: kBlue},
    ],
  },
  {
    title: "Cell voltages",
    unit: "V",
    digits: 3,
    leastSpan: 0.02,
    lines: [
      {label: "truth, highest", signal: "pack#/cell_max_V", colour: kTruth},
      {label: "truth, lowest", signal: "pack#/cell_min_V", colour: kTruth, dash: [3, 3]},
      {label: "BMS, highest", signal: "bms#/cell_max_V", colour: kOrange},
      {label: "BMS, lowest", signal: "bms#/cell_min_V", colour: kBlue, dash: [6, 4]},
    ],
  },
  {
    title: "Pack voltage",
    unit: "V",
    digits: 2,
    leastSpan: 0.5,
    lines: [
      {label: "truth", signal: "pack#/stack_V", colour: kTruth},
      {label: "charge voltage limit", signal: "bms#/cvl_V", colour: kGreen, dash: [6, 4]},
      {label: "BMS", signal: "bms#/pack_V", colour: kBlue},
    ],
  },
  {
    title: "Temperatures",
    unit: "°C",
    digits: 1,
    leastSpan: 4,
    lines: [
      {label: "ambient", signal: "env/ambient_degC", colour: kSky, dash: [2, 4]},
      {label: "truth, hottest cell", signal: "pack#/T_max_degC", colour: kTruth},
      {label: "BMS, hottest", signal: "bms#/T_max_degC", colour: kOrange},
      {label: "BMS, coldest", signal: "bms#/T_min_degC", colour: kBlue, dash: [6, 4]},
    ],
  },
];

function known(view: View, line: Line): number {
  return signalPlace(view.report, line.signal.replace("#", String(view.pack.number)));
}

function scaled(values: Value[], factor = 1): Value[] {
  return factor === 1 ? values : values.map((value) => (value === null ? null : factor * value));
}

/** Lines at the events, each with the number that it has in the list beside. */
function drawMarks(chart: uPlot, marks: Mark[]): void {
  const {ctx, bbox} = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui`;
  ctx.textAlign = "center";
  ctx.lineWidth = ratio;
  let label = {x: -Infinity, from: "", to: ""};
  const write = (): void => {
    const words = label.from === label.to ? label.from : `${label.from}–${label.to}`;
    ctx.fillStyle = ink("--ink");
    ctx.fillText(words, label.x, bbox.top - 3 * ratio);
  };
  for (const mark of marks) {
    const x = Math.round(chart.valToPos(mark.t_s, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ink(mark.isBad ? "--bad" : "--faint");
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (x - label.x < 24 * ratio) {
      label.to = mark.label;
      continue;
    }
    write();
    label = {x, from: mark.label, to: mark.label};
  }
  write();
  ctx.restore();
}

function series(line: Line, plot: Plot): uPlot.Series {
  const isTruth = line.colour === kTruth;
  return {
    label: line.label,
    stroke: ink(line.colour),
    width: isTruth ? 1 : 1.75,
    points: {show: false},
    value: (_, value: number | null) => (value === null ? "" : `${value.toFixed(plot.digits)} ${plot.unit}`),
    ...(line.dash ? {dash: line.dash} : {}),
  };
}

interface Drawing {
  plot: Plot;
  lines: Line[];
  data: (number | null)[][];
  extra: uPlot.Series[];
  bands: uPlot.Band[];
  range: [number, number];
  marks: Mark[];
  sync: string;
}

function draw(drawing: Drawing, figure: HTMLElement, width: number): uPlot {
  const {plot, range, marks} = drawing;
  const axis = axisStyle();
  const span_s = range[1] - range[0];
  return new uPlot(
    {
      width,
      height: kHeight_px,
      padding: [16, kRight_px, 0, 0],
      scales: {x: {time: false, range}, y: {range: (_, low, high) => yRange(low, high, plot.leastSpan)}},
      legend: {live: true},
      cursor: {drag: {x: false, y: false}, sync: {key: drawing.sync}},
      hooks: {draw: [(chart) => drawMarks(chart, marks)]},
      bands: drawing.bands,
      axes: [
        {...axis, values: (_, ticks) => ticks.map((t) => axisTime(t, span_s)), size: 26},
        {...axis, size: kLeft_px},
      ],
      series: [
        {label: "t", value: (_, t) => (t === null ? "" : axisTime(t, Math.min(span_s, 7199)))},
        ...drawing.lines.map((line) => series(line, plot)),
        ...drawing.extra,
      ],
    },
    drawing.data as unknown as uPlot.AlignedData,
    figure,
  );
}

/** Draws as wide as its place is, and again when that changes. */
function figureOf(drawing: Drawing): HTMLElement {
  const figure = h("figure", {class: "plot"}, h("figcaption", {}, `${drawing.plot.title} [${drawing.plot.unit}]`));
  let chart: uPlot | null = null;
  const fit = (): void => {
    const width = figure.clientWidth;
    if (width === 0 || width === chart?.width) return;
    if (chart === null) chart = draw(drawing, figure, width);
    else chart.setSize({width, height: kHeight_px});
  };
  new ResizeObserver(fit).observe(figure);
  figure.addEventListener("doppelpack-fit", fit);
  return figure;
}

/** A line is left out where the bench has no such signal, a plot where nothing is left. */
function linesOf(view: View, plot: Plot): Line[] {
  return plot.lines.filter((line) => known(view, line) >= 0);
}

export function momentPlots(view: View, moment: Moment, marks: Mark[]): HTMLElement[] {
  return kMomentPlots
    .map((plot) => ({plot, lines: linesOf(view, plot)}))
    .filter(({lines}) => lines.length > 0)
    .map(({plot, lines}) =>
      figureOf({
        plot,
        lines,
        data: [
          moment.rows.t_s,
          ...lines.map((line) =>
            scaled(momentColumn(view.report, moment, line.signal.replace("#", String(view.pack.number))), line.factor),
          ),
        ],
        extra: [],
        bands: [],
        range: [moment.start_s, moment.end_s],
        marks,
        sync: `moment-${moment.start_s}`,
      }),
    );
}

// The highest of each interval is the line, the lowest another one without a name, and between them it is filled.
export function overviewPlots(view: View, marks: Mark[]): HTMLElement[] {
  const {overview, end_s} = view.report;
  return [kSoc, ...kMomentPlots]
    .map((plot) => ({plot, lines: linesOf(view, plot)}))
    .filter(({lines}) => lines.length > 0)
    .map(({plot, lines}) => {
      const column = (line: Line, side: "low" | "high"): Value[] =>
        scaled(overview[side][known(view, line)] ?? [], line.factor);
      return figureOf({
        plot,
        lines,
        data: [
          overviewTimes(view.report),
          ...lines.map((line) => column(line, "high")),
          ...lines.map((line) => column(line, "low")),
        ],
        extra: lines.map((line) => ({...series(line, plot), class: "lowest", label: `${line.label}, lowest`})),
        bands: lines.map((line, i) => ({series: [i + 1, i + 1 + lines.length], fill: `${ink(line.colour).trim()}38`})),
        range: [overview.start_s, Math.max(end_s, overview.start_s + 1)],
        marks,
        sync: "overview",
      });
    });
}
