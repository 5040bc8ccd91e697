// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "serial_line_module.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "chance_of.hpp"
#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

// Nodes, in this order; then one for each port.
constexpr std::size_t kPackNode = 0;
constexpr std::size_t kInverterNode = 1;
constexpr std::size_t kFirstPortNode = 2;

// Who sends more without a pause is a babbler; the pack forgets what it heard and goes on.
constexpr std::size_t kReceiveBuffer = can_emulator::kSerialDriverBuffer;

constexpr std::uint64_t kByteErrorStream = 0x7273'3438'3531;  // "rs4851": apart from other noise

can_emulator::SerialWireDesign make_design(const can_emulator::SerialProtocol& protocol,
                                           std::size_t port_count, std::uint64_t seed) {
  const can_emulator::SerialFormat format{protocol.baud, can_emulator::Parity::none};
  return {std::vector<can_emulator::SerialFormat>(kFirstPortNode + port_count, format),
          chance_of(seed, kByteErrorStream)};
}

}  // namespace

SerialLineModule::SerialLineModule(const sc_core::sc_module_name& name, const Product& product,
                                   const InverterDesign& inverter, std::uint64_t seed,
                                   BenchState& state, Recorder& recorder, SerialOutlet outlet)
    : sc_module(name),
      protocol_(*product.rs485),
      identity_(product.identity),
      inverter_(inverter),
      state_(state),
      pack_(state.units.front()),
      recorder_(recorder),
      outlet_(std::move(outlet)),
      design_(make_design(protocol_, outlet_.port_count, seed)),
      gap_ns_(protocol_.gap_bits * kSecond / protocol_.baud),
      is_inverter_listening_(inverter.link == InverterLink::rs485) {
  state_.serial_wire = can_emulator::make_serial_wire(design_);
  SC_HAS_PROCESS(SerialLineModule);
  SC_METHOD(poll);
  sensitive << poll_due_;
  dont_initialize();
  SC_METHOD(turn);
  sensitive << wire_due_;
  dont_initialize();
  SC_METHOD(answer_pending);
  sensitive << request_done_;
  dont_initialize();
  SC_METHOD(reply);
  sensitive << reply_due_;
  dont_initialize();
  if (inverter.rs485_poll_period_ns > 0) poll_due_.notify(to_sc_time(kSerialPollPhase));
}

void SerialLineModule::poll() {
  const Time now_ns = sc_now_ns();
  // Who was found and says nothing to be understood any more is looked for again.
  if (state_.inverter.is_battery_lost && now_ns - found_ns_ >= inverter_.battery_timeout_ns)
    has_found_ = false;
  next_trigger(
      to_sc_time(is_searching() ? inverter_.rs485_scan.period_ns : inverter_.rs485_poll_period_ns));
  is_reply_awaited_ = true;
  ++state_.rs485.from_inverter;
  if (is_searching()) {
    transmit(kInverterNode, next_search());
    return;
  }
  request_ = (request_ + 1) % protocol_.poll_count;
  transmit(kInverterNode, protocol_.encode_request(request_, identity_.serial_address));
}

bool SerialLineModule::is_searching() const {
  return !inverter_.rs485_scan.requests.empty() && !has_found_;
}

can_emulator::Bytes SerialLineModule::next_search() {
  const std::vector<std::string>& requests = inverter_.rs485_scan.requests;
  const std::string& text = requests[searches_++ % requests.size()];
  can_emulator::Bytes line(text.begin(), text.end());
  line.push_back('\r');
  return line;
}

void SerialLineModule::transmit_from_port(std::size_t port, can_emulator::BytesView bytes) {
  is_reply_awaited_ = false;
  ++state_.rs485.from_outside;
  if (!transmit(kFirstPortNode + port, bytes)) ++state_.rs485.dropped;
}

bool SerialLineModule::transmit(std::size_t node, can_emulator::BytesView bytes) {
  follow_cabling();
  if (!can_emulator::drive(design_, state_.serial_wire, node, bytes, sc_now_ns())) return false;
  schedule();
  return true;
}

void SerialLineModule::follow_cabling() {
  const can_emulator::Cabling& cabling = pack_.condition.cabling;
  state_.serial_wire.wire = cabling.rs485_wire;
  state_.serial_wire.plugs[kPackNode] = cabling.rs485_plug;
}

void SerialLineModule::schedule() {
  const Time next_ns = can_emulator::next_event_ns(state_.serial_wire);
  wire_due_.cancel();
  if (next_ns != std::numeric_limits<Time>::max()) {
    wire_due_.notify(to_sc_time(next_ns - sc_now_ns()));
  }
}

void SerialLineModule::turn() {
  follow_cabling();
  while (const auto burst = can_emulator::advance(design_, state_.serial_wire, sc_now_ns()))
    deliver(*burst);
  schedule();
}

void SerialLineModule::deliver(const can_emulator::SerialDelivery& burst) {
  if (burst.sender == kPackNode && !is_pack_on_the_pair()) {
    drop_reply();
    return;
  }
  if (burst.sender == kPackNode) {
    ++state_.rs485.from_pack;
    recorder_.serial_bytes(sc_now_ns(), Direction::from_pack, burst.sent);
    hear_pack(burst.received[kInverterNode]);
    reply_.clear();
    if (!received_.empty()) expect_end_of_request();
  } else {
    hear_others(burst.received[kPackNode]);
  }
  for (std::size_t port = 0; port < outlet_.port_count; ++port) {
    const can_emulator::Bytes& received = burst.received[kFirstPortNode + port];
    if (!received.empty()) outlet_.send(port, received);
  }
}

void SerialLineModule::hear_pack(can_emulator::BytesView bytes) {
  if (is_searching()) {
    const std::string& begin = inverter_.rs485_scan.reply_begins;
    has_found_ = is_reply_awaited_ && bytes.size() >= begin.size() &&
                 std::equal(begin.begin(), begin.end(), bytes.begin());
    found_ns_ = sc_now_ns();
    is_reply_awaited_ = false;
    return;
  }
  const bool is_understood =
      is_reply_awaited_ && is_inverter_listening_ &&
      protocol_.decode_reply(request_, bytes, identity_.serial_choices, state_.inverter.battery);
  if (is_understood) state_.inverter.last_heard_ns = sc_now_ns();
  is_reply_awaited_ = false;
}

void SerialLineModule::hear_others(can_emulator::BytesView bytes) {
  if (bytes.empty()) {
    ++state_.rs485.dropped;
    return;
  }
  recorder_.serial_bytes(sc_now_ns(), Direction::to_pack, bytes);
  const bool is_too_much = received_.size() + bytes.size() > kReceiveBuffer;
  if (is_too_much || !pack_.supply.is_alive) {
    received_.clear();
    ++state_.rs485.dropped;
    return;
  }
  received_ += bytes;
  if (reply_.empty()) expect_end_of_request();
}

void SerialLineModule::expect_end_of_request() {
  // A frame that ends in silence ends later with each byte; notify() would keep the earlier time.
  if (gap_ns_ > 0) request_done_.cancel();
  request_done_.notify(to_sc_time(gap_ns_));
}

void SerialLineModule::answer_pending() {
  if (!pack_.supply.is_alive || !reply_.empty()) return;
  // No silence yet: what is on its way belongs to the same frame and is waited for.
  if (gap_ns_ > 0 && can_emulator::is_driven_by_others(state_.serial_wire, kPackNode)) return;
  while (reply_.empty()) {
    const can_emulator::FrameSpan frame = protocol_.find_frame(received_);
    if (frame.garbage > 0) ++state_.rs485.dropped;
    received_.erase(0, frame.garbage);
    if (frame.length == 0) return;
    can_emulator::Reply reply =
        protocol_.respond(can_emulator::BytesView(received_).substr(0, frame.length),
                          pack_.bms_outputs.report, identity_);
    received_.erase(0, frame.length);
    if (reply.kind == can_emulator::ReplyKind::none) {
      ++state_.rs485.dropped;
      continue;
    }
    ++pack_.bms_inputs.bus.inverter_frames;
    if (!is_talking(pack_)) continue;
    reply_ = std::move(reply.bytes);
  }
  // The turnaround counts from the last byte; a gap has passed since.
  const Time turnaround_ns = std::max<Time>(protocol_.turnaround_ms * kMillisecond - gap_ns_, 0);
  reply_due_.notify(to_sc_time(turnaround_ns));
}

void SerialLineModule::reply() {
  if (!is_pack_on_the_pair() || !transmit(kPackNode, reply_)) drop_reply();
}

void SerialLineModule::drop_reply() {
  reply_.clear();
  ++state_.rs485.dropped;
  if (!received_.empty()) expect_end_of_request();
}

bool SerialLineModule::is_pack_on_the_pair() const {
  return pack_.supply.is_alive && pack_.condition.cabling.rs485_plug.is_connected;
}

}  // namespace doppelpack::sim
