// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <optional>
#include <utility>

#include "sim/inverter.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::uint8_t kFullLength = 8;

// Decodes into the view, but for a current that is read backwards.
bool decode_reversed(const can_emulator::CanProtocol& protocol,
                     const can_emulator::Choices& choices, const can_emulator::CanFrame& frame,
                     can_emulator::BatteryView& view) {
  const std::optional<double> before_A = std::exchange(view.current_A, std::nullopt);
  const bool is_understood = protocol.decode(frame, choices, view);
  view.current_A = view.current_A ? -*view.current_A : before_A;
  return is_understood;
}

// A pack that allows a direction again has no protection against it any more, even though the frame
// that says so may come later. A flag that was there all the time says nothing about it.
void lift_protection(std::optional<bool> was_allowed, std::optional<bool> is_allowed,
                     std::optional<bool>& is_protected) {
  if (was_allowed == false && is_allowed == true) is_protected = false;
}

bool is_within(const std::optional<VoltageRange>& accepted, std::optional<double> value_V) {
  return !accepted || !value_V ||
         (*value_V >= accepted->lowest_V && *value_V <= accepted->highest_V);
}

// What is out of range is as if not sent: the value before it stays.
void keep_accepted(const InverterDesign& design, const can_emulator::BatteryView& before,
                   can_emulator::BatteryView& view) {
  if (!is_within(design.accepted_cvl, view.cvl_V)) view.cvl_V = before.cvl_V;
  if (!is_within(design.accepted_discharge_limit, view.discharge_voltage_limit_V))
    view.discharge_voltage_limit_V = before.discharge_voltage_limit_V;
}

void note_watched(const InverterDesign& design, const can_emulator::CanFrame& frame, Time t_ns,
                  InverterState& state) {
  state.watched_ns.resize(design.watches.size(), 0);
  for (std::size_t i = 0; i < design.watches.size(); ++i)
    if (design.watches[i].id == frame.id) state.watched_ns[i] = t_ns;
}

}  // namespace

can_emulator::Choices own_choices(const InverterDesign& design,
                                  const can_emulator::CanProtocol& protocol,
                                  can_emulator::Choices choices) {
  for (const OwnReading& reading : design.reads)
    if (reading.protocol == &protocol) choices[reading.option] = reading.choice;
  return choices;
}

bool hear(const InverterDesign& design, const can_emulator::CanProtocol& protocol,
          const can_emulator::Choices& choices, const can_emulator::CanFrame& frame, Time t_ns,
          InverterState& state) {
  const Disobedience& disobedience = design.disobedience;
  if (is_restarting(design, t_ns)) return false;
  if (disobedience.rejects_short_frames && frame.dlc < kFullLength) return false;
  can_emulator::CanFrame taken = frame;
  if (disobedience.accepts_any_length) taken.dlc = kFullLength;  // bytes beyond the length are zero
  can_emulator::BatteryView& view = state.battery;
  const can_emulator::BatteryView before = view;
  const can_emulator::Choices own = own_choices(design, protocol, choices);
  const bool is_understood = disobedience.reverses_current
                                 ? decode_reversed(protocol, own, taken, view)
                                 : protocol.decode(taken, own, view);
  if (!is_understood) return false;
  lift_protection(before.is_charge_allowed, view.is_charge_allowed, view.is_charge_protected);
  lift_protection(before.is_discharge_allowed, view.is_discharge_allowed,
                  view.is_discharge_protected);
  keep_accepted(design, before, view);
  note_watched(design, frame, t_ns, state);
  state.last_heard_ns = t_ns;
  return true;
}

}  // namespace doppelpack::sim
