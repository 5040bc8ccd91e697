// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a person in front of the panel would say of each lamp, from nothing but its light: a pure
// observer.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/time.hpp"

namespace doppelpack::sim {

/// Lamp n is bit n of bms_led_t; the buzzer comes last: what it does is a pattern, too.
inline constexpr int kLampCount = 11;
inline constexpr int kBuzzerLamp = kLampCount - 1;

/// How long a person looks before saying that a lamp does not flash: longer than the slowest rhythm
/// of any manual, 4 s.
inline constexpr Time kLook = 5 * kSecond;
/// A pause that ends a group of flashes or beeps that a person counts: between those of the
/// read-outs (0.3 s) and those between them (1.5 s and more).
inline constexpr Time kPauseOfGroup = 1200 * kMillisecond;

enum class LampPattern {
  dark,
  solid,
  flashing,
  unsure,  ///< has changed less than kLook ago, and not seen twice yet
};

/// What lamps can look like; `unnamed`: the product does not say.
enum class LampColour : std::uint8_t { unnamed, green, red, yellow, orange, blue, white };
using LampColours = std::array<LampColour, kLampCount>;

struct LampWatch {
  Time changed_ns = 0;
  Time rose_ns = -1;   ///< start of the last flash; -1: none yet
  Time period_ns = 0;  ///< between the starts of the last two; 0: more than kLook, or no second one
  Time lit_ns = 0;     ///< length of the last finished flash
  int flashes = 0;     ///< in the present group
  int last_flashes = 0;
};

struct PanelWatch {
  Time now_ns = 0;
  std::uint32_t lit = 0;  ///< bit n: lamp n is lit
  std::array<LampWatch, kLampCount> lamps{};
};

/// A look at now_ns, which never falls; `lit` as in PanelWatch.
void look(Time now_ns, std::uint32_t lit, PanelWatch& panel);

LampPattern pattern_of(const PanelWatch& panel, int lamp);
/// Start to start of the flashes [s]; not a number unless it is flashing.
double period_s(const PanelWatch& panel, int lamp);
/// How many flashes the last finished group had: what a person counts.
int counted_flashes(const PanelWatch& panel, int lamp);

}  // namespace doppelpack::sim
