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

}  // namespace

bool hear(const InverterDesign& design, const can_emulator::CanProtocol& protocol,
          const can_emulator::Choices& choices, const can_emulator::CanFrame& frame, Time t_ns,
          InverterState& state) {
  const Disobedience& disobedience = design.disobedience;
  if (is_restarting(design, t_ns)) return false;
  if (disobedience.rejects_short_frames && frame.dlc < kFullLength) return false;
  can_emulator::CanFrame taken = frame;
  if (disobedience.accepts_any_length) taken.dlc = kFullLength;  // bytes beyond the length are zero
  can_emulator::BatteryView& view = state.battery;
  const std::optional<bool> allowed_charge = view.is_charge_allowed;
  const std::optional<bool> allowed_discharge = view.is_discharge_allowed;
  const bool is_understood = disobedience.reverses_current
                                 ? decode_reversed(protocol, choices, taken, view)
                                 : protocol.decode(taken, choices, view);
  if (!is_understood) return false;
  lift_protection(allowed_charge, view.is_charge_allowed, view.is_charge_protected);
  lift_protection(allowed_discharge, view.is_discharge_allowed, view.is_discharge_protected);
  state.last_heard_ns = t_ns;
  return true;
}

}  // namespace doppelpack::sim
