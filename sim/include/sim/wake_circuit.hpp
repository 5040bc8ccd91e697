// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What ties the supply of the BMS on before its firmware can: buttons, a toggle switch, the WAKE
// pins, voltage from outside. Once on, the firmware holds its supply by itself (`hold_supply`).
#pragma once

#include <cstdint>

#include "models/pack.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// As fitted to the product. With none of it the BMS is on whenever it has a supply.
struct WakeCircuit {
  std::uint32_t buttons =
      0;  ///< set of bms_button_t; a toggle ties on for a moment when moved to on
  bool has_pins = false;
  double terminals_low_V = 0.0;   ///< window of the outside voltage, both ends included
  double terminals_high_V = 0.0;  ///< 0: not fitted

  bool is_fitted() const { return buttons != 0 || has_pins || terminals_high_V > 0.0; }
};

/// How long a toggle that was moved to "on" ties the supply on: an RC element (estimate).
inline constexpr Time kSwitchPulse = kSecond;

struct WakeState {
  std::uint32_t stuck_buttons = 0;  ///< held down by a fault until now
  bool was_switched_on = false;
  Time switched_ns = 0;          ///< when the toggle was moved to "on"
  bool is_switch_fresh = false;  ///< that was less than a pulse ago
};

/// What a person and the outside world do.
struct WakeInputs {
  std::uint32_t buttons = 0;  ///< set of bms_button_t pressed
  bool are_pins_driven = false;
};

/// The set of bms_wake_t that is there. Voltage at the terminals is from outside while the pins of
/// the power path are off; a path that conducts nevertheless shows the pack's own, as in reality.
std::uint32_t wake_sources(const WakeCircuit& circuit, const WakeInputs& inputs,
                           const models::PackInputs& pins, bool has_relays, double terminal_V);

/// Whether something other than the firmware ties the supply on. To be called at every pass.
bool ties_on(const WakeCircuit& circuit, const WakeInputs& inputs, std::uint32_t sources,
             Time now_ns, WakeState& state);

}  // namespace doppelpack::sim
