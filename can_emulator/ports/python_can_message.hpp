// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// CAN frames as python-can's udp_multicast interface sends them: one msgpack map per datagram whose
// keys are the arguments of can.Message (python-can 4.6, can/interfaces/udp_multicast/utils.py).
#pragma once

#include <cstdint>
#include <optional>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

/// Byte for byte what python-can sends for a message without a channel. t_ns becomes its time stamp,
/// which python-can replaces by the time of reception.
Bytes encode_python_can_message(const CanFrame& frame, std::int64_t t_ns);

/// Nothing for CAN FD, error frames, and whatever is not a valid message.
std::optional<CanFrame> decode_python_can_message(BytesView datagram);

}  // namespace doppelpack::can_emulator
