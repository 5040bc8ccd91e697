// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/wake_circuit.hpp"

#include "bms/types.h"

namespace doppelpack::sim {

namespace {

bool is_path_off(const models::PackInputs& pins, bool has_relays) {
  const bool is_gated = !pins.charge_gate && !pins.discharge_gate;
  return is_gated || (has_relays && !pins.main_1 && !pins.precharge);
}

// A toggle stays where it is, so only its movement counts: otherwise a pack that is switched on could
// never go to sleep.
void follow_switch(bool is_on, Time now_ns, WakeState& state) {
  if (is_on && !state.was_switched_on) {
    state.switched_ns = now_ns;
    state.is_switch_fresh = true;
  }
  if (!is_on || now_ns - state.switched_ns >= kSwitchPulse) state.is_switch_fresh = false;
  state.was_switched_on = is_on;
}

}  // namespace

std::uint32_t wake_sources(const WakeCircuit& circuit, const WakeInputs& inputs,
                           const models::PackInputs& pins, bool has_relays, double terminal_V) {
  std::uint32_t sources = 0;
  if (circuit.has_pins && inputs.are_pins_driven) sources |= BMS_WAKE_PINS;
  if (circuit.terminals_high_V > 0.0 && terminal_V >= circuit.terminals_low_V &&
      terminal_V <= circuit.terminals_high_V && is_path_off(pins, has_relays))
    sources |= BMS_WAKE_CHARGER;
  return sources;
}

bool ties_on(const WakeCircuit& circuit, const WakeInputs& inputs, std::uint32_t sources,
             Time now_ns, WakeState& state) {
  if (!circuit.is_fitted()) return true;
  const std::uint32_t pressed = inputs.buttons & circuit.buttons;
  follow_switch((pressed & BMS_BUTTON_SWITCH) != 0, now_ns, state);
  const bool is_pressed = (pressed & ~std::uint32_t{BMS_BUTTON_SWITCH}) != 0;
  return is_pressed || state.is_switch_fresh || sources != 0;
}

}  // namespace doppelpack::sim
