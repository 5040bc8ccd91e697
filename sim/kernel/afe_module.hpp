// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// measure: the analogue front end. Converts current, cells and thermistors on its own schedule and
// owns the short-circuit comparator, which opens the DSG gate without asking the firmware.
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

  /// What the firmware asks of the pins of this chip. The latched comparator wins over the gate.
  void drive(bool charge_gate, bool discharge_gate, std::uint32_t clear_comparators);

  /// Watch the current closely from now on: something that can raise it has changed.
  void wake_comparator();

 private:
  void sample();
  void watch();
  void publish_comparator();

  models::SensingParameters sensing_;
  PlantModule& plant_;
  BenchState& state_;
  EventLog& events_;
  sc_core::sc_time period_;
  std::uint32_t cell_divider_;  ///< one conversion of the cells per so many of the current
  std::uint32_t ntc_divider_;
  std::uint32_t sample_count_ = 0;
  sc_core::sc_event first_sample_;
  sc_core::sc_event comparator_tick_;
  Time watched_until_ns_ = 0;
};

}  // namespace doppelpack::sim
