// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A bench at one moment, and a bench that goes on from it.
#include <fmt/format.h>

#include <cstddef>
#include <span>
#include <string>

#include "kernel.hpp"

namespace doppelpack::sim {

namespace {

std::string cannot_move(const CoreIdentity& core) {
  return fmt::format(
      "found the core \"{}\" without bms_core_t.move, or one whose calls are "
      "recorded, expected one that can go on elsewhere",
      core.name);
}

}  // namespace

void Bench::Kernel::check(const Snapshot& from) const {
  const auto expect = [&](bool is_so, const char* field, const std::string& found) {
    if (!is_so) throw DataError({"", 0, std::string("snapshot.") + field}, found);
  };
  expect(
      from.fingerprint == fingerprint(scenario), "fingerprint",
      fmt::format("found one of another '{}', expected one of '{}' with the same files, settings "
                  "and seed",
                  from.scenario, scenario.key));
  const CoreIdentity& core = cores_.front()->identity();
  expect(from.core.name == core.name && from.core.version == core.version &&
             from.core.sha256 == core.sha256,
         "core",
         fmt::format("found the memory of {} {} {}, expected that of {} {} {}", from.core.name,
                     from.core.version, from.core.sha256, core.name, core.version, core.sha256));
  expect(cores_.front()->can_move(), "core", cannot_move(core));
  const std::size_t bytes = from.state.units.front().bms_instance.size() * sizeof(std::max_align_t);
  expect(bytes == slots_of(cores_.front()->state_bytes()) * sizeof(std::max_align_t), "core",
         fmt::format("found {} bytes of memory, expected {}: with the same shadow", bytes,
                     cores_.front()->state_bytes()));
}

Snapshot Bench::Kernel::snapshot() const {
  if (is_over()) throw DataError({"", 0, "snapshot"}, "found a bench that is over: " + why_over());
  const CoreIdentity& core = cores_.front()->identity();
  if (!cores_.front()->can_move()) throw DataError({"", 0, "snapshot.core"}, cannot_move(core));
  Snapshot copy{scenario.key,   fingerprint(scenario),       core, now_ns_, state,
                watch_.state(), recorder_->events().events()};
  // An address would mean nothing to whoever gets it, and differ from run to run.
  for (std::size_t pack = 0; pack < packs.size(); ++pack) {
    PackUnit& unit = copy.state.units[pack];
    cores_[pack]->move(std::as_writable_bytes(std::span(unit.bms_instance)),
                       {now_ns_, unit.board.steps, 0}, nullptr);
  }
  return copy;
}

// Everything has been built as at the start; now it becomes what it was.
void Bench::Kernel::go_on(const Snapshot& from) {
  const can_emulator::CanBusState fresh_bus = state.can_bus;
  const can_emulator::SerialWireState fresh_pair = state.serial_wire;
  state = from.state;
  if (!outside_) {  // who measures is plugged in here, or not
    state.power = {};
    state.stage_inputs.imposed.reset();
  }
  watch_.restore(from.watch);
  if (modules_->can) modules_->can->adopt_ports(fresh_bus);
  if (modules_->rs485) modules_->rs485->adopt_ports(fresh_pair);
  if (from.t_ns > 0) sc_core::sc_start(to_sc_time(from.t_ns));  // nobody is due on the way
  now_ns_ = from.t_ns;
  for (const auto& bms : modules_->bms) bms->board.adopt_core();
}

}  // namespace doppelpack::sim
