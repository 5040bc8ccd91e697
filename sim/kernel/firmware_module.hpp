// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The task of the firmware: once per millisecond every board makes one pass, the first pack's first,
// and what they told each other is on the link afterwards.
#pragma once

#include <functional>
#include <systemc>

#include "alarm.hpp"
#include "bms_board.hpp"
#include "local_time.hpp"
#include "sim/bench_state.hpp"

namespace doppelpack::sim {

class FirmwareModule : public sc_core::sc_module {
 public:
  /// after_pass is called at the end of every pass: the moment at which observers look.
  FirmwareModule(const sc_core::sc_module_name& name, std::vector<BmsBoard*> boards,
                 Time task_delay_ns, LocalTime& time, BenchState& state,
                 std::function<void(Time)> after_pass);

 private:
  void run_task();
  void pass(Time now_ns);

  std::vector<BmsBoard*> boards_;
  LocalTime& time_;
  BenchState& state_;
  std::function<void(Time)> after_pass_;
  Alarm next_pass_;
};

}  // namespace doppelpack::sim
