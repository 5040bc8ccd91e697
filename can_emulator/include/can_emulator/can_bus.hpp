// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A CAN bus as data: controllers, the wire between them, and what ISO 11898-1 makes of both. Frame by
// frame: which one starts, whether it gets through, whose error counters move, and when the bus is
// free again. Times in ns on any clock that does not go back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <vector>

#include "can_emulator/chance.hpp"
#include "can_emulator/frame.hpp"

namespace doppelpack::can_emulator {

/// A controller as it is built. `mailboxes`: frames that can wait; a full one loses what comes next.
struct CanNodeDesign {
  std::uint32_t bit_rate_Hz = 500'000;
  std::size_t mailboxes = 32;
  bool is_listen_only = false;            ///< hears, but neither acknowledges nor objects
  std::int64_t restart_ns = 100'000'000;  ///< its software's pause after bus-off; -1: for good
};

/// What can be wrong between a node and the cable.
struct CanPlug {
  bool is_connected = true;
  bool is_swapped = false;                   ///< CANH on CANL and the other way round
  std::optional<std::uint32_t> bit_rate_Hz;  ///< set wrongly
  double ground_offset_V = 0.0;              ///< of its ground to that of the others
  bool is_babbling = false;                  ///< sends identifier 0 whenever it may

  bool operator==(const CanPlug&) const = default;
};

/// What can be wrong with the cable itself.
struct CanWire {
  int terminators = 2;             ///< resistors of 120 Ohm in place, 0..2
  bool is_stuck_dominant = false;  ///< a driver that does not let go
  bool is_shorted = false;         ///< CANH to CANL: nobody sees a dominant bit
  double bit_error_rate = 0.0;     ///< 0..1, of each bit on the wire

  bool operator==(const CanWire&) const = default;
};

enum class CanErrorState : std::uint8_t { active, passive, bus_off };

/// Since the start.
struct CanErrorCounts {
  std::uint64_t bit = 0;          ///< the sender read back something else
  std::uint64_t stuff = 0;        ///< a receiver at another bit rate objected
  std::uint64_t acknowledge = 0;  ///< nobody else was there
  std::uint64_t bus_off = 0;
  std::uint64_t lost = 0;  ///< frames that found the mailboxes full or the node off
};

struct CanNodeState {
  bool is_powered = true;  ///< see power_node()
  unsigned tec = 0;        ///< transmit error counter
  unsigned rec = 0;        ///< receive error counter
  bool is_off = false;
  std::int64_t back_ns = 0;       ///< when a node that is off takes part again
  std::int64_t may_start_ns = 0;  ///< an error passive sender waits 8 bits longer than the others
  std::deque<CanFrame> waiting;   ///< oldest first
  CanErrorCounts counts;

  CanErrorState error_state() const;
};

/// What the wire is busy with. `is_good`: it will arrive.
struct CanAttempt {
  std::size_t sender = 0;
  CanFrame frame;
  bool is_babble = false;  ///< came out of nowhere, not out of a mailbox
  bool is_good = false;
  std::int64_t end_ns = 0;
};

struct CanBusState {
  std::vector<CanNodeState> nodes;
  std::vector<CanPlug> plugs;  ///< one for each node
  CanWire wire;
  std::optional<CanAttempt> attempt;
  std::int64_t free_ns = 0;  ///< the bus is idle from then on
  std::int64_t busy_ns = 0;  ///< time with bits on it since the start: load is its rate
  std::uint64_t draws = 0;   ///< random numbers used so far
};

struct CanBusDesign {
  std::vector<CanNodeDesign> nodes;
  Chance chance;
};

/// A frame that got through, and to whom: one entry for each node, false for the sender.
struct CanDelivery {
  std::size_t sender = 0;
  CanFrame frame;
  std::vector<bool> receivers;
};

inline constexpr std::int64_t kNever_ns = std::numeric_limits<std::int64_t>::max();

CanBusState make_can_bus(const CanBusDesign& design);

/// Switches a controller on or off. Off, it forgets everything but its counts.
void power_node(CanBusState& bus, std::size_t node, bool is_powered);

/// Hands a frame to a node's controller, at t_ns. False: lost, and counted.
bool queue_frame(const CanBusDesign& design, CanBusState& bus, std::size_t node,
                 const CanFrame& frame, std::int64_t t_ns);

/// The next moment at which advance() does something; kNever_ns while nobody has anything to say.
/// Asked again after every change of frames, plugs or wire.
std::int64_t next_event_ns(const CanBusState& bus, std::int64_t t_ns);

/// Lets the bus do what is due at t_ns: an attempt ends, the next one starts, a node comes back. A
/// frame that got through is returned.
std::optional<CanDelivery> advance(const CanBusDesign& design, CanBusState& bus, std::int64_t t_ns);

/// What arbitration compares: the lower value wins. A standard frame beats an extended one with the
/// same leading bits, because its IDE bit is dominant.
std::uint64_t arbitration_key(const CanFrame& frame);

}  // namespace doppelpack::can_emulator
