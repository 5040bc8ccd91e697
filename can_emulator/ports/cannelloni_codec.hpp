// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// CAN frames in datagrams as cannelloni exchanges them, format version 2
// (github.com/mguentner/cannelloni, doc/udp_format.md). Big-endian:
//
//   version 1, operation 1 (0: data), sequence number 1, number of frames 2, then for each frame
//   id 4 (with the flags of linux/can.h), length 1, data; none for a remote frame.
//
// A length with its highest bit set announces CAN FD: a byte of flags follows it, and up to 64 of data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

struct CannelloniDatagram {
  std::uint8_t sequence = 0;
  std::vector<CanFrame> frames;  ///< in their order
  std::size_t left_out = 0;      ///< CAN FD and error frames, which are no classic ones
};

/// At most 65,535 frames.
Bytes encode_cannelloni(std::span<const CanFrame> frames, std::uint8_t sequence);

/// Nothing for what is no datagram of data, of another version, announces more frames than it has, or
/// has one that cannot be: then none of its frames is trusted. What follows the last announced frame
/// is ignored, as cannelloni does.
std::optional<CannelloniDatagram> decode_cannelloni(BytesView datagram);

}  // namespace doppelpack::can_emulator
