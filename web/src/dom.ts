// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Elements, made once; afterwards only what changed is written.

type Attributes = Record<string, string | number | boolean | ((event: Event) => void)>;
type Child = Node | string;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A box of the page with a heading. */
export function section(title: string, id: string, ...children: Child[]): HTMLElement {
  return h(
    "section",
    {class: `box ${id}`, "aria-labelledby": `${id}-title`},
    h("h2", {id: `${id}-title`}, title),
    ...children,
  );
}

/** With so many digits, and no minus before a zero. */
export function fixed(value: number, digits: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(digits).replace(/^-(0(\.0*)?)$/, "$1");
}

/** What a display of error codes shows: two digits, nothing for 0. */
export function codeText(code: number): string {
  return code > 0 ? String(code).padStart(2, "0") : "";
}

/** A time of the bench: 1:02:03.4. */
export function clockText(t_s: number): string {
  const hours = Math.floor(t_s / 3600);
  const minutes = Math.floor((t_s % 3600) / 60);
  const seconds = (Math.floor((t_s % 60) * 10) / 10).toFixed(1).padStart(4, "0");
  return `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}
