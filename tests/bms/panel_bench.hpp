// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// The panel's stage alone: the report is what the test says.
#pragma once

#include "panels.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {

// What a lamp did over a while.
struct Rhythm {
  int flashes = 0;
  int lit_ms = 0;
  bool operator==(const Rhythm&) const = default;
  friend void PrintTo(const Rhythm& self, std::ostream* stream) {
    *stream << self.flashes << " flashes, " << self.lit_ms << " ms";
  }
};

class PanelBench {
 public:
  explicit PanelBench(const bms_panel_config_t& panel) {
    config.panel = panel;
    config.idle_current_mA = 500;
    core.config = &config;
    report().state = BMS_STATE_STANDBY;
    report().uptime_ms = 60000;  // a multiple of every period
    report().soc_permille = 600;
  }
  PanelBench(const PanelBench&) = delete;
  PanelBench& operator=(const PanelBench&) = delete;

  bms_config_t config{};
  core_t core{};
  bms_inputs_t in{};

  bms_report_t& report() { return core.out.report; }
  void set_current_mA(int32_t current_mA) {
    core.measured.signals[SIGNAL_CHARGE_mA] = current_mA > 0 ? current_mA : 0;
    core.measured.signals[SIGNAL_DISCHARGE_mA] = current_mA < 0 ? -current_mA : 0;
  }
  void step() {
    bms_watch_buttons(&core, &in);
    bms_light_panel(&core, &in);
    ++report().uptime_ms;
  }
  bool is_lit(uint32_t lamp) const {
    return lamp == BMS_PANEL_BUZZER ? core.out.buzzer : (core.out.leds & lamp) == lamp;
  }
  Rhythm watch(uint32_t lamp, int duration_ms) {
    Rhythm rhythm;
    bool was_lit = is_lit(lamp);
    for (int i = 0; i < duration_ms; ++i) {
      step();
      rhythm.flashes += is_lit(lamp) && !was_lit;
      rhythm.lit_ms += is_lit(lamp);
      was_lit = is_lit(lamp);
    }
    return rhythm;
  }
  // The same at the beginning of every period that divides a minute.
  Rhythm watch_a_minute(uint32_t lamp) {
    report().uptime_ms = 60000 - 1;
    step();
    return watch(lamp, 60000);
  }
  void press_ms(bms_button_t button, int duration_ms) {
    in.buttons = button;
    for (int i = 0; i < duration_ms; ++i) step();
    in.buttons = 0;
    step();
  }
};

inline constexpr Rhythm kAlways{0, 60000};
inline constexpr Rhythm kNever{0, 0};
constexpr Rhythm flashing(int period_ms, int on_ms) {
  return {60000 / period_ms, 60000 / period_ms * on_ms};
}
constexpr Rhythm flashing(int period_ms) {
  return flashing(period_ms, period_ms / 2);
}

// A lamp that is lit at the beginning of the minute does not begin to be lit there.
inline Rhythm shown(PanelBench& bench, uint32_t lamp) {
  Rhythm rhythm = bench.watch_a_minute(lamp);
  if (rhythm.lit_ms == 60000) rhythm.flashes = 0;
  return rhythm;
}

}  // namespace bms_test
