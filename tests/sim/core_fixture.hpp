// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Benches with cores from tests/cores/.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "bench_fixture.hpp"

namespace doppelpack::sim::test {

inline std::filesystem::path core_library(const std::string& name) {
  return std::filesystem::path(DOPPELPACK_TEST_CORES) / (name + ".so");
}

enum class Where { here, isolated };

inline CoreChoice choose(const std::string& name, Where where) {
  CoreChoice choice;
  choice.library = core_library(name);
  choice.is_isolated = where == Where::isolated;
  choice.answer_budget_s = 30.0;  // nothing here is to depend on a busy machine
  return choice;
}

inline BenchOptions with_core(const CoreChoice& choice) {
  BenchOptions options;
  options.core = choice;
  return options;
}

inline nlohmann::json read_json(const std::filesystem::path& file) {
  return nlohmann::json::parse(std::ifstream(file));
}

}  // namespace doppelpack::sim::test
