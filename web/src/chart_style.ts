// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What all plots look like, on the page and in reports.

// Names in style.css: Okabe and Ito's colours, which all eyes tell apart; dashes tell limits from readings.
export const kBlue = "--plot-blue",
  kOrange = "--plot-orange",
  kGreen = "--plot-green",
  kSky = "--plot-sky";

/** A colour of style.css as it is now, in light or dark. */
export function ink(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

export function axisStyle() {
  return {
    stroke: ink("--faint"),
    grid: {stroke: ink("--line"), width: 1},
    ticks: {stroke: ink("--line"), width: 1},
    font: "11px system-ui",
  };
}

/** Of a y axis: never narrower than leastSpan, for noise is no event. */
export function yRange(low: number | null, high: number | null, leastSpan: number): [number, number] {
  if (low === null || high === null) return [0, leastSpan];
  const spare = Math.max(leastSpan - (high - low), 0.1 * (high - low)) / 2;
  return [low - spare, high + spare];
}
