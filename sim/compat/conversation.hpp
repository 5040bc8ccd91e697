// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The scripted battery on its bus: what it says there, and what its inverter does.
#pragma once

#include <memory>
#include <string_view>

#include "compat/bus_record.hpp"
#include "sim/compat.hpp"

namespace doppelpack::sim {

class Conversation {
 public:
  virtual ~Conversation() = default;

  /// The battery says so from now on.
  virtual void apply(const BatteryChange& change, double present_V) = 0;
  /// False: the inverter has not yet been told all of it, as it has not asked.
  virtual bool is_told() const = 0;
  /// Lets time pass. Everything said is recorded.
  virtual void advance(Time t_ns) = 0;
  /// When the inverter said the last thing that only an inverter says; -1: never.
  virtual Time heartbeat_ns() const = 0;
  /// Why this cannot be played here; empty: it can.
  virtual std::string_view objection(const BatteryChange& change) const = 0;
};

/// All arguments must outlive it. The product has that bus.
std::unique_ptr<Conversation> make_can_conversation(const Product& product, CanRig& rig,
                                                    ScriptedBattery& battery, BusRecord& record);
std::unique_ptr<Conversation> make_serial_conversation(const Product& product, SerialRig& rig,
                                                       ScriptedBattery& battery, BusRecord& record);

}  // namespace doppelpack::sim
