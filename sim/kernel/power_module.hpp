// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The border to whoever measures the current outside: once per simulated millisecond the pack's voltage goes
// out, and the newest current comes in to flow in the pack.
#pragma once

#include <systemc>

#include "alarm.hpp"
#include "sampler.hpp"
#include "sim/bench_state.hpp"
#include "sim/event_log.hpp"

namespace doppelpack::sim {

class PowerModule : public sc_core::sc_module {
 public:
  /// conductance_S: of the inverter, which drains its link while no pack holds it.
  PowerModule(const sc_core::sc_module_name& name, OutsideCurrent& outside, double conductance_S,
              LocalTime& time, Sampler& sampler, BenchState& state, EventLog& events);

  /// Its next turn, from the present time on.
  void plug_in();

 private:
  void exchange();
  void impose(const TerminalWish& wish);

  OutsideCurrent& outside_;
  double conductance_S_;
  Sampler& sampler_;
  BenchState& state_;
  EventLog& events_;
  Time due_ns_ = kNever;  ///< no part of the bench's state: who is plugged in is not either
  Alarm next_exchange_;
};

}  // namespace doppelpack::sim
