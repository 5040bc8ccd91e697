// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Reader for cells/*.yaml: the data of one cell design.
#pragma once

#include <filesystem>

#include "models/chemistry.hpp"

namespace doppelpack::sim {

models::Chemistry read_cell(const YamlNode& root);

}  // namespace doppelpack::sim
