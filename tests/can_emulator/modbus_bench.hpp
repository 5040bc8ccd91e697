// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Talking Modbus RTU in text, as frames are printed: "01 03 00 13".
#pragma once

#include <cstdio>
#include <sstream>
#include <string>

#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

inline Bytes hex(const std::string& text) {
  Bytes bytes;
  std::istringstream stream(text);
  for (unsigned byte = 0; stream >> std::hex >> byte;) {
    bytes.push_back(static_cast<std::uint8_t>(byte));
  }
  return bytes;
}

inline std::string hex_of(BytesView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%02X ", byte);
    text += digits;
  }
  if (!text.empty()) text.pop_back();
  return text;
}

/// With the CRC behind it, computed with another polynomial representation than the code under test:
/// the forward one over reflected bytes.
inline std::string with_crc(const std::string& text) {
  const auto reflect = [](unsigned value, int bits) {
    unsigned reflected = 0;
    for (int i = 0; i < bits; ++i) reflected |= (value >> i & 1U) << (bits - 1 - i);
    return reflected;
  };
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : hex(text)) {
    crc ^= reflect(byte, 8) << 8;
    for (int i = 0; i < 8; ++i) crc = (crc << 1 ^ ((crc & 0x8000U) != 0 ? 0x8005U : 0U)) & 0xFFFFU;
  }
  crc = reflect(crc, 16);
  const Bytes bytes{static_cast<std::uint8_t>(crc & 0xFF), static_cast<std::uint8_t>(crc >> 8)};
  return text + " " + hex_of(bytes);
}

/// The register `index` places behind the first one of a reply to function 3, as text.
inline std::string word_of(const std::string& reply, std::size_t index) {
  return reply.substr(9 + 6 * index, 5);
}

}  // namespace doppelpack::can_emulator
