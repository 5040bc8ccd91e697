// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "recorder_module.hpp"

#include <fmt/format.h>

#include <bit>

#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

class Fnv1a {
 public:
  void add(std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8) {
      hash_ = (hash_ ^ ((word >> static_cast<unsigned>(shift)) & 0xFFU)) * 0x100000001B3U;
    }
  }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

void add(const PackUnit& unit, Fnv1a& hash) {
  const models::PackState& pack = unit.pack;
  for (Eigen::Index i = 0; i < pack.cells.x.size(); ++i) hash.add(pack.cells.x.data()[i]);
  for (const double T_degC : pack.cells.T_degC) hash.add(T_degC);
  for (const double V : pack.cell_V) hash.add(V);
  hash.add(pack.current_A);
  hash.add(pack.terminal_V);
  hash.add(unit.sensing.samples);
  const bms_report_t& report = unit.bms_outputs.report;
  for (int i = 0; i < report.cell_count; ++i) hash.add(std::uint64_t{report.cell_mV[i]});
  hash.add(std::uint64_t{report.remaining_mAh});
  hash.add(std::uint64_t{report.protections} << 32U | report.warnings);
  hash.add(report.failures);
}

}  // namespace

RecorderModule::RecorderModule(const sc_core::sc_module_name& name, Time period_ns, LocalTime& time,
                               BenchState& state, Recorder& recorder)
    : sc_module(name),
      state_(state),
      recorder_(recorder),
      period_ns_(period_ns),
      next_sample_(time, state.agenda.sample_due_ns),
      next_digest_(time, state.agenda.digest_due_ns) {
  SC_HAS_PROCESS(RecorderModule);
  SC_METHOD(sample);
  sensitive << next_sample_.event();
  dont_initialize();
  SC_METHOD(digest);
  sensitive << next_digest_.event();
  dont_initialize();
  state.agenda.sample_due_ns = kSamplePhase;
  state.agenda.digest_due_ns = kDigestPhase;
}

void RecorderModule::sample() {
  next_sample_.acknowledge();
  next_sample_.set(sc_now_ns() + period_ns_);
  recorder_.sample(sc_now_ns() - kSamplePhase, state_);
}

void RecorderModule::digest() {
  next_digest_.acknowledge();
  next_digest_.set(sc_now_ns() + kDigestPeriod);
  recorder_.events().add(sc_now_ns() - kDigestPhase, "digest",
                         {{"state", fmt::format("{:016x}", state_digest(state_))}});
}

std::uint64_t state_digest(const BenchState& state) {
  Fnv1a hash;
  for (const PackUnit& unit : state.units) add(unit, hash);
  hash.add(state.stage.current_A);
  hash.add(state.can.from_pack << 32U | state.rs485.from_pack);
  return hash.value();
}

}  // namespace doppelpack::sim
