// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the API says, as in openapi.yaml.

export interface Lamp {
  name: string;
  bit: number;
  label: string;
  colour: string;
}
export interface Button {
  name: string;
  label: string;
  is_toggle: boolean;
  on_s?: number;
  off_s?: number;
}
export interface Panel {
  lamps: Lamp[];
  buttons: Button[];
  dip_switches: number;
  has_buzzer: boolean;
  has_display: boolean;
  has_wake_pins: boolean;
}
export interface Cable {
  label: string;
  fault: string;
}
export interface Pack {
  number: number;
  product: string;
  title: string;
  cells: number;
  series: number;
  parallel: number;
  ntcs: number;
  measured_cells: number;
  measured_ntcs: number;
  has_mosfet_ntc: boolean;
  panel: Panel;
  cables: Cable[];
}
export interface Bus {
  protocol: string;
  title: string;
  bit_rate_Hz: number;
}
export interface Bench {
  version: string;
  scenario: string;
  title: string;
  seed: number;
  stacked: number;
  inverter: {key: string; title: string};
  buses: Record<string, Bus>;
  packs: Pack[];
}
export interface Severity {
  name: string;
  unit: string;
  min: number;
  max: number;
  default: number;
}
export interface Fault {
  fault: string;
  help: string;
  failure_mode: string;
  found_by: string;
  target: string;
  targets: number[];
  timings: string[];
  severity?: Severity;
}
export interface ActiveFault {
  id: string;
  fault: string;
  pack: number;
  target: number;
  severity: number | null;
  since_s: number;
}
export interface TimingVerdict {
  speed: number;
  budget_ms: number;
  slots: number;
  missed_slots: number;
  late_share: number;
  lateness_us: {p50: number; p99: number; p99_9: number; max: number};
  worst_catch_up_ms: number;
  is_valid: boolean;
  scheduling: string[];
  reason: string;
}
export interface Timing {
  achieved_speed: number;
  lag_ms: number;
  worst_lag_ms: number;
  slices: number;
  late_slices: number;
  slips: number;
  deadlines: TimingVerdict | null;
}
export interface State {
  t_s: number;
  is_running: boolean;
  speed: number;
  why_over: string;
  timing: Timing;
  faults: ActiveFault[];
  restores: number;
  snapshots: {number: number; name: string; t_s: number}[];
}
export interface Signal {
  name: string;
  unit: string;
  help: string;
  is_control: boolean;
  words?: string[];
  value: number | null;
  text: string;
}
export interface LogEvent {
  t_s: number;
  event: string;
  [key: string]: unknown;
}
export interface BenchEvent extends LogEvent {
  number: number;
}
export interface CanRow {
  id: string;
  is_from_pack: boolean;
  t_s: number;
  period_s: number;
  count: number;
  data: string;
  values?: Record<string, string>;
  meaning?: string;
}
export interface SerialRow {
  number: number;
  t_s: number;
  is_from_pack: boolean;
  length: number;
  data: string;
  text: string;
  values?: Record<string, string>;
}
export interface Traffic {
  can1: CanRow[];
  can1_unlisted: number;
  rs485_1: SerialRow[];
}
export interface Frame {
  number: number;
  t_s: number;
  values: (number | null)[];
}
