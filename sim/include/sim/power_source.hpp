// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where a measured current comes from: a bidirectional DC source that plays the pack, or a meter.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "can_emulator/live_port.hpp"
#include "sim/compat_rig.hpp"
#include "sim/outside_current.hpp"
#include "sim/source_dialogue.hpp"

namespace doppelpack::sim {

/// "scpi:HOST:PORT?profile=NAME&max_V=60&max_A=50", perhaps with max_W, timeout_ms and soft_start_ms.
struct SourceAddress {
  can_emulator::PortUri uri;
  SourceSettings settings;
};

/// The text is of that kind, whether right or wrong.
bool is_source_address(std::string_view text);

/// Throws PortError for the text, DataError for a profile that is none, or limits beyond its family.
SourceAddress parse_source_address(std::string_view text, const std::filesystem::path& data_folder);

/// Throws DataError when the limits leave out voltages that the packs of the scenario have.
void check_limits(const SourceAddress& address, const Scenario& scenario);

/// Connects and checks; the output is off then. Throws PortError with the reason. A thread of its own talks to
/// the device from then on. Destruction switches the output off and waits until the device says so, at
/// most for some timeouts; a notice says if it did not.
std::unique_ptr<OutsideCurrent> open_power_source(SourceAddress address,
                                                  can_emulator::PortNotice notice);

/// What a meter reads flows in the pack; nothing, while it has been silent for more than a second.
/// Throws PortError.
std::unique_ptr<OutsideCurrent> open_current_meter(std::string_view name, const MeterPlace& place,
                                                   can_emulator::PortNotice notice);

}  // namespace doppelpack::sim
