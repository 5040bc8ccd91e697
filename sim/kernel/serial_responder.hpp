// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The RS485 driver of one pack: collects what it hears, finds the requests in it, and answers those to
// its own address after the protocol's turnaround. It never speaks unasked.
#pragma once

#include <functional>
#include <systemc>

#include "alarm.hpp"
#include "can_emulator/serial_protocol.hpp"
#include "sim/bench_state.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

/// The pair, as one of its nodes sees it.
struct SerialAccess {
  std::function<bool(can_emulator::BytesView)> transmit;  ///< false: nothing went out
  std::function<bool()> is_driven_by_others;
};

class SerialResponder : public sc_core::sc_module {
 public:
  /// The product has RS485.
  SerialResponder(const sc_core::sc_module_name& name, const Product& product, LocalTime& time,
                  PackUnit& unit, BusCounters& counters, SerialAccess access);

  void hear(can_emulator::BytesView bytes);
  /// Its reply has passed.
  void end_reply();
  /// Its reply does not get out.
  void drop_reply();
  /// It has supply, and its plug is in.
  bool is_on_the_pair() const;

 private:
  void expect_end_of_request();
  void answer_pending();
  void reply();

  const can_emulator::SerialProtocol& protocol_;
  const Product& product_;
  PackUnit& unit_;
  ResponderState& state_;
  BusCounters& counters_;
  SerialAccess access_;
  Time gap_ns_;  ///< silence that ends a frame; 0: frames say themselves where they end
  Alarm request_done_;
  Alarm reply_due_;
};

}  // namespace doppelpack::sim
