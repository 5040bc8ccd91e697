// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// An RS485 pair as data: who drives it when, and what the others make of it. Nobody listens before
// talking: two at once turn each other's bytes into garbage, as on the real wire. Times in ns on any
// clock that does not go back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "can_emulator/chance.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

enum class Parity : std::uint8_t { none, even, odd };

/// How a UART is set: 1 start bit, 8 data bits, the parity, 1 stop bit.
struct SerialFormat {
  std::uint32_t baud = 9600;
  Parity parity = Parity::none;

  bool operator==(const SerialFormat&) const = default;
};

/// What can be wrong between a node and the pair.
struct SerialPlug {
  bool is_connected = true;
  bool is_swapped = false;             ///< A on B and the other way round
  std::optional<SerialFormat> format;  ///< set wrongly
  double ground_offset_V = 0.0;        ///< of its ground to that of the others
  std::int64_t delay_ns = 0;           ///< of a converter between the node and the pair, sending
  std::size_t lost_tail_bytes = 0;     ///< its driver lets go of the pair so many bytes too early

  bool operator==(const SerialPlug&) const = default;
};

/// What can be wrong with the pair itself.
struct SerialWire {
  int terminators = 2;           ///< resistors of 120 Ohm in place, 0..2
  bool is_stuck = false;         ///< a driver that does not let go: nobody gets through
  double byte_error_rate = 0.0;  ///< 0..1, of each byte

  bool operator==(const SerialWire&) const = default;
};

/// Bytes that a node drives without a pause.
struct SerialBurst {
  std::size_t sender = 0;
  Bytes bytes;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::vector<bool> is_hit;  ///< of each byte: somebody else was talking too
};

struct SerialWireState {
  std::vector<SerialPlug> plugs;  ///< one for each node
  SerialWire wire;
  std::vector<SerialBurst> bursts;  ///< on the pair now, oldest first
  std::uint64_t collisions = 0;     ///< bursts that met another one
  std::uint64_t garbled = 0;        ///< bytes that arrived as something else
  std::uint64_t draws = 0;          ///< random numbers used so far
};

struct SerialWireDesign {
  std::vector<SerialFormat> nodes;
  Chance chance;
};

/// Bytes that wait in a node's driver at most, those on the pair included: room for two frames of the
/// longest kind (4113 bytes).
inline constexpr std::size_t kSerialDriverBuffer = 8192;

/// What each node has received when a burst has passed: empty for the sender and for whom it does
/// not reach.
struct SerialDelivery {
  std::size_t sender = 0;
  Bytes sent;
  std::vector<Bytes> received;
};

SerialWireState make_serial_wire(const SerialWireDesign& design);

/// Time of that many bytes.
std::int64_t duration_ns(const SerialFormat& format, std::size_t byte_count);

/// A node begins to drive the pair at t_ns, or goes on when it is still driving. False, and nothing
/// happens, while its plug is out or when its driver has no room for that many bytes.
bool drive(const SerialWireDesign& design, SerialWireState& pair, std::size_t node, BytesView bytes,
           std::int64_t t_ns);

/// When the next burst has passed; the highest number while the pair is quiet.
std::int64_t next_event_ns(const SerialWireState& pair);

/// Whether anybody but that node drives the pair.
bool is_driven_by_others(const SerialWireState& pair, std::size_t node);

/// The burst that has passed by t_ns, if there is one; ask again until there is none.
std::optional<SerialDelivery> advance(const SerialWireDesign& design, SerialWireState& pair,
                                      std::int64_t t_ns);

}  // namespace doppelpack::can_emulator
