// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

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

}  // namespace

bool hear(const InverterDesign& design, const can_emulator::CanProtocol& protocol,
          const can_emulator::Choices& choices, const can_emulator::CanFrame& frame, Time t_ns,
          InverterState& state) {
  const Disobedience& disobedience = design.disobedience;
  if (is_restarting(design, t_ns)) return false;
  if (disobedience.rejects_short_frames && frame.dlc < kFullLength) return false;
  can_emulator::CanFrame taken = frame;
  if (disobedience.accepts_any_length) taken.dlc = kFullLength;  // bytes beyond the length are zero
  const bool is_understood = disobedience.reverses_current
                                 ? decode_reversed(protocol, choices, taken, state.battery)
                                 : protocol.decode(taken, choices, state.battery);
  if (is_understood) state.last_heard_ns = t_ns;
  return is_understood;
}

}  // namespace doppelpack::sim
