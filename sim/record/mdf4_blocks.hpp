// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The blocks of an ASAM MDF 4.1 file that a recording needs. A block is an id, its length, links (byte
// offsets of other blocks; 0: none) and data, all little-endian; it begins at a multiple of 8.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/signals.hpp"

namespace doppelpack::sim::mdf4 {

static_assert(std::endian::native == std::endian::little);

using Offset = std::uint64_t;

/// Its id, reserved bytes, its length and the number of its links.
inline constexpr Offset kHeadBytes = 24;
/// The length within a block, and its first link.
inline constexpr Offset kLengthAt = 8;
inline constexpr Offset kLinksAt = kHeadBytes;
/// A list of one data block: how long it is, and where in it the data block's link is.
inline constexpr Offset kListBytes = 56;
inline constexpr Offset kListDataAt = kLinksAt + 8;

constexpr Offset aligned(Offset offset) {
  return (offset + 7) / 8 * 8;
}

/// A number as it stands in the file.
template <typename T>
  requires std::integral<T> || std::floating_point<T>
std::string bytes_of(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// How a signal's values are written.
enum class Cell : std::uint8_t {
  word,     ///< number of a word in a byte; kUnknownWord: not known
  float32,  ///< 24 bits of precision
  float64,
};

inline constexpr std::uint8_t kUnknownWord = 255;

/// Words as bytes; what is summed up, counted or a set of bits as float64; what is measured as float32.
Cell cell_of(const Signal& signal);
std::size_t bytes_of_cell(Cell cell);
void write_cell(Cell cell, double value, char* place);

/// All blocks but the data, and the places that change as data is added.
struct Frame {
  std::string bytes;
  std::size_t record_bytes = 0;
  Offset cycle_count_at = 0;
  Offset first_list_at = 0;  ///< the link to it
};

/// One group of channels: "t_s", the master, float64 seconds, then the signals without gaps.
Frame make_frame(const std::vector<const Signal*>& signals, std::string_view title);

/// A list of one data block, and where the records of it begin among all records' bytes.
std::string list_block(Offset next, Offset data, std::uint64_t records_offset);
/// Records as they are.
std::string data_block(std::string_view records);
/// Records compressed column by column.
std::string zipped_block(std::string_view records, std::size_t record_bytes);

}  // namespace doppelpack::sim::mdf4
