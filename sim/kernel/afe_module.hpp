// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// measure: the analogue front end. Converts current, cells and thermistors on its own schedule and
// owns the short-circuit comparator, which opens the DSG gate without asking the firmware.
//
// Conversions are lazy like the plant: each is carried out with the plant at exactly its own time,
// but only when the firmware reads the registers or something is about to change.
#pragma once

#include <systemc>

#include "models/sensing.hpp"
#include "plant_module.hpp"
#include "sim/bench_state.hpp"
#include "sim/event_log.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

class AfeModule : public sc_core::sc_module {
 public:
  AfeModule(const sc_core::sc_module_name& name, models::SensingParameters sensing,
            const SamplingPlan& plan, PlantModule& plant, BenchState& state, EventLog& events);

  /// Carries out the conversions due by now: what the firmware does before it reads the registers.
  void convert_due();

  /// Brings conversions and plant to the present. Call it before changing anything the plant
  /// depends on, or reading it to the nanosecond.
  void catch_up();

  /// What the firmware asks of the pins of this chip. The latched comparator wins over the gate.
  void drive(const bms_outputs_t& outputs);

  /// Watch the current closely from now on: something that can raise it has changed.
  void wake_comparator();

 private:
  void sample();
  bool is_close_to_short() const;
  void watch();
  void drive_gates(bool charge_gate, bool discharge_gate);
  void publish_comparator();

  models::SensingParameters sensing_;
  PlantModule& plant_;
  BenchState& state_;
  EventLog& events_;
  Time period_ns_;
  std::int64_t cell_divider_;  ///< one conversion of the cells per so many of the current
  std::int64_t ntc_divider_;
  std::int64_t sample_count_ = 0;
  sc_core::sc_event comparator_tick_;
  Time watched_until_ns_ = 0;
};

}  // namespace doppelpack::sim
