// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A meter at the terminals, listened to or asked through a port.
#pragma once

#include <memory>
#include <optional>

#include "can_emulator/live_port.hpp"
#include "sim/compat.hpp"

namespace doppelpack::sim {

class PortMeter {
 public:
  /// Opens its port, if it has one of its own. Throws PortError.
  PortMeter(const MeterPlace& place, const can_emulator::PortNotice& notice);

  /// A frame of the bus that the inverter is on.
  void hear(Time t_ns, const can_emulator::CanFrame& frame);
  /// Reads its own port, asks again.
  void advance(Time t_ns);
  /// Nothing: no current that is fresh.
  std::optional<DcMeasurement> reading(Time t_ns) const;
  /// Of the last current; only after a reading.
  Time age_ns(Time t_ns) const { return t_ns - current_.at_ns; }

 private:
  struct Value {
    double value = 0.0;
    Time at_ns = -1;  ///< -1: never
  };
  void take(Time t_ns, const can_emulator::MeterSample& sample);
  void ask(Time t_ns);

  MeterPlace place_;
  bool is_on_inverters_bus_;
  std::unique_ptr<can_emulator::LiveCanPort> can_;
  std::unique_ptr<can_emulator::LiveBytePort> serial_;
  Time ask_due_ns_ = 0;
  can_emulator::Bytes received_;  ///< since the last question
  Value current_;
  Value voltage_;
};

}  // namespace doppelpack::sim
