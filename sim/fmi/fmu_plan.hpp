// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What an FMU is made of, written by `export-fmu` into its resources and read by the library in it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/product.hpp"

namespace doppelpack::fmi {

/// A fault with a Boolean input of its own.
struct FaultInput {
  std::string fault;
  int target = 0;  ///< from 1; 0: the pack
  std::optional<double> severity;

  /// Of the input, and the id it is put on by: "ntc_open_2".
  std::string name() const;
};

struct FmuPlan {
  std::string product;   ///< key; resources/products/KEY.yaml
  std::string inverter;  ///< likewise; whose messages the BMS hears. Empty: the plant alone
  std::vector<FaultInput> faults;
  std::string token;  ///< GUID or instantiation token

  bool has_bms() const { return !inverter.empty(); }
};

/// The file's name in resources/.
inline constexpr const char* kPlanFile = "doppelpack.json";

std::string to_json(const FmuPlan& plan);
/// Throws DataError for a file that is not there or none of ours.
FmuPlan read_plan(const std::filesystem::path& resources);

}  // namespace doppelpack::fmi
