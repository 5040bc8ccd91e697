// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A line of the event log for people.
import type {LogEvent} from "./types";

// Their values say enough.
const kPlain = ["fault", "bit", "bms", "rule", "gate", "state", "failure", "control", "text", "name"];

// bms_button_t
const kButtons: Record<number, string> = {1: "power", 2: "reset", 4: "switch", 8: "wake"};

/** What an event says beside its kind and time. */
export function eventWords(event: LogEvent): string {
  const {number: _number, t_s: _t, event: _kind, ...fields} = event;
  if (fields["id"] === fields["fault"]) delete fields["id"];
  if (fields["severity"] === 0) delete fields["severity"];
  if (event.event === "button") fields["bit"] = kButtons[Number(fields["bit"])] ?? fields["bit"];
  return Object.entries(fields)
    .map(([name, value]) => {
      if (typeof value === "boolean") return value ? name.replace(/^is_/, "") : name.replace(/^is_/, "not ");
      return kPlain.includes(name) ? String(value) : `${name} ${String(value)}`;
    })
    .join(" · ");
}
