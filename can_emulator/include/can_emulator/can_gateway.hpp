// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A gateway between a node and the bus (a CAN-to-Ethernet bridge, an isolator with a processor, a
// protocol converter) and what a bad one makes of the frames it should hand on: it is late, says
// things twice, lets a frame overtake another, loses the end of the data. A wire can do none of this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "can_emulator/can_bus.hpp"

namespace doppelpack::can_emulator {

/// Shares are 0..1 of the frames; a gateway as built hands on everything at once.
struct CanGateway {
  std::int64_t delay_ns = 0;
  double duplicated = 0.0;
  double reordered = 0.0;  ///< kept back until the next frame has passed
  double truncated = 0.0;  ///< some or all of the data bytes are missing

  bool operator==(const CanGateway&) const = default;
};

/// Frames that a gateway keeps at most; what comes then is lost.
inline constexpr std::size_t kGatewayBuffer = 4096;

struct CanGatewayState {
  struct Held {
    std::int64_t due_ns = 0;
    CanFrame frame;
  };
  std::deque<Held> held;           ///< in the order in which they leave
  std::optional<CanFrame> behind;  ///< waits for the next one to pass
  std::uint64_t draws = 0;         ///< random numbers used so far
};

/// Nothing to do to a frame, and none on its way that another could overtake.
bool is_transparent(const CanGateway& gateway, const CanGatewayState& state);

/// A frame enters at t_ns. False: lost.
bool enter(const CanGateway& gateway, const Chance& chance, CanGatewayState& state,
           const CanFrame& frame, std::int64_t t_ns);

/// When the next frame leaves; kNever_ns while there is none.
std::int64_t next_event_ns(const CanGatewayState& state);

/// The frame that leaves by t_ns, if there is one; ask again until there is none.
std::optional<CanFrame> leave(CanGatewayState& state, std::int64_t t_ns);

}  // namespace doppelpack::can_emulator
