// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What was said on the buses as JSON, decoded by the product's protocols.
#pragma once

#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "sim/product.hpp"
#include "sim/recorder.hpp"
#include "sim/time.hpp"

namespace doppelpack::sim {

/// {"id":"356","is_from_pack":true,"t_s":1.5,"data":"14 B0","values":{...}}; "meaning" for what an
/// inverter says.
nlohmann::ordered_json describe_frame(Time t_ns, const can_emulator::CanFrame& frame,
                                      bool is_from_pack, const Product& product);

/// Bursts of RS485 in their order: a reply is understood by the question before it.
class SerialWords {
 public:
  explicit SerialWords(const Product& product) : product_(product) {}

  /// {"t_s":1.5,"is_from_pack":true,"length":18,"data":"7E 32","text":"~2...","values":{...}};
  /// length: all of it, `bytes` may be its beginning.
  nlohmann::ordered_json describe(Time t_ns, Direction direction, can_emulator::BytesView bytes,
                                  std::size_t length);

 private:
  /// What is not a question of the protocol.
  static constexpr std::size_t kNoRequest = std::numeric_limits<std::size_t>::max();

  std::size_t request_of(can_emulator::BytesView bytes) const;

  const Product& product_;
  std::size_t asked_ = kNoRequest;
};

}  // namespace doppelpack::sim
