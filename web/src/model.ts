// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the page knows of the bench, and who is told when it changes.
import {download, get, listen, post, Refused} from "./api";
import type {ActiveFault, Bench, BenchEvent, Fault, Frame, Signal, State, Traffic} from "./types";

/** A part of the page; it writes to its elements whatever is new. */
export interface Part {
  readonly element: HTMLElement;
  /** Many times a second. */
  onFrame?(model: Model): void;
  onState?(state: State, model: Model): void;
  onEvents?(events: BenchEvent[]): void;
  onTraffic?(traffic: Traffic): void;
  /** Time has gone back: what was heard so far has not happened. */
  onRestart?(): void;
  /** Another pack is looked at. */
  onPack?(model: Model): void;
}

// Of the pack that is looked at.
const kDetail = [
  "panel#/*/is_lit",
  "panel#/*/pattern",
  "panel#/display",
  "bms#/dip",
  "bms#/button/*",
  "pack#/cell*/voltage_V",
  "pack#/cell*/T_degC",
  "bms#/cell*/voltage_V",
  "bms#/cell*/bleeder",
  "bms#/ntc*/T_degC",
  "bms#/reason",
  "bms#/soh",
  "bms#/cvl_V",
  "bms#/ccl_A",
  "bms#/dcl_A",
  "bms#/charge_gate",
  "bms#/discharge_gate",
  "bms#/cell_max_V",
  "bms#/cell_min_V",
  "bms#/T_max_degC",
  "bms#/T_min_degC",
  "bms#/warning/*",
  "bms#/protection/*",
  "bms#/failure/*",
  "pack#/current_A",
  "pack#/terminal_V",
];
// Of all packs, and of what they share.
const kOverview = [
  "bms*/state",
  "bms*/soc",
  "bms*/current_A",
  "bms*/pack_V",
  "panel*/*/is_lit",
  "can1/*",
  "rs485_1/*",
  "inverter1/*",
  "env/*",
  "site/wake_pins",
];

export class Model {
  readonly signals = new Map<string, Signal>();
  frame: Frame = {number: 0, t_s: 0, values: []};
  state: State | null = null;
  pack = 1;
  private places = new Map<string, number>();
  private parts: Part[] = [];
  private stop = new AbortController();
  private isDrawing = false;

  constructor(
    readonly bench: Bench,
    readonly faults: Fault[],
    signals: Signal[],
    private readonly onLink: (problem: string) => void,
  ) {
    for (const signal of signals) this.signals.set(signal.name, signal);
  }

  static async load(onLink: (problem: string) => void): Promise<Model> {
    const [bench, faults, signals] = await Promise.all([
      get<Bench>("bench"),
      get<Fault[]>("faults"),
      get<Signal[]>("signals"),
    ]);
    return new Model(bench, faults, signals, onLink);
  }

  attach(parts: Part[]): void {
    this.parts = parts;
    void this.keepListening();
  }

  /** The value of a signal in the last frame; NaN when it is not known. */
  value(name: string): number {
    const place = this.places.get(name);
    return place === undefined ? NaN : (this.frame.values[place] ?? NaN);
  }

  /** As its word: "closed", "flashing". */
  word(name: string): string {
    return this.signals.get(name)?.words?.[this.value(name)] ?? "unknown";
  }

  has(name: string): boolean {
    return this.signals.has(name);
  }

  look(pack: number): void {
    if (pack === this.pack) return;
    this.pack = pack;
    for (const part of this.parts) part.onPack?.(this);
    this.stop.abort();
  }

  activeFault(fault: string, pack: number): ActiveFault | undefined {
    return this.state?.faults.find((active) => active.fault === fault && active.pack === pack);
  }

  /** Asks the bench for something; what it refuses is shown. */
  async ask(path: string, body: object): Promise<boolean> {
    try {
      this.takeState(await post<State>(path, body));
      this.onLink("");
      return true;
    } catch (error) {
      this.onLink(error instanceof Refused ? error.message : "the bench does not answer");
      return false;
    }
  }

  /** The report so far, as a file. */
  async takeReport(): Promise<void> {
    try {
      await download("report", `${this.bench.packs[0]?.product ?? "bench"}-report.html`);
      this.onLink("");
    } catch (error) {
      this.onLink(error instanceof Refused ? error.message : "the bench does not answer");
    }
  }

  private globs(): string[] {
    return [...kOverview, ...kDetail.map((glob) => glob.replace("#", String(this.pack)))];
  }

  private async keepListening(): Promise<void> {
    for (;;) {
      this.stop = new AbortController();
      const signal = this.stop.signal;
      let problem = "the bench has gone away; waiting for it";
      try {
        await listen(this.globs(), (event, data) => this.hear(event, data), signal);
      } catch (error) {
        if (error instanceof Refused) problem = error.message;
      }
      if (signal.aborted) continue;
      this.onLink(problem);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  private hear(event: string, data: unknown): void {
    if (event === "signals") {
      this.places = new Map((data as string[]).map((name, place) => [name, place]));
      this.onLink("");
    } else if (event === "frame") {
      this.frame = data as Frame;
      this.drawSoon();
    } else if (event === "restart") {
      for (const part of this.parts) part.onRestart?.();
    } else if (event === "state") {
      this.takeState(data as State);
    } else if (event === "events") {
      for (const part of this.parts) part.onEvents?.(data as BenchEvent[]);
    } else if (event === "traffic") {
      for (const part of this.parts) part.onTraffic?.(data as Traffic);
    }
  }

  private takeState(state: State): void {
    this.state = state;
    for (const part of this.parts) part.onState?.(state, this);
  }

  // At most once for each picture of the screen; a page that nobody sees draws nothing.
  private drawSoon(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => {
      this.isDrawing = false;
      for (const part of this.parts) part.onFrame?.(this);
    });
  }
}
