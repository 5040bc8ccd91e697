// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/event_log.hpp"

namespace doppelpack::sim {

/// {"t_s":1.5,"event":"gate","bms":"bms1","gate":"charge","is_closed":true}
nlohmann::ordered_json describe_event(const Event& event);

}  // namespace doppelpack::sim
