// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The ASCII frame of YD/T 1363.3, which Pylontech, PACE, Seplos, EG4 and others share:
//
//   SOI   VER  ADR  CID1  CID2 or RTN  LENGTH              INFO            CHKSUM  EOI
//   0x7E  2    2    2     2            4: checksum, LENID  LENID characters  4       0x0D
//
// Between SOI and EOI everything is hexadecimal, two characters per byte, big endian. LENID counts
// characters. Documents: "RS485-protocol-pylon-low-voltage-V3.3" (2018-08-21) and its relatives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

/// `code` is the command (CID2) of a request and the return code (RTN) of a reply.
struct YdtFrame {
  std::uint8_t version = 0;
  std::uint8_t address = 0;
  std::uint8_t cid1 = 0;
  std::uint8_t code = 0;
  Bytes info;  ///< as bytes, not characters; at most 2047
};

enum class YdtFault {
  none,
  garbled,                ///< not hexadecimal between SOI and EOI, or shorter than an empty frame
  wrong_checksum,         ///< CHKSUM
  wrong_length_checksum,  ///< LCHKSUM
  wrong_length            ///< LENID disagrees with the characters that are there, or is odd
};

struct YdtParsed {
  YdtFault fault = YdtFault::garbled;
  YdtFrame frame;  ///< the header is filled unless garbled, info only without a fault
};

FrameSpan find_ydt_frame(BytesView received);

/// Upper and lower case are taken alike; real devices only send upper case.
YdtParsed parse_ydt_frame(BytesView bytes);

Bytes encode_ydt_frame(const YdtFrame& frame);

/// Composes INFO. Numbers saturate.
class InfoWriter {
 public:
  void put_u8(std::int64_t value);
  void put_u16(std::int64_t value);
  void put_s16(std::int64_t value);
  void put_u24(std::int64_t value);
  void put_text(std::string_view text, std::size_t width, char padding);
  Bytes take() { return std::move(bytes_); }

 private:
  void put(std::uint32_t value, unsigned byte_count);

  Bytes bytes_;
};

/// Takes INFO apart. Reading beyond the end gives zeros and is remembered.
class InfoReader {
 public:
  explicit InfoReader(BytesView info) : rest_(info) {}

  unsigned u8() { return get(1); }
  unsigned u16() { return get(2); }
  int s16() { return static_cast<std::int16_t>(get(2)); }
  unsigned u24() { return get(3); }
  std::string text(std::size_t width);
  void skip(std::size_t byte_count);

  bool has_more() const { return !rest_.empty(); }
  bool is_exhausted() const { return is_good_ && rest_.empty(); }  ///< all was read, nothing more
  bool is_good() const { return is_good_; }

 private:
  unsigned get(std::size_t byte_count);

  BytesView rest_;
  bool is_good_ = true;
};

}  // namespace doppelpack::can_emulator
