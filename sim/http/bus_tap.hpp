// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What was last said on the buses: one row per CAN identifier and direction, the last bursts of RS485.
// Raw bytes only; whoever looks decodes them, in a thread of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "can_emulator/frame.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "sim/recorder.hpp"
#include "sim/time.hpp"

namespace doppelpack::http {

struct CanRow {
  bool is_from_pack = false;
  can_emulator::CanFrame frame;  ///< the last one
  sim::Time t_ns = 0;            ///< its end
  sim::Time period_ns = 0;       ///< from the one before; 0: the first one
  std::uint64_t count = 0;
};

struct SerialRow {
  std::uint64_t number = 0;  ///< counts from 1
  sim::Time t_ns = 0;
  sim::Direction direction = sim::Direction::from_pack;
  can_emulator::Bytes bytes;  ///< at most kLongestBurst of them
  std::size_t length = 0;     ///< all of them
};

struct BusTraffic {
  std::vector<CanRow> can;       ///< by identifier
  std::uint64_t unlisted = 0;    ///< frames with identifiers beyond kMostRows
  std::deque<SerialRow> serial;  ///< oldest first
};

class BusTap {
 public:
  static constexpr std::size_t kMostRows = 64;
  static constexpr std::size_t kMostBursts = 24;
  static constexpr std::size_t kLongestBurst = 1024;

  void hear(sim::Time t_ns, const can_emulator::CanFrame& frame, bool is_from_pack);
  void hear(sim::Time t_ns, sim::Direction direction, can_emulator::BytesView bytes);

  /// As it is now; the same object as long as nothing was said.
  std::shared_ptr<const BusTraffic> traffic();

 private:
  BusTraffic now_;
  std::shared_ptr<const BusTraffic> published_ = std::make_shared<BusTraffic>();
  bool has_changed_ = false;
};

}  // namespace doppelpack::http
