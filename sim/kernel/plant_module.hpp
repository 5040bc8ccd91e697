// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// evolve: the packs and the power stage on their terminals. The plant has no process of its own: it
// stands still until somebody needs it, and then catches up in one loop (temporal decoupling). The
// sampler decides how far: it knows which conversions lie on the way.
#pragma once

#include <systemc>
#include <vector>

#include "models/power_stage.hpp"
#include "sim/bench_state.hpp"

namespace doppelpack::sim {

class PlantModule : public sc_core::sc_module {
 public:
  /// packs: one for each unit of the state. stacked: how many of them are in series in each stack.
  PlantModule(const sc_core::sc_module_name& name, std::vector<models::PackParameters> packs,
              int stacked, models::PowerStageParameters stage, BenchState& state);

  /// Nothing happens when it is there already.
  void advance_to(Time t_ns);

 private:
  models::TerminalSource make_source(double dt_s);
  void step_packs(const models::TerminalSource& source, double dt_s);

  std::vector<models::PackParameters> packs_;
  models::BankParameters bank_;
  std::vector<models::BankModule> modules_;  ///< the units, as the bank sees them
  models::PowerStageParameters stage_;
  BenchState& state_;
};

}  // namespace doppelpack::sim
