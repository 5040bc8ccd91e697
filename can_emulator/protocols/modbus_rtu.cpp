// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/modbus_rtu.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::uint8_t kReadRegisters = 3;
constexpr std::uint8_t kWriteRegisters = 16;
constexpr std::uint8_t kExceptionBit = 0x80;
constexpr std::size_t kSmallestFrame = 4;   // address, function, CRC
constexpr std::size_t kLargestFrame = 256;  // by the specification
constexpr unsigned kMostRegistersRead = 125;
constexpr unsigned kMostRegistersWritten = 123;

std::uint16_t crc_of(BytesView bytes) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1) ^ 0xA001U : crc >> 1;
  }
  return static_cast<std::uint16_t>(crc);
}

bool is_frame(BytesView bytes) {
  if (bytes.size() < kSmallestFrame || bytes.size() > kLargestFrame) return false;
  return crc_of(bytes) == 0;  // over a frame with its own CRC
}

void put_word(Bytes& bytes, std::uint16_t word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

std::uint16_t word_at(BytesView bytes, std::size_t index) {
  return static_cast<std::uint16_t>(bytes[index] << 8 | bytes[index + 1]);
}

Bytes with_crc(Bytes bytes) {
  const std::uint16_t crc = crc_of(bytes);
  bytes.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  bytes.push_back(static_cast<std::uint8_t>(crc >> 8));
  return bytes;
}

// `body` is what lies between the function and the CRC.
void parse_read(BytesView body, ModbusRequest& request) {
  request.fault = ModbusException::illegal_value;
  if (body.size() != 4) return;
  request.first = word_at(body, 0);
  request.count = word_at(body, 2);
  if (request.count == 0 || request.count > kMostRegistersRead) return;
  request.fault = ModbusException::none;
}

void parse_write(BytesView body, ModbusRequest& request) {
  request.fault = ModbusException::illegal_value;
  if (body.size() < 5) return;
  request.first = word_at(body, 0);
  request.count = word_at(body, 2);
  if (request.count == 0 || request.count > kMostRegistersWritten) return;
  const std::size_t byte_count = 2U * request.count;
  if (body[4] != byte_count || body.size() != 5 + byte_count) return;
  for (std::size_t i = 5; i < body.size(); i += 2) request.values.push_back(word_at(body, i));
  request.fault = ModbusException::none;
}

}  // namespace

FrameSpan find_modbus_frame(BytesView received) {
  if (is_frame(received)) return {.garbage = 0, .length = received.size()};
  return {.garbage = received.size(), .length = 0};
}

Bytes encode_modbus_read(std::uint8_t address, std::uint16_t first, std::uint16_t count) {
  Bytes bytes{address, kReadRegisters};
  put_word(bytes, first);
  put_word(bytes, count);
  return with_crc(std::move(bytes));
}

Bytes encode_modbus_write(std::uint8_t address, std::uint16_t first,
                          std::span<const std::uint16_t> values) {
  Bytes bytes{address, kWriteRegisters};
  put_word(bytes, first);
  put_word(bytes, static_cast<std::uint16_t>(values.size()));
  bytes.push_back(static_cast<std::uint8_t>(2 * values.size()));
  for (const std::uint16_t value : values) put_word(bytes, value);
  return with_crc(std::move(bytes));
}

std::optional<std::vector<std::uint16_t>> decode_modbus_read(BytesView reply, std::uint16_t count) {
  const std::size_t byte_count = 2U * count;
  if (!is_frame(reply) || reply.size() != 3 + byte_count + 2) return std::nullopt;
  if (reply[1] != kReadRegisters || reply[2] != byte_count) return std::nullopt;
  std::vector<std::uint16_t> words;
  for (std::size_t i = 0; i < byte_count; i += 2) words.push_back(word_at(reply, 3 + i));
  return words;
}

std::optional<ModbusRequest> parse_modbus_request(BytesView bytes) {
  if (!is_frame(bytes)) return std::nullopt;
  ModbusRequest request;
  request.address = bytes[0];
  request.function = bytes[1];
  const BytesView body = bytes.substr(2, bytes.size() - kSmallestFrame);
  if (request.function == kReadRegisters) {
    parse_read(body, request);
  } else if (request.function == kWriteRegisters) {
    parse_write(body, request);
  } else {
    request.fault = ModbusException::illegal_function;
  }
  return request;
}

Reply answer_modbus_words(const ModbusRequest& request, std::span<const std::uint16_t> words) {
  Bytes bytes{request.address, kReadRegisters, static_cast<std::uint8_t>(2 * words.size())};
  for (const std::uint16_t word : words) put_word(bytes, word);
  return {ReplyKind::answer, with_crc(std::move(bytes)), {}};
}

Reply answer_modbus_write(const ModbusRequest& request) {
  Bytes bytes{request.address, kWriteRegisters};
  put_word(bytes, request.first);
  put_word(bytes, request.count);
  return {ReplyKind::answer, with_crc(std::move(bytes)), {}};
}

Reply reject_modbus(const ModbusRequest& request, ModbusException exception) {
  std::string_view problem = "a value or length that makes no sense";
  if (exception == ModbusException::illegal_function) problem = "unknown function";
  if (exception == ModbusException::illegal_address) problem = "no such register";
  const auto function = static_cast<std::uint8_t>(request.function | kExceptionBit);
  return {ReplyKind::rejection,
          with_crc({request.address, function, static_cast<std::uint8_t>(exception)}), problem};
}

}  // namespace doppelpack::can_emulator
