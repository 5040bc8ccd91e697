// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The virtual inverter's controller: decides now and then what its power stage should do.
#pragma once

#include <systemc>

#include "alarm.hpp"
#include "sampler.hpp"
#include "sim/bench_state.hpp"
#include "sim/event_log.hpp"
#include "sim/inverter.hpp"

namespace doppelpack::sim {

class InverterModule : public sc_core::sc_module {
 public:
  InverterModule(const sc_core::sc_module_name& name, const InverterDesign& design, LocalTime& time,
                 Sampler& sampler, BenchState& state, EventLog& events);

 private:
  void decide();

  const InverterDesign& design_;
  Sampler& sampler_;
  BenchState& state_;
  EventLog& events_;
  Alarm next_decision_;
};

}  // namespace doppelpack::sim
