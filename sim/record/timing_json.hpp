// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/timing.hpp"

namespace doppelpack::sim {

nlohmann::ordered_json to_value(const TimingReport& timing);

/// The same as properties of a JUnit suite, by name.
std::vector<std::pair<std::string, std::string>> to_properties(const TimingReport& timing);

}  // namespace doppelpack::sim
