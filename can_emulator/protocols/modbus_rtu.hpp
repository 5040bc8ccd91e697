// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The frame of Modbus RTU ("MODBUS over Serial Line Specification and Implementation Guide V1.02"):
//
//   address 1  function 1  data ...  CRC 2, low byte first
//
// Nothing in it says where it ends: a silence of 3.5 characters does, which is the line's business
// (SerialProtocol::gap_bits). Only what batteries need: reading and writing holding registers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {

/// 3.5 characters of 8N1. Above 19200 baud the specification wants 1.75 ms instead; no battery here
/// is that fast.
inline constexpr std::uint32_t kModbusGapBits = 35;

enum class ModbusException : std::uint8_t {
  none = 0,
  illegal_function = 1,
  illegal_address = 2,
  illegal_value = 3,
};

/// Everything received until the silence: one frame when its CRC is right, else garbage.
FrameSpan find_modbus_frame(BytesView received);

/// Functions 3 and 16. Registers and replies count in words.
Bytes encode_modbus_read(std::uint8_t address, std::uint16_t first, std::uint16_t count);
Bytes encode_modbus_write(std::uint8_t address, std::uint16_t first,
                          std::span<const std::uint16_t> values);

/// What a device has in a register; empty: there is no such register.
using ModbusRegister = std::optional<std::uint16_t>;

/// Inverter side: the registers a reply to a reading of `count` words holds. Empty: it is malformed,
/// an exception, or has another number of words.
std::optional<std::vector<std::uint16_t>> decode_modbus_read(BytesView reply, std::uint16_t count);

/// A request with a good CRC.
struct ModbusRequest {
  std::uint8_t address = 0;
  std::uint8_t function = 0;
  std::uint16_t first = 0;
  std::vector<std::uint16_t> values;  ///< to write
  std::uint16_t count = 0;
  ModbusException fault = ModbusException::none;  ///< malformed behind its function, or unknown
};

/// Empty: no frame. The fields behind `function` are only there without a fault.
std::optional<ModbusRequest> parse_modbus_request(BytesView bytes);

Reply answer_modbus_write(const ModbusRequest& request);
Reply reject_modbus(const ModbusRequest& request, ModbusException exception);

/// Answers a reading, register by register; an exception when one is missing.
template <typename Read>
Reply answer_modbus_read(const ModbusRequest& request, Read read);

Reply answer_modbus_words(const ModbusRequest& request, std::span<const std::uint16_t> words);

template <typename Read>
Reply answer_modbus_read(const ModbusRequest& request, Read read) {
  std::vector<std::uint16_t> words;
  for (unsigned i = 0; i < request.count; ++i) {
    const ModbusRegister word = read(request.first + i);
    if (!word) return reject_modbus(request, ModbusException::illegal_address);
    words.push_back(*word);
  }
  return answer_modbus_words(request, words);
}

}  // namespace doppelpack::can_emulator
