// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The moments at which something happened: events, plots, what a person would have seen, what was said
// on the buses.
import {decoded} from "../buses";
import {clockText, codeText, fixed, h} from "../dom";
import {eventWords} from "../event_words";
import type {Lamp, LogEvent} from "../types";
import {momentPlots, type Mark} from "./charts";
import {lampLight, lampLooks, lookWords, momentColumn, packOfEvent, type View} from "./data";
import {lampsOf, momentStrips} from "./strips";
import type {Burst, Frame, Moment} from "./types";

/** A person needs so long to say what a lamp does; the slowest rhythm of any product is faster. */
const kLook_s = 5;
const kSlowest_s = 4;
const kGrave = ["fault", "protection", "failure", "violation", "core-failure", "button", "entry"];
const kBad = ["protection", "failure", "violation", "core-failure"];
/** More of them open at once would make a long page. */
const kOpenMoments = 6;

function isBad(event: LogEvent): boolean {
  return kBad.includes(event.event) && event["is_active"] !== false;
}

/** "fault ntc-open on, protection utc": what a moment is called. */
function nameOf(moment: Moment): string {
  const grave = moment.events.filter((event) => kGrave.includes(event.event));
  const told = grave.length > 0 ? grave : moment.events.filter((event) => event.event !== "gate");
  const names = [...new Set(told.map(eventName))];
  return names.length > 4 ? `${names.slice(0, 4).join(", ")} and ${names.length - 4} more` : names.join(", ");
}

function eventName(event: LogEvent): string {
  if (event.event === "button") return `button ${eventWords(event).split(" · ").pop() ?? ""}`;
  const what =
    event["fault"] ??
    event["failure"] ??
    event["rule"] ??
    event["state"] ??
    event["gate"] ??
    event["id"] ??
    event["control"];
  const end = event["is_active"] === false ? " over" : "";
  return `${event.event}${what === undefined ? "" : ` ${String(what)}`}${end}`;
}

/** Marks of the events, with the numbers that the list gives them. */
export function marksOf(events: LogEvent[]): Mark[] {
  return events.map((event, i) => ({t_s: event.t_s, label: String(i + 1), isBad: isBad(event)}));
}

export function eventList(events: LogEvent[], leftOut: number): HTMLElement {
  const items = events.map((event) =>
    h(
      "li",
      {"data-kind": event.event, "data-bad": String(isBad(event))},
      h("time", {}, event.t_s < 1000 ? `${event.t_s.toFixed(3)} s` : clockText(event.t_s)),
      h("strong", {}, event.event),
      h("span", {}, eventWords(event)),
    ),
  );
  if (leftOut > 0) items.push(h("li", {class: "faint"}, `and ${leftOut} more`));
  return h("ol", {class: "report-events"}, ...items);
}

interface Seen {
  words: string;
  isLit: boolean;
  period_s: number | null;
}

/** What a person says of a lamp at the end of a moment, or as soon as it can be said. */
function seenAt(view: View, moment: Moment, lamp: Lamp): Seen {
  const look = lampLooks(view, lamp.bit).find(
    ({to_s, what}) => to_s >= moment.end_s && (what.pattern !== "unsure" || to_s > moment.end_s + kLook_s),
  )?.what;
  const light = lampLight(view, moment, lamp.bit);
  const last = light[light.length - 1];
  const isLit = last?.what ?? false;
  const isSteady = last !== undefined && last.to_s - last.from_s > kSlowest_s;
  if (isSteady || look === undefined || look.pattern === "unsure")
    return {words: isLit ? "lit" : "dark", isLit, period_s: null};
  return {words: lookWords(look), isLit: look.pattern !== "dark", period_s: look.period_s ?? null};
}

/** The front panel as it stands when the moment is over. */
function plate(view: View, moment: Moment): HTMLElement {
  const lamps: HTMLElement[] = lampsOf(view.pack.panel).map((lamp) => {
    const seen = seenAt(view, moment, lamp);
    const light = h("span", {
      class: seen.period_s === null ? "led" : "led flashing",
      "data-colour": lamp.colour,
      "data-lit": String(seen.isLit),
      role: "img",
      "aria-label": `lamp ${lamp.label}: ${seen.words}`,
      style: seen.period_s === null ? "" : `animation-duration:${seen.period_s}s`,
    });
    return h(
      "div",
      {class: "lamp"},
      light,
      h("span", {class: "print"}, lamp.label),
      h("span", {class: "seen"}, seen.words),
    );
  });
  if (view.pack.panel.has_display) lamps.push(display(view, moment));
  return h("div", {class: "plate"}, h("div", {class: "row", role: "group", "aria-label": "lamps"}, ...lamps));
}

function display(view: View, moment: Moment): HTMLElement {
  const codes = momentColumn(view.report, moment, `panel${view.pack.number}/display`);
  const text = codeText(codes[codes.length - 1] ?? 0);
  return h(
    "div",
    {class: "lamp"},
    h("output", {class: "digits", "aria-label": `display: ${text || "dark"}`}, text),
    h("span", {class: "print"}, "DISPLAY"),
  );
}

function values(view: View, moment: Moment): HTMLElement {
  const last = (name: string): number => momentColumn(view.report, moment, name).slice(-1)[0] ?? NaN;
  const bms = `bms${view.pack.number}`;
  return h(
    "p",
    {class: "summary"},
    [
      `${fixed(last(`${bms}/pack_V`), 2)} V`,
      `${fixed(last(`${bms}/current_A`), 1)} A`,
      `SOC ${fixed(100 * last(`${bms}/soc`), 1)} %`,
      `CVL ${fixed(last(`${bms}/cvl_V`), 1)} V`,
      `CCL ${fixed(last(`${bms}/ccl_A`), 1)} A`,
      `DCL ${fixed(last(`${bms}/dcl_A`), 1)} A`,
    ].join(" · "),
  );
}

/** Frames that say something new come in full, repeated ones once. */
function news(frames: Frame[]): {frame: Frame; repeats: number}[] {
  const last = new Map<string, {frame: Frame; repeats: number}>();
  const rows: {frame: Frame; repeats: number}[] = [];
  for (const frame of frames) {
    const key = `${frame.id}${frame.is_from_pack}`;
    const known = last.get(key);
    if (known?.frame.data === frame.data) {
      ++known.repeats;
      continue;
    }
    const row = {frame, repeats: 0};
    last.set(key, row);
    rows.push(row);
  }
  return rows;
}

function canTable(moment: Moment): HTMLElement {
  const rows = news(moment.can1).map(({frame, repeats}) =>
    h(
      "tr",
      {},
      h("td", {class: "n"}, frame.t_s.toFixed(3)),
      h("td", {}, frame.is_from_pack ? "pack" : "other"),
      h("td", {class: "id"}, frame.id),
      h("td", {class: "data"}, frame.data),
      h("td", {class: "decoded"}, decoded(frame.values, frame.meaning ?? "")),
      h("td", {class: "n faint"}, repeats > 0 ? `+ ${repeats}` : ""),
    ),
  );
  const head = ["t [s]", "from", "id", "data", "decoded", "same again"].map((name) => h("th", {scope: "col"}, name));
  return h("table", {class: "frames"}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}

function serialTable(bursts: Burst[]): HTMLElement {
  const rows = bursts.map((burst) => {
    const isText = /^[\x20-\x7e]*$/.test(burst.text.replace(/\.$/, "")) && burst.text.startsWith("~");
    return h(
      "tr",
      {},
      h("td", {class: "n"}, burst.t_s.toFixed(3)),
      h("td", {}, burst.is_from_pack ? "pack" : "asked"),
      h("td", {class: "burst"}, h("code", {}, isText ? burst.text : burst.data)),
      h("td", {class: "decoded"}, decoded(burst.values, "")),
    );
  });
  const head = ["t [s]", "from", "bytes", "decoded"].map((name) => h("th", {scope: "col"}, name));
  return h("table", {class: "frames"}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}

function scrolled(name: string, table: HTMLElement): HTMLElement {
  return h("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": name}, table);
}

function buses(view: View, moment: Moment): HTMLElement[] {
  const {bench} = view.report;
  const parts: HTMLElement[] = [];
  const more = (count: number): string => (count > 0 ? `, and ${count} that found no place here` : "");
  if (moment.can1.length > 0)
    parts.push(
      h("h4", {}, `CAN · ${bench.buses["can1"]?.title ?? ""}`),
      h(
        "p",
        {class: "faint"},
        `${moment.can1.length} frames${more(moment.can1_left_out)}; what only repeats itself is counted.`,
      ),
      scrolled("CAN frames", canTable(moment)),
    );
  if (moment.rs485_1.length > 0)
    parts.push(
      h("h4", {}, `RS485 · ${bench.buses["rs485_1"]?.title ?? ""}`),
      h("p", {class: "faint"}, `${moment.rs485_1.length} bursts${more(moment.rs485_1_left_out)}.`),
      scrolled("RS485 bursts", serialTable(moment.rs485_1)),
    );
  if (parts.length === 0) return [h("p", {class: "faint"}, "Nobody said anything on the buses.")];
  return parts;
}

function body(view: View, moment: Moment): HTMLElement {
  return h(
    "div",
    {class: "moment-body"},
    h(
      "div",
      {class: "moment-words"},
      h("h4", {}, "What happened"),
      eventList(moment.events, moment.events_left_out),
      h(
        "h4",
        {},
        `What a person saw at the end${view.report.bench.packs.length > 1 ? `, pack ${view.pack.number}` : ""}`,
      ),
      plate(view, moment),
      values(view, moment),
    ),
    h(
      "div",
      {class: "moment-plots"},
      ...momentPlots(view, moment, marksOf(moment.events)),
      ...momentStrips(view, moment),
    ),
    h("div", {class: "moment-buses"}, ...buses(view, moment)),
  );
}

/** Of several packs the one that it is about, as long as nobody wants to see a certain one. */
function viewOf(view: View, moment: Moment): View {
  if (view.isChosen) return view;
  const about = moment.events.filter((event) => kGrave.includes(event.event)).map(packOfEvent);
  const number = about.find((pack) => pack !== null);
  const pack = view.report.bench.packs.find((known) => known.number === number);
  return pack === undefined ? view : {...view, pack};
}

/** Made when it is opened: plots of closed ones would cost for nothing. */
function makeMoment(view: View, moment: Moment, isOpen: boolean): HTMLElement {
  const packs = new Set(moment.events.map(packOfEvent).filter((pack) => pack !== null));
  const of = view.report.bench.packs.length > 1 ? ` · pack ${[...packs].sort((a, b) => a - b).join(", ")}` : "";
  const element = h(
    "details",
    {class: "moment box"},
    h(
      "summary",
      {},
      h("time", {}, clockText(moment.events[0]?.t_s ?? moment.start_s)),
      h("strong", {}, nameOf(moment)),
      h("span", {class: "faint"}, `${(moment.end_s - moment.start_s).toFixed(0)} s${packs.size > 0 ? of : ""}`),
    ),
  );
  const fill = (): void => {
    if (element.children.length === 1) element.append(body(viewOf(view, moment), moment));
  };
  element.addEventListener("toggle", fill);
  element.addEventListener("doppelpack-fill", fill);
  if (isOpen) {
    element.open = true;
    fill();
  }
  return element;
}

export function makeMoments(view: View): HTMLElement[] {
  return view.report.windows.map((moment, i) => makeMoment(view, moment, i < kOpenMoments));
}
