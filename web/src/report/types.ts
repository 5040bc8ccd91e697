// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The data of a report, as sim/report/report_json.cpp writes it.
import type {Bench, CanRow, LogEvent, SerialRow, Timing, TimingVerdict} from "../types";

export type Value = number | null;

export interface Signal {
  name: string;
  unit: string;
  words?: string[];
}
export interface Verdict {
  name: string;
  kind: string;
  that: string;
  proves: string | null;
  has_held: boolean;
  measured_s: Value;
  limit_s: Value;
  margin_s: Value;
  reason: string;
}
export interface Core {
  name: string;
  version: string;
  library?: string;
  sha256?: string;
  is_isolated?: boolean;
}
export interface Result {
  rows: string[];
  has_passed: boolean;
  simulated_s: number;
  wall_s: number;
  real_time_factor: number;
  event_log_sha256: string;
  core: Core;
  shadow: Core | null;
  timing?: TimingVerdict | null;
  audit: {
    windows: number;
    residuals: Record<string, {worst: number; share_of_limit: number}>;
    violation: {invariant: string} | null;
  };
  expectations: Verdict[];
}
/** How a bench that still runs keeps its time. */
export interface LiveClock {
  speed: number;
  timing: Timing;
}
export interface Overview {
  start_s: number;
  interval_s: number;
  low: Value[][];
  high: Value[][];
}
export interface Look {
  t_s: number;
  pack: number;
  lamp: number;
  pattern: "dark" | "solid" | "flashing" | "unsure";
  period_s?: number;
}
export type Frame = Omit<CanRow, "count" | "period_s">;
export type Burst = Omit<SerialRow, "number">;

export interface Moment {
  start_s: number;
  end_s: number;
  events: LogEvent[];
  events_left_out: number;
  rows: {t_s: number[]; values: Value[][]};
  lamps: [t_s: number, pack: number, lit: number][];
  can1: Frame[];
  can1_left_out: number;
  rs485_1: Burst[];
  rs485_1_left_out: number;
}
export interface Report {
  format: number;
  version: string;
  made_at: string;
  command: string;
  bench: Bench;
  scenario: {
    key: string;
    title: string;
    file: string;
    sha256: string;
    text: string;
    product: string;
    inverter: string;
    seed: number;
    duration_s: number;
  };
  result: Result | null;
  /** Of whoever ran the bench, as far as the result does not have them. */
  verdicts: Verdict[];
  clock: LiveClock | null;
  start_s: number;
  end_s: number;
  why_over: string;
  event_log_sha256: string;
  signals: Signal[];
  overview: Overview;
  looks: Look[];
  looks_left_out: number;
  windows: Moment[];
  moments_left_out: number;
  events: LogEvent[];
  events_left_out: number;
}
