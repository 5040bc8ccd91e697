// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where a report of many runs goes.
#pragma once

#include <filesystem>

namespace doppelpack::sim {

/// What to write; empty: not that.
struct ReportFiles {
  std::filesystem::path folder;    ///< for the JSON and the HTML; created if need be
  std::filesystem::path junit;     ///< JUnit XML
  std::filesystem::path markdown;  ///< the tables for docs/
};

}  // namespace doppelpack::sim
