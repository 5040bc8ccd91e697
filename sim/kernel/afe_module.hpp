// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// measure: the analogue front end. Converts current, cells and thermistors on its own schedule. Its
// comparators act within the plant's microseconds and open a gate without asking anybody; here they
// become a flag and an event.
//
// Every tick converts the current. Voltages and thermistors go through multiplexers, spread over
// the ticks of their period; the firmware gets a scan when it is complete.
//
// Conversions are lazy like the plant: each is carried out with the plant at exactly its own time,
// but only when the firmware reads the registers or something is about to change.
#pragma once

#include <cstdint>
#include <limits>
#include <systemc>

#include "alarm.hpp"
#include "local_time.hpp"
#include "models/sensing.hpp"
#include "sampler.hpp"
#include "sim/event_log.hpp"
#include "sim/pack_unit.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

/// A multiplexer on its way through its channels: channel k at tick floor(k * ticks / channels).
class Scan {
 public:
  Scan(std::int64_t ticks, std::int64_t channels)
      : ticks_(ticks), channels_(channels), whole_(ticks / channels), rest_(ticks % channels) {}

  /// One tick: calls convert(channel) for what is due. True: the scan is complete.
  template <typename Convert>
  bool tick(ScanState& at, const Convert& convert) const {
    for (; at.due <= at.tick; find_due(at)) convert(static_cast<int>(at.next++));
    if (++at.tick < ticks_) return false;
    at = {};
    return true;
  }

 private:
  static constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

  /// floor(next * ticks / channels) by its remainder: a division per channel would cost more than
  /// the rest of the scan.
  void find_due(ScanState& at) const {
    at.due += whole_;
    at.left += rest_;
    if (at.left >= channels_) {
      at.left -= channels_;
      ++at.due;
    }
    if (at.next == channels_) at.due = kLast;
  }

  std::int64_t ticks_;
  std::int64_t channels_;
  std::int64_t whole_;  ///< ticks from channel to channel, and what is left over
  std::int64_t rest_;
};

class AfeModule : public sc_core::sc_module {
 public:
  /// cell_ntcs: thermistors but for that of the MOSFETs, which comes last if there is one.
  AfeModule(const sc_core::sc_module_name& name, models::SensingParameters sensing,
            const SamplingPlan& plan, std::size_t cell_ntcs, LocalTime& time, Sampler& sampler,
            PackUnit& unit, EventLog& events);

  // For the sampler: when the next conversion is due, and that conversion, with the plant there.
  Time due_ns() const { return unit_.afe.due_ns; }
  void convert();
  /// What has tripped since the last look becomes a flag and an event.
  void notice_comparators();

  /// Without supply there are no conversions; with it the multiplexers start anew.
  void power_down();
  void power_up();

  /// One transfer of the registers to the firmware. If it arrives corrupt the firmware is told so
  /// instead, and the groups that would have been fresh are returned: they are so at the next one.
  std::uint32_t hold_back_if_corrupt();

  /// What the firmware asks of the pins: gates, coils, bleeders, test currents. A latched comparator
  /// wins over the gate.
  void drive(const bms_outputs_t& outputs);

  /// Look often from now on: something that can trip a comparator has changed.
  void wake_comparator();

 private:
  void sample(Time due_ns);
  void scan_voltages();
  void scan_ntcs();
  void clear_comparators(std::uint32_t asked);
  void watch();

  models::SensingParameters sensing_;
  LocalTime& time_;
  Sampler& sampler_;
  PackUnit& unit_;
  EventLog& events_;
  Time period_ns_;
  std::size_t cell_ntcs_;
  Scan voltages_;
  Scan ntcs_;
  Alarm comparator_tick_;
};

}  // namespace doppelpack::sim
