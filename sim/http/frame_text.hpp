// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Published frames as JSON texts.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "http/live_frame.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::http {

/// {"number":7,"t_s":1.25,"values":[3.3012,null,...]}: those signals, 6 digits, null for what is no
/// number.
std::string values_text(const LiveFrame& frame, std::span<const std::size_t> signals);

/// Clock, timing, active faults, and why it is over.
nlohmann::ordered_json state_json(const LiveFrame& frame);

/// {"speed":1,"timing":{...}}: what the user asked for, and how well it was kept.
std::string clock_text(const LiveFrame& frame);

/// [{"number":7,...}]: the lines after that number, the oldest first.
std::string events_text(const EventTail& events, std::uint64_t after);

/// Rows of CAN and bursts of RS485 that are newer than that time, decoded by the product's protocols.
nlohmann::ordered_json traffic_json(const BusTraffic& traffic, const sim::Product& product,
                                    sim::Time after_ns);

}  // namespace doppelpack::http
