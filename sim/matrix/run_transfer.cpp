// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "matrix/run_transfer.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace doppelpack::sim {

namespace {

using PackedJson = nlohmann::json;

PackedJson packed(const std::optional<double>& number) {
  return number ? PackedJson(*number) : PackedJson();
}

std::optional<double> unpacked(const PackedJson& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

PackedJson packed(const Verdict& verdict) {
  return {verdict.name,
          verdict.kind,
          verdict.that,
          verdict.proves,
          verdict.has_held,
          verdict.is_decided,
          packed(verdict.measured_s),
          packed(verdict.limit_s),
          packed(verdict.margin_s),
          verdict.reason};
}

Verdict unpacked_verdict(const PackedJson& value) {
  Verdict verdict;
  verdict.name = value.at(0);
  verdict.kind = value.at(1);
  verdict.that = value.at(2);
  verdict.proves = value.at(3);
  verdict.has_held = value.at(4);
  verdict.is_decided = value.at(5);
  verdict.measured_s = unpacked(value.at(6));
  verdict.limit_s = unpacked(value.at(7));
  verdict.margin_s = unpacked(value.at(8));
  verdict.reason = value.at(9);
  return verdict;
}

// In the order of both directions.
template <class Run>
auto numbers_of(Run& run) {
  return std::array{
      &run.times.detection_s,      &run.times.reaction_s,        &run.times.margin_s,
      &run.overshoot.cell_over_mV, &run.overshoot.cell_under_mV, &run.overshoot.charge_A,
      &run.overshoot.discharge_A,  &run.overshoot.charge_A2s,    &run.overshoot.discharge_A2s,
      &run.overshoot.hot_K,        &run.overshoot.cold_K};
}

}  // namespace

std::string pack_run(const MatrixRun& run) {
  const RunResult& result = run.result;
  PackedJson numbers = PackedJson::array();
  for (const std::optional<double>* number : numbers_of(run)) numbers.push_back(packed(*number));
  PackedJson verdicts = PackedJson::array();
  for (const Verdict& verdict : result.expectations) verdicts.push_back(packed(verdict));
  const PackedJson value = {{"numbers", numbers},
                            {"verdicts", verdicts},
                            {"has_passed", result.has_passed},
                            {"simulated_s", result.simulated_s},
                            {"wall_s", result.wall_s},
                            {"hash", result.event_log_sha256},
                            {"core",
                             {result.core.name, result.core.version, result.core.library,
                              result.core.sha256, result.core.is_isolated}}};
  return value.dump(-1, ' ', false, PackedJson::error_handler_t::replace);
}

MatrixRun unpack_run(const std::string& text) {
  const PackedJson value = PackedJson::parse(text);
  MatrixRun run;
  RunResult& result = run.result;
  std::size_t next = 0;
  for (std::optional<double>* number : numbers_of(run))
    *number = unpacked(value.at("numbers").at(next++));
  for (const PackedJson& verdict : value.at("verdicts"))
    result.expectations.push_back(unpacked_verdict(verdict));
  result.has_passed = value.at("has_passed");
  result.simulated_s = value.at("simulated_s");
  result.wall_s = value.at("wall_s");
  result.event_log_sha256 = value.at("hash");
  const PackedJson& core = value.at("core");
  result.core = {core.at(0), core.at(1), core.at(2), core.at(3), core.at(4)};
  return run;
}

}  // namespace doppelpack::sim
