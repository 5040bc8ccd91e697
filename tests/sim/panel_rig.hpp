// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A core with a product's panel, and what its lamps do over a while.
#pragma once

#include <array>
#include <ostream>

#include "../bms/bench.hpp"

namespace doppelpack::sim::test {

inline constexpr int kWatched_ms = 84000;  // a multiple of every period in the manuals

struct Rhythm {
  int flashes = 0;
  int lit_ms = 0;
  bool operator==(const Rhythm&) const = default;
  friend std::ostream& operator<<(std::ostream& stream, const Rhythm& self) {
    return stream << self.flashes << " flashes, " << self.lit_ms << " ms";
  }
};

inline constexpr Rhythm kLit{0, kWatched_ms};
inline constexpr Rhythm kDark{0, 0};
constexpr Rhythm flashing(int period_ms, int on_ms) {
  return {kWatched_ms / period_ms, kWatched_ms / period_ms * on_ms};
}
constexpr Rhythm flashing(int period_ms) {
  return flashing(period_ms, period_ms / 2);
}

constexpr int kLampBits = 10;
using Rhythms = std::array<Rhythm, kLampBits>;  // by the bits of bms_led_t

/// 16 cells at rest; everything but the panel is that of the core's own tests.
class PanelRig : public bms_test::Bench {
 public:
  PanelRig(const bms_panel_config_t& panel, int soc_permille) {
    config.panel = panel;
    factory.soc_permille = static_cast<std::uint16_t>(soc_permille);
  }

  Rhythms watch() {
    Rhythms rhythms{};
    std::uint32_t before = out.leds;
    for (int t_ms = 0; t_ms < kWatched_ms; ++t_ms) {
      step();
      for (unsigned bit = 0; bit < kLampBits; ++bit) {
        const bool is_lit = (out.leds >> bit & 1U) != 0;
        rhythms[bit].lit_ms += is_lit;
        rhythms[bit].flashes += is_lit && (before >> bit & 1U) == 0;
      }
      before = out.leds;
    }
    return rhythms;
  }
};

}  // namespace doppelpack::sim::test
