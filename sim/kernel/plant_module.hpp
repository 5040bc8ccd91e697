// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// evolve: the pack and the power stage on its terminals. The plant has no process of its own: it
// stands still until an actor looks at it or is about to change it, and then catches up in one loop
// (temporal decoupling), so one kernel event pays for many steps.
#pragma once

#include <systemc>

#include "models/power_stage.hpp"
#include "sim/bench_state.hpp"

namespace doppelpack::sim {

class PlantModule : public sc_core::sc_module {
 public:
  PlantModule(const sc_core::sc_module_name& name, models::PackParameters pack,
              models::PowerStageParameters stage, BenchState& state);

  /// Call before reading the plant and before changing anything it depends on.
  void catch_up();

  /// What drives the MOSFETs now; time passes with the old position first.
  void drive_gates(bool charge, bool discharge);
  void drive_bleeders(std::uint32_t bleeders);

  /// New electrical solution after something switched, without time passing.
  void settle();

  const models::PackParameters& parameters() const { return pack_; }

 private:
  models::PackParameters pack_;
  models::PowerStageParameters stage_;
  BenchState& state_;
};

}  // namespace doppelpack::sim
