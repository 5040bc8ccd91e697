// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The part of an inverter's file about what it sends on CAN.
#pragma once

#include <cstdint>

#include "load/yaml_node.hpp"
#include "sim/inverter_design.hpp"

namespace doppelpack::sim {

/// "0x305", of 11 bits. Throws DataError.
std::uint32_t to_frame_id(const YamlNode& node);

/// Throws DataError at the place of what is wrong.
Heartbeat read_heartbeat(const YamlNode& node);

}  // namespace doppelpack::sim
