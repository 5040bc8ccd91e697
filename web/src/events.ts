// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The end of the event log, the newest first.
import {clockText, h, section} from "./dom";
import {eventWords} from "./event_words";
import type {Part} from "./model";

const kMost = 200;
export function makeEvents(): Part {
  const list = h("ol", {
    class: "events-list",
    role: "log",
    "aria-live": "off",
    tabindex: 0,
    "aria-label": "events, the newest first",
  });
  let last = 0;
  return {
    element: section("Events", "events", list),
    onRestart() {
      last = 0;
      list.replaceChildren();
    },
    onEvents(events) {
      for (const event of events) {
        if (event.number <= last) continue;
        last = event.number;
        list.prepend(
          h(
            "li",
            {"data-kind": event.event},
            h("time", {}, clockText(event.t_s)),
            h("strong", {}, event.event),
            h("span", {}, eventWords(event)),
          ),
        );
      }
      while (list.children.length > kMost) list.lastElementChild?.remove();
    },
  };
}
