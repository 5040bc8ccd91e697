// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What does not change while a bench lives, as JSON: its packs with panel and cables, its faults.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/scenario.hpp"
#include "sim/signals.hpp"

namespace doppelpack::sim {

nlohmann::ordered_json describe_bench(const Scenario& scenario);
nlohmann::ordered_json describe_faults(const Scenario& scenario);
/// Without its value.
nlohmann::ordered_json describe_signal(const Signal& signal);

}  // namespace doppelpack::sim
