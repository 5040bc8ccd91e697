// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The fields of inputs and outputs by name, so that reports can be read. One row per field; what has
// no row is still compared, and reported by its offset.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bms/types.h"

namespace doppelpack::sim {

struct FieldDifference {
  std::string field;  ///< "report.cell_mV[3]", or "bytes 200 to 203"
  std::string first;
  std::string second;
};

/// Padding is not compared: what stands in it means nothing.
std::vector<FieldDifference> differences(const bms_outputs_t& first, const bms_outputs_t& second);

/// True when a field of the outputs has this name or one that begins with it.
bool is_output_field(std::string_view beginning);

/// {"field": value, ...}; fields without a row are left out.
nlohmann::ordered_json to_fields(const bms_inputs_t& inputs);
nlohmann::ordered_json to_fields(const bms_outputs_t& outputs);

}  // namespace doppelpack::sim
