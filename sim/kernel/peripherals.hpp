// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What hangs on the firmware besides its AFE: auxiliary contacts, wake circuit, real-time clock,
// insulation monitor, non-volatile memory. They go by the firmware's passes.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/bench_state.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

class Peripherals {
 public:
  Peripherals(const Product& product, std::uint64_t seed, const SiteState& site, PackUnit& unit);

  /// Brings them and what the firmware reads of them to now. With or without supply.
  void advance(Time now_ns);

  /// Whether anything ties the supply on, the firmware included.
  bool is_supply_tied() const { return unit_.board.is_tied_on || unit_.bms_outputs.hold_supply; }

  /// What the firmware finds in its memory; of a chip that does not answer, the idle bus.
  const std::vector<std::uint8_t>& memory() const {
    return unit_.condition.electronics.is_nvm_silent ? idle_bus_ : unit_.nvm.image;
  }

  /// What the firmware asks of them.
  void carry_out(const bms_outputs_t& outputs, Time now_ns);

  void power_down(Time now_ns);
  void power_up(Time now_ns);

 private:
  void follow_buttons();
  void look_at_the_outside(Time now_ns);
  void measure_insulation(Time now_ns);

  const Product& product_;
  const double rtc_error_;
  const SiteState& site_;
  PackUnit& unit_;
  const std::vector<std::uint8_t> idle_bus_ = std::vector<std::uint8_t>(BMS_NVM_BYTES, 0xFF);
  models::InsulationMonitorParameters monitor_;
  Time monitor_period_ns_ = 0;  ///< 0: none fitted
};

}  // namespace doppelpack::sim
