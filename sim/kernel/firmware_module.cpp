// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "firmware_module.hpp"

#include <utility>

#include "context.hpp"
#include "phases.hpp"
#include "sim/pack_link.hpp"

namespace doppelpack::sim {

FirmwareModule::FirmwareModule(const sc_core::sc_module_name& name, std::vector<BmsBoard*> boards,
                               Time task_delay_ns, LocalTime& time, BenchState& state,
                               std::function<void(Time)> after_pass)
    : sc_module(name),
      boards_(std::move(boards)),
      time_(time),
      state_(state),
      after_pass_(std::move(after_pass)),
      next_pass_(time, state.agenda.firmware_due_ns) {
  SC_HAS_PROCESS(FirmwareModule);
  SC_METHOD(run_task);
  sensitive << next_pass_.event();
  dont_initialize();
  state_.agenda.firmware_due_ns = kAfePhase + task_delay_ns;
}

void FirmwareModule::run_task() {
  next_pass_.acknowledge();
  for (const BmsBoard* board : boards_)
    if (board->failure() != nullptr) return;
  time_.begin();
  Time due_ns = sc_now_ns();
  do {
    pass(due_ns);
    due_ns += kFirmwarePeriod;
  } while (time_.move_to(due_ns));
  time_.rejoin();
  next_pass_.set(due_ns);
}

void FirmwareModule::pass(Time now_ns) {
  for (BmsBoard* board : boards_) board->pass(now_ns);
  if (boards_.size() > 1) exchange_link_messages(state_.units);
  after_pass_(now_ns);
}

}  // namespace doppelpack::sim
