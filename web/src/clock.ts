// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The bar on top: time, run, step, speed, and whether time keeps its promise.
import {clockText, h, setAttribute, setText} from "./dom";
import type {Model, Part} from "./model";
import type {State} from "./types";

const kSpeeds: [string, number][] = [
  ["0.1×", 0.1],
  ["real time", 1],
  ["2×", 2],
  ["5×", 5],
  ["10×", 10],
  ["30×", 30],
  ["60×", 60],
  ["300×", 300],
  ["as fast as possible", 0],
];
const kSteps: [string, number][] = [
  ["1 ms", 0.001],
  ["20 ms", 0.02],
  ["100 ms", 0.1],
  ["1 s", 1],
  ["10 s", 10],
  ["1 min", 60],
  ["10 min", 600],
  ["1 h", 3600],
];

function options(choices: [string, number][], chosen: number): HTMLOptionElement[] {
  return choices.map(([text, value]) => h("option", {value, selected: value === chosen}, text));
}

function timingWords(state: State): [string, string] {
  const {timing, speed} = state;
  if (!state.is_running) return ["paused", "stands still"];
  const achieved = `${timing.achieved_speed.toFixed(timing.achieved_speed < 10 ? 2 : 0)}×`;
  if (speed === 0) return ["ok", `free running, ${achieved}`];
  const lag = `lag ${timing.lag_ms.toFixed(1)} ms, worst ${timing.worst_lag_ms.toFixed(1)} ms`;
  const isSlow = timing.achieved_speed > 0 && timing.achieved_speed < 0.98 * speed;
  const word = isSlow ? "behind" : timing.slips > 0 ? "has slipped" : "on time";
  const late = `${timing.late_slices} of ${timing.slices} slices late${timing.slips > 0 ? `, ${timing.slips} slips` : ""}`;
  const isGood = word === "on time" && timing.deadlines?.is_valid !== false;
  return [isGood ? "ok" : "bad", `${word}: ${achieved}, ${lag}, ${late}; ${verdictWords(state)}`];
}

function verdictWords({timing: {deadlines}}: State): string {
  if (deadlines === null) return "no deadlines yet";
  const {p50, p99, p99_9, max} = deadlines.lateness_us;
  const late = `p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}, p99.9 ${p99_9.toFixed(0)}, max ${max.toFixed(0)} µs`;
  return `timing ${deadlines.is_valid ? "valid" : `not valid: ${deadlines.reason}`} (${late})`;
}

export function makeClock(model: Model): Part {
  const time = h("output", {class: "time", "aria-label": "simulated time"}, "0:00:00.0");
  const run = h(
    "button",
    {
      class: "primary",
      id: "run",
      click: () => void model.ask("clock", {is_running: !(model.state?.is_running ?? false)}),
    },
    "Pause",
  );
  const step = h("select", {"aria-label": "length of a step"}, ...options(kSteps, 1));
  const doStep = h(
    "button",
    {id: "step", click: () => void model.ask("step", {duration_s: Number(step.value)})},
    "Step",
  );
  const speed = h(
    "select",
    {"aria-label": "speed", change: () => void model.ask("clock", {speed: Number(speed.value)})},
    ...options(kSpeeds, 1),
  );
  const timing = h("output", {class: "timing", "aria-label": "timing"});
  const keep = h("button", {id: "snapshot", click: () => void model.ask("snapshot", {})}, "Snapshot");
  const moments = h("select", {"aria-label": "snapshot to go back to"});
  const goBack = h(
    "button",
    {id: "restore", click: () => void model.ask("restore", {snapshot: Number(moments.value)})},
    "Restore",
  );
  const back = h("span", {class: "joined", hidden: true}, goBack, moments);
  const report = h("button", {id: "report", click: () => void model.takeReport()}, "Download report");
  const over = h("p", {class: "over", role: "alert", hidden: true});
  const title = h("h1", {}, model.bench.title);
  const inverter = h("p", {class: "faint"}, `inverter: ${model.bench.inverter.title}`);
  const element = h(
    "header",
    {},
    h("div", {class: "titles"}, title, inverter),
    h(
      "div",
      {class: "transport", role: "group", "aria-label": "clock"},
      time,
      run,
      h("span", {class: "joined"}, doStep, step),
      speed,
      keep,
      back,
      report,
    ),
    timing,
    over,
  );
  return {
    element,
    onFrame: () => setText(time, clockText(model.frame.t_s)),
    onState(state) {
      setText(run, state.is_running ? "Pause" : "Run");
      setAttribute(run, "aria-pressed", String(!state.is_running));
      if (document.activeElement !== speed && ![...speed.options].some((o) => Number(o.value) === state.speed))
        speed.append(h("option", {value: state.speed}, `${state.speed}×`));
      if (document.activeElement !== speed) speed.value = String(state.speed);
      back.hidden = state.snapshots.length === 0;
      const kept = state.snapshots.map((moment) => moment.number).join();
      if (moments.dataset["kept"] !== kept) {
        moments.dataset["kept"] = kept;
        moments.replaceChildren(
          ...[...state.snapshots]
            .reverse()
            .map((moment) =>
              h(
                "option",
                {value: moment.number},
                `${moment.name === "" ? "" : `${moment.name}, `}${clockText(moment.t_s)}`,
              ),
            ),
        );
      }
      const [health, words] = timingWords(state);
      setAttribute(timing, "data-health", health);
      setText(timing, words);
      over.hidden = state.why_over === "";
      setText(over, `The bench has ended: ${state.why_over}`);
    },
  };
}
