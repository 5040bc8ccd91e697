// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "serial_responder.hpp"

#include <algorithm>
#include <utility>

#include "context.hpp"

namespace doppelpack::sim {

namespace {

// Who sends more without a pause is a babbler; the pack forgets what it heard and goes on.
constexpr std::size_t kReceiveBuffer = can_emulator::kSerialDriverBuffer;

// With the address that its switches make, where it has such.
can_emulator::BatteryIdentity identity_of(const Product& product, const PackUnit& unit) {
  can_emulator::BatteryIdentity identity = product.identity;
  if (product.address_switches != 0)
    identity.serial_address = serial_address(product, unit.bms_inputs.dip);
  return identity;
}

}  // namespace

SerialResponder::SerialResponder(const sc_core::sc_module_name& name, const Product& product,
                                 LocalTime& time, PackUnit& unit, BusCounters& counters,
                                 SerialAccess access)
    : sc_module(name),
      protocol_(*product.rs485),
      product_(product),
      unit_(unit),
      state_(unit.responder),
      counters_(counters),
      access_(std::move(access)),
      gap_ns_(protocol_.gap_bits * kSecond / protocol_.baud),
      request_done_(time, state_.request_done_ns),
      reply_due_(time, state_.reply_due_ns) {
  SC_HAS_PROCESS(SerialResponder);
  SC_METHOD(answer_pending);
  sensitive << request_done_.event();
  dont_initialize();
  SC_METHOD(reply);
  sensitive << reply_due_.event();
  dont_initialize();
}

void SerialResponder::hear(can_emulator::BytesView bytes) {
  const bool is_too_much = state_.received.size() + bytes.size() > kReceiveBuffer;
  if (is_too_much || !unit_.supply.is_alive) {
    state_.received.clear();
    ++counters_.dropped;
    return;
  }
  state_.received += bytes;
  if (state_.reply.empty()) expect_end_of_request();
}

void SerialResponder::expect_end_of_request() {
  // A frame that ends in silence ends later with each byte.
  if (gap_ns_ > 0) request_done_.cancel();
  request_done_.set(sc_now_ns() + gap_ns_);
}

void SerialResponder::answer_pending() {
  request_done_.acknowledge();
  if (!unit_.supply.is_alive || !state_.reply.empty()) return;
  // No silence yet: what is on its way belongs to the same frame and is waited for.
  if (gap_ns_ > 0 && access_.is_driven_by_others()) return;
  const can_emulator::BatteryIdentity identity = identity_of(product_, unit_);
  while (state_.reply.empty()) {
    const can_emulator::FrameSpan frame = protocol_.find_frame(state_.received);
    if (frame.garbage > 0) ++counters_.dropped;
    state_.received.erase(0, frame.garbage);
    if (frame.length == 0) return;
    can_emulator::Reply reply =
        protocol_.respond(can_emulator::BytesView(state_.received).substr(0, frame.length),
                          unit_.bms_outputs.report, identity);
    state_.received.erase(0, frame.length);
    if (reply.kind == can_emulator::ReplyKind::none) {
      ++counters_.dropped;
      continue;
    }
    ++unit_.bms_inputs.bus.inverter_frames;
    if (!is_talking(unit_)) continue;
    state_.reply = std::move(reply.bytes);
  }
  // The turnaround counts from the last byte; a gap has passed since.
  const Time turnaround_ns = std::max<Time>(protocol_.turnaround_ms * kMillisecond - gap_ns_, 0);
  reply_due_.set(sc_now_ns() + turnaround_ns);
}

void SerialResponder::reply() {
  reply_due_.acknowledge();
  if (!is_on_the_pair() || !access_.transmit(state_.reply)) drop_reply();
}

void SerialResponder::end_reply() {
  state_.reply.clear();
  if (!state_.received.empty()) expect_end_of_request();
}

void SerialResponder::drop_reply() {
  ++counters_.dropped;
  end_reply();
}

bool SerialResponder::is_on_the_pair() const {
  return unit_.supply.is_alive && unit_.condition.cabling.rs485_plug.is_connected;
}

}  // namespace doppelpack::sim
