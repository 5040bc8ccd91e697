// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Reader for the part "ageing" of cells/*.yaml.
#pragma once

#include "load/yaml_node.hpp"
#include "models/ageing_parameters.hpp"

namespace doppelpack::sim {

models::AgeingParameters read_ageing(const YamlNode& node);

}  // namespace doppelpack::sim
