// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Finding a protocol by its key. The lists themselves are generated from CMakeLists.txt.

#include <cassert>

#include "can_emulator/can_protocol.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr std::int64_t kBitsPerByte = 10;  // 8N1: start, 8 data, stop

template <typename Protocol>
const Protocol* find(std::span<const Protocol* const> protocols, std::string_view key) {
  for (const Protocol* protocol : protocols) {
    if (protocol->key == key) return protocol;
  }
  return nullptr;
}

}  // namespace

const CanProtocol* find_can_protocol(std::string_view key) {
  return find(can_protocols(), key);
}

const SerialProtocol* find_serial_protocol(std::string_view key) {
  return find(serial_protocols(), key);
}

std::int64_t serial_duration_ns(std::size_t byte_count, std::uint32_t baud) {
  assert(baud > 0);
  const std::int64_t bit_count = static_cast<std::int64_t>(byte_count) * kBitsPerByte;
  return (bit_count * 1'000'000'000 + baud / 2) / baud;
}

}  // namespace doppelpack::can_emulator
