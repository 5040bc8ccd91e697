// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "peripherals.hpp"

#include <cmath>

#include "sim/contact_feedback.hpp"

namespace doppelpack::sim {

namespace {

void keep_old_bytes(const std::vector<std::uint8_t>& image, bms_nvm_write_t& write) {
  for (std::size_t i = 0; i < write.length && write.offset + i < image.size(); ++i)
    write.bytes[i] = image[write.offset + i];
}

}  // namespace

Peripherals::Peripherals(const Product& product, std::uint64_t seed, const SiteState& site,
                         PackUnit& unit)
    : product_(product), rtc_error_(rtc_error(product, seed)), site_(site), unit_(unit) {
  unit_.bms_inputs.insulation_kOhm = UINT16_MAX;
  if (!product.board.insulation_monitor) return;
  monitor_ = *product.board.insulation_monitor;
  monitor_.seed = seed;
  monitor_period_ns_ = std::llround(monitor_.period_s * 1e9);
  unit_.board.insulation_due_ns = monitor_period_ns_;
}

void Peripherals::advance(Time now_ns) {
  sim::advance(now_ns, rtc_error_ + unit_.condition.electronics.rtc_error, unit_.rtc);
  sim::advance(now_ns, unit_.nvm);
  follow_buttons();
  look_at_the_outside(now_ns);
  if (monitor_period_ns_ > 0 && now_ns >= unit_.board.insulation_due_ns) measure_insulation(now_ns);
  bms_inputs_t& inputs = unit_.bms_inputs;
  inputs.rtc_ms = unit_.rtc.ms;
  inputs.is_nvm_busy = unit_.nvm.is_busy();
  const Electronics& board = unit_.condition.electronics;
  const std::uint32_t closed =
      closed_contacts(product_.pack.electrical.path, product_.pack.has_breaker_contact,
                      unit_.condition.hardware, unit_.pack.path);
  inputs.contacts = (closed & ~board.feedback_open) | board.feedback_closed;
}

// A button that a fault held down comes up again when the fault has gone.
void Peripherals::follow_buttons() {
  const Electronics& board = unit_.condition.electronics;
  std::uint32_t& buttons = unit_.bms_inputs.buttons;
  buttons &= ~(unit_.wake.stuck_buttons & ~board.stuck_buttons);
  buttons = (buttons | board.stuck_buttons) & ~board.dead_buttons;
  unit_.wake.stuck_buttons = board.stuck_buttons;
}

void Peripherals::look_at_the_outside(Time now_ns) {
  const WakeCircuit& circuit = product_.board.wake;
  const bool are_pins_driven =
      site_.are_wake_pins_driven && !unit_.condition.electronics.is_wake_wire_broken;
  const WakeInputs inputs{unit_.bms_inputs.buttons, are_pins_driven};
  unit_.bms_inputs.wake =
      wake_sources(circuit, inputs, unit_.pack_inputs, product_.pack.electrical.path.has_relays,
                   unit_.pack.terminal_V);
  unit_.board.is_tied_on = ties_on(circuit, inputs, unit_.bms_inputs.wake, now_ns, unit_.wake);
}

void Peripherals::measure_insulation(Time now_ns) {
  unit_.board.insulation_due_ns = now_ns + monitor_period_ns_;
  if (!unit_.supply.is_alive) return;
  models::measure(monitor_,
                  models::insulation_Ohm(product_.pack.electrical.path, unit_.condition.hardware),
                  unit_.insulation);
  unit_.bms_inputs.insulation_kOhm = unit_.insulation.reading_kOhm;
  unit_.bms_inputs.fresh |= BMS_FRESH_INSULATION;
}

void Peripherals::carry_out(const bms_outputs_t& outputs, Time now_ns) {
  if (outputs.nvm.length == 0) return;
  bms_nvm_write_t write = outputs.nvm;
  const Electronics& board = unit_.condition.electronics;
  if (board.is_nvm_worn || board.is_nvm_silent) keep_old_bytes(unit_.nvm.image, write);
  start_write(write, now_ns, unit_.nvm);
}

void Peripherals::power_down(Time now_ns) {
  cut_supply(now_ns, unit_.nvm);
  unit_.insulation = {};
}

void Peripherals::power_up(Time now_ns) {
  unit_.board.insulation_due_ns = now_ns + monitor_period_ns_;
}

}  // namespace doppelpack::sim
