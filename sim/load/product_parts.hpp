// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The parts of a product file, each read by a file of its own.
#pragma once

#include "load/yaml_node.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

/// "pack": cells, links, switches, heat. Loads the cell file.
PackDesign read_pack(const YamlNode& node, const std::filesystem::path& data_folder);

/// "sensing": fills product.sensing with its spreads, .harness, .sampling and .bms.sensing.
void read_sensing(const YamlNode& node, Product& product);

/// "supply": when the BMS has a supply at all.
models::SupplyRail read_supply(const YamlNode& node);

/// "board": what else is on it; fills product.board.
void read_board(const YamlNode& node, Product& product);

/// "bms": fills product.bms except .sensing, from what is already known of pack, sensing and board;
/// the core itself has the last word on it.
void read_bms(const YamlNode& node, Product& product);

}  // namespace doppelpack::sim
