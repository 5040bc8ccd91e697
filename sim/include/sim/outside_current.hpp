// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A current that is measured outside and flows in the pack, in place of the virtual inverter's. What comes in
// so is not reproducible: two runs with it differ.
#pragma once

#include <array>
#include <limits>
#include <string>
#include <string_view>

#include "can_emulator/frame.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

enum class PowerPhase {
  none,        ///< nothing is measured: the virtual inverter's current flows
  connecting,  ///< the device is looked for, or checked
  off,         ///< its output is off; the pack is not ready, or is not wanted
  starting,    ///< the output is on, its voltage goes up to the pack's
  on,          ///< what is measured flows in the pack
  safe,  ///< given up: output off as far as it can be told, no current, until it is wanted anew
};

/// In the order of PowerPhase.
inline constexpr std::array<std::string_view, 6> kPowerPhases{"none",     "connecting", "off",
                                                              "starting", "on",         "safe"};

/// What the pack shows at its terminals, for whoever plays them.
struct TerminalWish {
  Time t_ns = 0;  ///< simulated
  double terminal_V = 0.0;
  bool can_charge = false;  ///< a current into the pack has a way through its switches
  bool can_discharge = false;
  bool is_wanted = false;

  bool operator==(const TerminalWish&) const = default;
};

struct PowerReading {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

  PowerPhase phase = PowerPhase::none;
  bool is_valid = false;         ///< measured_A may flow in the pack
  bool is_output_on = false;     ///< as far as is known
  double measured_A = kUnknown;  ///< positive charges the pack
  double measured_V = kUnknown;
  double age_s = kUnknown;  ///< of the current
  double setpoint_V = 0.0;  ///< sent last
  double charge_limit_A = 0.0;
  double discharge_limit_A = 0.0;  ///< magnitude
};

/// Whoever measures. Called from the simulation's thread once a simulated millisecond; never blocks.
class OutsideCurrent {
 public:
  virtual ~OutsideCurrent() = default;
  virtual PowerReading exchange(const TerminalWish& wish) = 0;
  /// A frame that somebody outside sent on the pack's CAN bus.
  virtual void hear(const can_emulator::CanFrame& /*frame*/) {}
  /// For the event log.
  virtual const std::string& name() const = 0;
};

}  // namespace doppelpack::sim
