// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What does not change while a bench lives, as JSON: its packs with panel and cables, its faults.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/scenario.hpp"
#include "sim/signals.hpp"

namespace doppelpack::http {

nlohmann::ordered_json describe_bench(const sim::Scenario& scenario);
nlohmann::ordered_json describe_faults(const sim::Scenario& scenario);
/// Without its value.
nlohmann::ordered_json describe_signal(const sim::Signal& signal);

}  // namespace doppelpack::http
