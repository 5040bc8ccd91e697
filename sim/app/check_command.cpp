// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "sim/data_error.hpp"
#include "sim/load.hpp"

namespace doppelpack::app {

namespace {

int check(const std::vector<std::string>& files) {
  const auto data_folder = sim::find_data_folder();
  int exit_code = kExitOk;
  for (const std::string& file : files) {
    try {
      fmt::print("{}: a valid {}\n", file, sim::file_kind_name(sim::check_file(file, data_folder)));
    } catch (const sim::DataError& error) {
      fmt::print(stderr, "{}\n", error.what());
      exit_code = kExitBadInput;
    }
  }
  return exit_code;
}

}  // namespace

void add_check_command(CLI::App& app, Chosen& chosen) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand(
      "check",
      "Validate product, inverter, cell, scenario, acceptance, campaign and power stage files");
  command->add_option("FILE", *files, "Files to check")->required();
  command->callback([files, &chosen] { chosen = [files] { return check(*files); }; });
}

}  // namespace doppelpack::app
