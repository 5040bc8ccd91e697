// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every way a wire or plug can be wrong. A scenario writes it, the buses read it.
#pragma once

namespace doppelpack::can_emulator {

struct Cabling {
  bool is_can_plugged = true;
  bool is_rs485_plugged = true;

  bool operator==(const Cabling&) const = default;
};

}  // namespace doppelpack::can_emulator
