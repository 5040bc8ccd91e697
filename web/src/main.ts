// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Puts the page together.
import {Refused, setToken, takeToken} from "./api";
import {makeBuses} from "./buses";
import {makeCells} from "./cells";
import {makeClock} from "./clock";
import {makeControls} from "./controls";
import {h, setText} from "./dom";
import {makeEvents} from "./events";
import {makeFaults} from "./faults";
import {Model, type Part} from "./model";
import {makePacks} from "./packs";
import {makePanel} from "./panel";
import {makePlots} from "./plots";
import "./style.css";

const app = document.getElementById("app") as HTMLElement;
const problem = h("p", {class: "problem", role: "alert", hidden: true});

function showProblem(text: string): void {
  problem.hidden = text === "";
  setText(problem, text);
}

function askForToken(): void {
  const token = h("input", {type: "password", id: "token", autocomplete: "off", required: true});
  const form = h(
    "form",
    {
      class: "box token",
      submit: (event) => {
        event.preventDefault();
        setToken(token.value);
        void start();
      },
    },
    h("label", {for: "token"}, "This bench wants its token"),
    token,
    h("button", {class: "primary"}, "Open"),
  );
  app.replaceChildren(form);
  token.focus();
}

function show(model: Model): void {
  document.title = `${model.bench.title} · doppelpack`;
  const clock = makeClock(model);
  const left: Part[] = [makePacks(model), makePanel(model), makeControls(model), makeFaults(model)];
  const right: Part[] = [makeCells(model), makePlots(model), makeBuses(model)];
  (model.bench.packs.length > 1 ? right : left).push(makeEvents()); // the shorter column
  const column = (parts: Part[], name: string): HTMLElement =>
    h("div", {class: name}, ...parts.map((part) => part.element));
  app.replaceChildren(
    clock.element,
    problem,
    h("main", {}, column(left, "left"), column(right, "right")),
    h(
      "footer",
      {class: "faint"},
      `doppelpack ${model.bench.version} · specimen ${model.bench.seed} · `,
      h("a", {href: "openapi.yaml"}, "API"),
      " · ",
      h("a", {href: "metrics"}, "metrics"),
    ),
  );
  model.attach([clock, ...left, ...right]);
}

async function start(): Promise<void> {
  try {
    show(await Model.load(showProblem));
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      askForToken();
      return;
    }
    app.replaceChildren(problem);
    showProblem(error instanceof Error ? error.message : String(error));
    setTimeout(() => void start(), 2000);
  }
}

takeToken();
void start();
