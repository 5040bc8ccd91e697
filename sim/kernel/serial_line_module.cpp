// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "serial_line_module.hpp"

#include <algorithm>
#include <utility>

#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {
namespace {

// Twice the longest frame of any protocol (4113 bytes): room for one that waits behind another.
// Who sends more without a pause is a babbler; the pack forgets what it heard and goes on.
constexpr std::size_t kReceiveBuffer = 8192;

}  // namespace

SerialLineModule::SerialLineModule(const sc_core::sc_module_name& name, const Product& product,
                                   const InverterDesign& inverter, BenchState& state,
                                   Recorder& recorder, ToPorts to_ports)
    : sc_module(name),
      protocol_(*product.rs485),
      identity_(product.identity),
      state_(state),
      recorder_(recorder),
      to_ports_(std::move(to_ports)),
      gap_ns_(protocol_.gap_bits * kSecond / protocol_.baud),
      poll_period_(to_sc_time(inverter.rs485_poll_period_ns)),
      is_inverter_listening_(inverter.link == InverterLink::rs485) {
  SC_HAS_PROCESS(SerialLineModule);
  SC_METHOD(poll);
  sensitive << poll_due_;
  dont_initialize();
  SC_METHOD(answer_pending);
  sensitive << request_done_;
  dont_initialize();
  SC_METHOD(finish_reply);
  sensitive << reply_done_;
  dont_initialize();
  if (inverter.rs485_poll_period_ns > 0) poll_due_.notify(to_sc_time(kSerialPollPhase));
}

void SerialLineModule::poll() {
  next_trigger(poll_period_);
  request_ = (request_ + 1) % protocol_.poll_count;
  is_reply_awaited_ = true;
  ++state_.rs485.from_inverter;
  receive(protocol_.encode_request(request_, identity_.serial_address));
}

void SerialLineModule::receive_from_outside(can_emulator::BytesView bytes) {
  is_reply_awaited_ = false;
  ++state_.rs485.from_outside;
  receive(bytes);
}

void SerialLineModule::receive(can_emulator::BytesView bytes) {
  if (!state_.condition.cabling.rs485_plug.is_connected) {
    ++state_.rs485.dropped;
    return;
  }
  const Time now_ns = sc_now_ns();
  recorder_.serial_bytes(now_ns, Direction::to_pack, bytes);
  if (!state_.supply.is_alive) {
    received_.clear();
    ++state_.rs485.dropped;
    return;
  }
  if (received_.size() + bytes.size() > kReceiveBuffer) {
    received_.clear();
    ++state_.rs485.dropped;
    return;
  }
  received_ += bytes;
  request_end_ns_ = std::max(request_end_ns_, now_ns) +
                    can_emulator::serial_duration_ns(bytes.size(), protocol_.baud);
  if (reply_.empty()) expect_end_of_request();
}

void SerialLineModule::expect_end_of_request() {
  // A frame that ends in silence ends later with each byte; notify() would keep the earlier time.
  if (gap_ns_ > 0) request_done_.cancel();
  const Time end_ns = request_end_ns_ + gap_ns_;
  request_done_.notify(to_sc_time(std::max<Time>(end_ns - sc_now_ns(), 0)));
}

void SerialLineModule::answer_pending() {
  if (!state_.supply.is_alive) return;
  while (reply_.empty()) {
    const can_emulator::FrameSpan frame = protocol_.find_frame(received_);
    if (frame.garbage > 0) ++state_.rs485.dropped;
    received_.erase(0, frame.garbage);
    if (frame.length == 0) return;
    can_emulator::Reply reply =
        protocol_.respond(can_emulator::BytesView(received_).substr(0, frame.length),
                          state_.bms_outputs.report, identity_);
    received_.erase(0, frame.length);
    if (reply.kind == can_emulator::ReplyKind::none) {
      ++state_.rs485.dropped;
      continue;
    }
    ++state_.bms_inputs.bus.inverter_frames;
    if (!is_talking(state_)) continue;
    reply_ = std::move(reply.bytes);
  }
  // The turnaround counts from the last byte; a gap has passed since.
  const Time turnaround_ns = std::max<Time>(protocol_.turnaround_ms * kMillisecond - gap_ns_, 0);
  reply_done_.notify(
      to_sc_time(turnaround_ns + can_emulator::serial_duration_ns(reply_.size(), protocol_.baud)));
}

void SerialLineModule::finish_reply() {
  const can_emulator::Bytes sent = std::exchange(reply_, {});
  if (state_.condition.cabling.rs485_plug.is_connected && state_.supply.is_alive) {
    const Time now_ns = sc_now_ns();
    ++state_.rs485.from_pack;
    recorder_.serial_bytes(now_ns, Direction::from_pack, sent);
    if (is_reply_awaited_ && is_inverter_listening_ &&
        protocol_.decode_reply(request_, sent, identity_.serial_choices, state_.inverter.battery)) {
      state_.inverter.last_heard_ns = now_ns;
    }
    is_reply_awaited_ = false;
    to_ports_(sent);
  } else {
    ++state_.rs485.dropped;
  }
  if (!received_.empty()) expect_end_of_request();
}

}  // namespace doppelpack::sim
