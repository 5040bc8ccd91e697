// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Looking things up in a report.
import {clockText} from "../dom";
import type {LogEvent, Pack} from "../types";
import type {Look, Moment, Report, Value} from "./types";

/** A report as one of its packs is looked at. */
export interface View {
  report: Report;
  pack: Pack;
  /** A person wants to see this pack and no other. */
  isChosen: boolean;
}

/** A stretch of time in which something stays as it is. */
export interface Stretch<T> {
  from_s: number;
  to_s: number;
  what: T;
}

export function signalPlace(report: Report, name: string): number {
  return report.signals.findIndex((signal) => signal.name === name);
}

/** Of a row in a moment; empty where the signal is unknown. */
export function momentColumn(report: Report, moment: Moment, name: string): Value[] {
  return moment.rows.values[signalPlace(report, name)] ?? [];
}

/** Stretches of equal values. */
export function stretches(times: number[], values: Value[], end_s: number): Stretch<Value>[] {
  const found: Stretch<Value>[] = [];
  values.forEach((value, i) => {
    const t_s = times[i] as number;
    const last = found[found.length - 1];
    if (last !== undefined && last.what === value) return;
    if (last !== undefined) last.to_s = t_s;
    found.push({from_s: t_s, to_s: end_s, what: value});
  });
  return found;
}

/** The middle of each interval, in which lowest and highest stand. */
export function overviewTimes(report: Report): number[] {
  const {start_s, interval_s, low} = report.overview;
  return (low[0] ?? []).map((_, i) => start_s + i * interval_s);
}

/** What a person says of a lamp, in hindsight: while unsure it was already what it turned out to be. */
export function lampLooks(view: View, bit: number): Stretch<Look>[] {
  const {report, pack} = view;
  const dark: Look = {t_s: report.start_s, pack: pack.number, lamp: bit, pattern: "dark"};
  const own = [dark, ...report.looks.filter((look) => look.pack === pack.number && look.lamp === bit)];
  const found: Stretch<Look>[] = [];
  own.forEach((look, i) => {
    const next = own[i + 1];
    const what = look.pattern === "unsure" && next !== undefined ? next : look;
    const last = found[found.length - 1];
    const to_s = next?.t_s ?? report.end_s;
    if (last !== undefined && last.what.pattern === what.pattern && last.what.period_s === what.period_s)
      last.to_s = to_s;
    else found.push({from_s: look.t_s, to_s, what});
  });
  return found.filter((stretch) => stretch.to_s > stretch.from_s);
}

/** When a lamp gave light in a moment. */
export function lampLight(view: View, moment: Moment, bit: number): Stretch<boolean>[] {
  const found: Stretch<boolean>[] = [];
  for (const [t_s, pack, lit] of moment.lamps) {
    if (pack !== view.pack.number) continue;
    const isLit = ((lit >> bit) & 1) === 1;
    const last = found[found.length - 1];
    if (last !== undefined && last.what === isLit) continue;
    if (last !== undefined) last.to_s = t_s;
    found.push({from_s: t_s, to_s: moment.end_s, what: isLit});
  }
  return found;
}

export function lookWords(look: Look): string {
  if (look.pattern !== "flashing" || look.period_s === undefined)
    return look.pattern === "solid" ? "lit" : look.pattern;
  return `flashes every ${Number(look.period_s.toPrecision(2))} s`;
}

/** A time on an axis of so many seconds. */
export function axisTime(t_s: number, span_s: number): string {
  if (span_s < 120) return `${Number(t_s.toFixed(2))} s`;
  const [hours, minutes, seconds] = clockText(t_s).split(":") as [string, string, string];
  return span_s < 7200 ? `${Number(hours) * 60 + Number(minutes)}:${seconds.slice(0, 2)}` : `${hours}:${minutes} h`;
}

/** Of an event that belongs to one pack only, of which. */
export function packOfEvent(event: LogEvent): number | null {
  const {pack, bms} = event;
  if (typeof pack === "number") return pack;
  const number = typeof bms === "string" ? /^bms(\d+)$/.exec(bms)?.[1] : undefined;
  return number === undefined ? null : Number(number);
}
