// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// How a port says what went wrong: one line that starts with the URI.
#pragma once

#include <string_view>

#include "can_emulator/port.hpp"

namespace doppelpack::can_emulator {

/// Throws PortError "URI: what".
[[noreturn]] void fail(std::string_view uri, std::string_view what);

/// Throws PortError "URI: what (the system's reason)".
[[noreturn]] void fail(std::string_view uri, std::string_view what, int error_number);

/// Throws for an open() of a device: says in plain words what the usual errors mean.
[[noreturn]] void fail_to_open(std::string_view uri, int error_number);

/// The call had nothing to do or no room, and may be repeated later.
bool is_temporary(int error_number);

/// A datagram that could not be sent now: nobody listens, no room, or a cable that is out for a while.
bool is_lost_on_the_way(int error_number);

}  // namespace doppelpack::can_emulator
