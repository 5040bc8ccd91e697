// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/core_choice.hpp"

namespace doppelpack::sim {

nlohmann::ordered_json to_value(const CoreIdentity& core);

}  // namespace doppelpack::sim
