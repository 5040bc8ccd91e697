// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the scenarios as a whole have to show: a list of rows, and the scenarios that name them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario.hpp"

namespace doppelpack::sim {

struct AcceptanceRow {
  std::string id;
  std::string section;  ///< title of its part of the list
  std::string cause;
  std::string not_covered;  ///< what of it no scenario shows, and why; empty: nothing is left out
};

struct AcceptanceList {
  std::string key;
  std::string title;
  std::string file;
  std::vector<std::string> sources;
  std::filesystem::path scenarios;  ///< folder of those that show the rows; empty: all that ship
  std::vector<AcceptanceRow> rows;
};

/// By key, or by path to a .yaml file. Throws DataError.
AcceptanceList load_acceptance_list(std::string_view key_or_file,
                                    const std::filesystem::path& data_folder);

/// A list, or some rows of it, with the scenarios that show them.
struct AcceptancePlan {
  struct Row {
    AcceptanceRow row;
    std::vector<std::size_t> scenarios;  ///< by name
  };
  std::vector<Row> rows;            ///< in the order of the list
  std::vector<Scenario> scenarios;  ///< each once, in the order of the rows
};

/// All rows, or those of `ids`. Every scenario of the list is looked at, also for other rows: one that
/// names a row which the list does not have is an error. Throws DataError.
AcceptancePlan plan_acceptance(const AcceptanceList& list, std::span<const std::string> ids,
                               const std::filesystem::path& data_folder);

}  // namespace doppelpack::sim
