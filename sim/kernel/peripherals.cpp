// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "peripherals.hpp"

#include <cmath>

#include "sim/contact_feedback.hpp"

namespace doppelpack::sim {

Peripherals::Peripherals(const Product& product, std::uint64_t seed, const SiteState& site,
                         PackUnit& unit)
    : product_(product), rtc_error_(rtc_error(product, seed)), site_(site), unit_(unit) {
  unit_.bms_inputs.insulation_kOhm = UINT16_MAX;
  if (!product.board.insulation_monitor) return;
  monitor_ = *product.board.insulation_monitor;
  monitor_.seed = seed;
  monitor_period_ns_ = std::llround(monitor_.period_s * 1e9);
  monitor_due_ns_ = monitor_period_ns_;
}

void Peripherals::advance(Time now_ns) {
  sim::advance(now_ns, rtc_error_ + unit_.condition.electronics.rtc_error, unit_.rtc);
  sim::advance(now_ns, unit_.nvm);
  look_at_the_outside(now_ns);
  if (monitor_period_ns_ > 0 && now_ns >= monitor_due_ns_) measure_insulation(now_ns);
  bms_inputs_t& inputs = unit_.bms_inputs;
  inputs.rtc_ms = unit_.rtc.ms;
  inputs.is_nvm_busy = unit_.nvm.is_busy();
  inputs.contacts =
      closed_contacts(product_.pack.electrical.path, product_.pack.has_breaker_contact,
                      unit_.condition.hardware, unit_.pack.path);
}

void Peripherals::look_at_the_outside(Time now_ns) {
  const WakeCircuit& circuit = product_.board.wake;
  const WakeInputs inputs{unit_.bms_inputs.buttons, site_.are_wake_pins_driven};
  unit_.bms_inputs.wake =
      wake_sources(circuit, inputs, unit_.pack_inputs, product_.pack.electrical.path.has_relays,
                   unit_.pack.terminal_V);
  is_tied_ = ties_on(circuit, inputs, unit_.bms_inputs.wake, now_ns, unit_.wake);
}

void Peripherals::measure_insulation(Time now_ns) {
  monitor_due_ns_ = now_ns + monitor_period_ns_;
  if (!unit_.supply.is_alive) return;
  models::measure(monitor_,
                  models::insulation_Ohm(product_.pack.electrical.path, unit_.condition.hardware),
                  unit_.insulation);
  unit_.bms_inputs.insulation_kOhm = unit_.insulation.reading_kOhm;
  unit_.bms_inputs.fresh |= BMS_FRESH_INSULATION;
}

void Peripherals::carry_out(const bms_outputs_t& outputs, Time now_ns) {
  if (outputs.nvm.length > 0) start_write(outputs.nvm, now_ns, unit_.nvm);
}

void Peripherals::power_down(Time now_ns) {
  cut_supply(now_ns, unit_.nvm);
  unit_.insulation = {};
}

void Peripherals::power_up(Time now_ns) {
  monitor_due_ns_ = now_ns + monitor_period_ns_;
}

}  // namespace doppelpack::sim
