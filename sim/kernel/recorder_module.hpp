// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Writes a row of signals at the plan's period and a digest of the state now and then. An observer:
// it reads the last state as it stands and never advances the plant.
#pragma once

#include <systemc>

#include "alarm.hpp"
#include "sim/bench_state.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

class RecorderModule : public sc_core::sc_module {
 public:
  RecorderModule(const sc_core::sc_module_name& name, Time period_ns, LocalTime& time,
                 BenchState& state, Recorder& recorder);

 private:
  void sample();
  void digest();

  const BenchState& state_;
  Recorder& recorder_;
  Time period_ns_;
  Alarm next_sample_;
  Alarm next_digest_;
};

/// 64-bit FNV-1a over the bits of the plant's state and the firmware's report: two runs with equal
/// digests all along have computed the same bits.
std::uint64_t state_digest(const BenchState& state);

}  // namespace doppelpack::sim
