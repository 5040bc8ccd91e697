// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sweep_handover.hpp"

#include <unistd.h>

#include <fstream>

#include "sim/data_error.hpp"

namespace doppelpack::app {

namespace {

// Says in one line what is missing, where `python3 -m` would show a traceback or exit with 1.
constexpr const char* kStarter = R"(import sys
try:
    from doppelpack.sweep.command import main
except ModuleNotFoundError as error:
    wish = "pip install 'doppelpack[campaign]'"
    print(f"doppelpack: found no Python package {error.name}, expected: {wish}", file=sys.stderr)
    sys.exit(2)
sys.exit(main()))";

}  // namespace

bool is_sweep(const std::string& plan, const std::filesystem::path& data_folder) {
  const bool is_path = plan.find('/') != std::string::npos || plan.ends_with(".yaml");
  std::ifstream file(is_path ? std::filesystem::path(plan)
                             : data_folder / "sweeps" / (plan + ".yaml"));
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line.front() != '#') return line.starts_with("sweep:");
  return false;
}

void hand_over_sweep(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"python3", "-c", kStarter});
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  execvp(pointers.front(), pointers.data());
  throw sim::DataError({}, "found no python3 in PATH, expected one with the package doppelpack");
}

}  // namespace doppelpack::app
