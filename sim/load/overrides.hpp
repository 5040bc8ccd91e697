// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Settings given beside a file: "initial.soc=80 %" replaces or adds one value before it is read.
#pragma once

#include <span>

#include "load/yaml_node.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {

/// Key paths look like the fields of error texts: "timeline[2].at". Replaced values stand in the file
/// "--set". A key that the reader does not know is found by the reader.
void apply(std::span<const Override> overrides, YamlNode& root);

}  // namespace doppelpack::sim
