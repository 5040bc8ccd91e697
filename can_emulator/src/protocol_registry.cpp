// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Finding a protocol by its key. The lists themselves are generated from CMakeLists.txt.

#include "can_emulator/can_protocol.hpp"
#include "can_emulator/serial_protocol.hpp"

namespace doppelpack::can_emulator {
namespace {

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

}  // namespace doppelpack::can_emulator
