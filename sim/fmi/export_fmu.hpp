// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Writes an FMU: description, libraries and data of a product in one file that runs anywhere.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "fmi/description.hpp"
#include "fmi/fmu_plan.hpp"

namespace doppelpack::fmi {

struct ExportOrder {
  std::string product;   ///< key or file
  std::string inverter;  ///< key or file; empty: the plant alone
  std::vector<FaultInput> faults;
  FmiVersion version = FmiVersion::two;
  double step_s = 0.001;
};

struct ExportedFmu {
  std::size_t inputs = 0;  ///< elements
  std::size_t outputs = 0;
  std::string token;
};

/// The same order gives the same bytes. Throws DataError, and leaves an old file as it was.
ExportedFmu export_fmu(const ExportOrder& order, const std::filesystem::path& data_folder,
                       const std::filesystem::path& file);

/// What names both the FMU and the library in it: "pylontech_us5000", "pylontech_us5000_plant" without
/// a BMS.
std::string identifier_of(const std::string& product, bool has_bms);

}  // namespace doppelpack::fmi
