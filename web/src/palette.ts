// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Cividis: even to the eye, and to eyes that see fewer colours (Nuñez, Anderton, Renslow 2018).

const kCividis: [number, number, number][] = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [225, 204, 85],
  [254, 232, 56],
];

/** The colours of a share of 0..1: behind, and of text on it. */
export function heat(share: number): {back: string; text: string} {
  const place = Math.min(Math.max(share, 0), 1) * (kCividis.length - 1);
  const i = Math.min(Math.floor(place), kCividis.length - 2);
  const low = kCividis[i] as [number, number, number];
  const high = kCividis[i + 1] as [number, number, number];
  const [r, g, b] = low.map((c, k) => Math.round(c + ((high[k] as number) - c) * (place - i)));
  const light = 0.299 * (r as number) + 0.587 * (g as number) + 0.114 * (b as number);
  return {back: `rgb(${r} ${g} ${b})`, text: light > 112 ? "#000" : "#fff"};
}
