// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every way a wire or plug can be wrong. A scenario writes it, the buses read it.
#pragma once

#include "can_emulator/can_bus.hpp"
#include "can_emulator/can_gateway.hpp"
#include "can_emulator/serial_wire.hpp"

namespace doppelpack::can_emulator {

struct Cabling {
  CanPlug can_plug;  ///< of the pack
  CanWire can_wire;
  CanGateway can_gateway;        ///< between the pack and the bus, for what the pack sends
  bool has_can_babbler = false;  ///< somebody else on the bus sends without end
  SerialPlug rs485_plug;         ///< of the pack
  SerialWire rs485_wire;

  bool operator==(const Cabling&) const = default;
};

}  // namespace doppelpack::can_emulator
