// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One classic CAN frame, as data.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace doppelpack::can_emulator {

struct CanFrame {
  std::uint32_t id = 0;  ///< 11 or 29 bits, right aligned
  bool is_extended = false;
  bool is_remote = false;
  std::uint8_t dlc = 0;                ///< 0..8
  std::array<std::uint8_t, 8> data{};  ///< bytes at and after dlc are zero

  bool operator==(const CanFrame&) const = default;
};

/// Bits on the wire: start bit to end of frame plus the 3-bit intermission, with the stuff bits this
/// very frame needs (ISO 11898-1, CRC-15 0x4599 included).
std::int64_t frame_bit_count(const CanFrame& frame);

/// Time of these bits at bit_rate_Hz, rounded to ns.
std::int64_t frame_duration_ns(const CanFrame& frame, std::uint32_t bit_rate_Hz);

/// "(12.345678)": how `candump -L` and our other bus logs stamp a line. t_ns counts from the start of
/// the log and is cut to microseconds.
std::string candump_stamp(std::int64_t t_ns);

/// "(12.345678) can0 351#1402FA00FA00" with a final newline: the `candump -L` log format.
/// Remote frames end in "#R", extended ids have 8 digits.
std::string candump_line(std::int64_t t_ns, std::string_view interface, const CanFrame& frame);

/// One line of a candump log.
struct CandumpEntry {
  std::int64_t t_ns = 0;  ///< as stamped: since the start of a log of ours, since 1970 in others
  std::string interface;
  CanFrame frame;
};

/// The other way round, for a line with or without its end. Takes what candump and its relatives
/// write beyond ours: any digits of a second, the length after the R of a remote frame, dots between
/// bytes, a final T or R for the direction. Nothing: not such a line, a CAN FD frame, or one of the
/// error frames that the kernel makes.
std::optional<CandumpEntry> parse_candump_line(std::string_view line);

}  // namespace doppelpack::can_emulator
