// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// evolve: the pack and the power stage on its terminals. The plant has no process of its own: it
// stands still until somebody needs it, and then catches up in one loop (temporal decoupling). The
// AFE decides how far: it knows which conversions lie on the way.
#pragma once

#include <systemc>

#include "models/power_stage.hpp"
#include "sim/bench_state.hpp"

namespace doppelpack::sim {

class PlantModule : public sc_core::sc_module {
 public:
  PlantModule(const sc_core::sc_module_name& name, models::PackParameters pack,
              models::PowerStageParameters stage, BenchState& state);

  /// Nothing happens when it is there already.
  void advance_to(Time t_ns);

 private:
  models::PackParameters pack_;
  models::PowerStageParameters stage_;
  BenchState& state_;
};

}  // namespace doppelpack::sim
