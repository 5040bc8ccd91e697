// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The parts of a scenario file, each read by a file of its own.
#pragma once

#include <vector>

#include "load/section.hpp"
#include "load/yaml_node.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::sim {

/// `pack` says which cells there are.
InitialState read_initial(const YamlNode& node, const PackDesign& pack);
std::vector<Profile> read_profiles(const YamlNode& node);
std::vector<TimelineEntry> read_timeline(const YamlNode& node);
std::vector<Expectation> read_expectations(const YamlNode& node);

/// The one that `inverter` of the section names, or the ordinary one.
InverterDesign read_inverter(const Section& section, const std::filesystem::path& data_folder);
/// Throws DataError when they have no bus in common.
void check_link(const Section& section, const InverterDesign& inverter, const Product& product);

/// Every text that names a signal, control, fault, target, button or id fits the product and the
/// rest of the scenario. Throws DataError for the first that does not.
void check_texts(const Scenario& scenario);

}  // namespace doppelpack::sim
