// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "sim/expectations.hpp"

namespace doppelpack::sim {

nlohmann::ordered_json to_value(const std::vector<Verdict>& verdicts);

}  // namespace doppelpack::sim
