// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "serial_line_module.hpp"

#include <algorithm>
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
                                   LocalTime& time, BenchState& state, Recorder& recorder,
                                   SerialOutlet outlet)
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
      is_inverter_listening_(inverter.link == InverterLink::rs485),
      agenda_(state.agenda.rs485),
      poll_due_(time, agenda_.poll_due_ns),
      wire_due_(time, agenda_.wire_due_ns),
      request_done_(time, agenda_.request_done_ns),
      reply_due_(time, agenda_.reply_due_ns) {
  state_.serial_wire = can_emulator::make_serial_wire(design_);
  SC_HAS_PROCESS(SerialLineModule);
  SC_METHOD(poll);
  sensitive << poll_due_.event();
  dont_initialize();
  SC_METHOD(turn);
  sensitive << wire_due_.event();
  dont_initialize();
  SC_METHOD(answer_pending);
  sensitive << request_done_.event();
  dont_initialize();
  SC_METHOD(reply);
  sensitive << reply_due_.event();
  dont_initialize();
  if (inverter.rs485_poll_period_ns > 0) agenda_.poll_due_ns = kSerialPollPhase;
}

void SerialLineModule::arm() {
  for (Alarm* alarm : {&poll_due_, &wire_due_, &request_done_, &reply_due_}) alarm->arm();
}

void SerialLineModule::adopt_ports(const can_emulator::SerialWireState& fresh) {
  can_emulator::SerialWireState& pair = state_.serial_wire;
  for (std::size_t node = pair.plugs.size(); node < fresh.plugs.size(); ++node)
    pair.plugs.push_back(fresh.plugs[node]);
  pair.plugs.resize(fresh.plugs.size());
  std::erase_if(pair.bursts, [&](const can_emulator::SerialBurst& burst) {
    return burst.sender >= pair.plugs.size();
  });
}

void SerialLineModule::poll() {
  poll_due_.acknowledge();
  const Time now_ns = sc_now_ns();
  // Who was found and says nothing to be understood any more is looked for again.
  if (state_.inverter.is_battery_lost && now_ns - agenda_.found_ns >= inverter_.battery_timeout_ns)
    agenda_.has_found = false;
  poll_due_.set(now_ns +
                (is_searching() ? inverter_.rs485_scan.period_ns : inverter_.rs485_poll_period_ns));
  agenda_.is_reply_awaited = true;
  ++state_.rs485.from_inverter;
  if (is_searching()) {
    transmit(kInverterNode, next_search());
    return;
  }
  agenda_.request = (agenda_.request + 1) % protocol_.poll_count;
  transmit(kInverterNode, protocol_.encode_request(agenda_.request, identity_.serial_address));
}

bool SerialLineModule::is_searching() const {
  return !inverter_.rs485_scan.requests.empty() && !agenda_.has_found;
}

can_emulator::Bytes SerialLineModule::next_search() {
  const std::vector<std::string>& requests = inverter_.rs485_scan.requests;
  const std::string& text = requests[agenda_.searches++ % requests.size()];
  can_emulator::Bytes line(text.begin(), text.end());
  line.push_back('\r');
  return line;
}

void SerialLineModule::transmit_from_port(std::size_t port, can_emulator::BytesView bytes) {
  agenda_.is_reply_awaited = false;
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
  if (next_ns != kNever) wire_due_.set(next_ns);
}

void SerialLineModule::turn() {
  wire_due_.acknowledge();
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
    agenda_.reply.clear();
    if (!agenda_.received.empty()) expect_end_of_request();
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
    agenda_.has_found = agenda_.is_reply_awaited && bytes.size() >= begin.size() &&
                        std::equal(begin.begin(), begin.end(), bytes.begin());
    agenda_.found_ns = sc_now_ns();
    agenda_.is_reply_awaited = false;
    return;
  }
  const bool is_understood =
      agenda_.is_reply_awaited && is_inverter_listening_ &&
      protocol_.decode_reply(agenda_.request, bytes, identity_.serial_choices,
                             state_.inverter.battery);
  if (is_understood) state_.inverter.last_heard_ns = sc_now_ns();
  agenda_.is_reply_awaited = false;
}

void SerialLineModule::hear_others(can_emulator::BytesView bytes) {
  if (bytes.empty()) {
    ++state_.rs485.dropped;
    return;
  }
  recorder_.serial_bytes(sc_now_ns(), Direction::to_pack, bytes);
  const bool is_too_much = agenda_.received.size() + bytes.size() > kReceiveBuffer;
  if (is_too_much || !pack_.supply.is_alive) {
    agenda_.received.clear();
    ++state_.rs485.dropped;
    return;
  }
  agenda_.received += bytes;
  if (agenda_.reply.empty()) expect_end_of_request();
}

void SerialLineModule::expect_end_of_request() {
  // A frame that ends in silence ends later with each byte; notify() would keep the earlier time.
  if (gap_ns_ > 0) request_done_.cancel();
  request_done_.set(sc_now_ns() + gap_ns_);
}

void SerialLineModule::answer_pending() {
  request_done_.acknowledge();
  if (!pack_.supply.is_alive || !agenda_.reply.empty()) return;
  // No silence yet: what is on its way belongs to the same frame and is waited for.
  if (gap_ns_ > 0 && can_emulator::is_driven_by_others(state_.serial_wire, kPackNode)) return;
  while (agenda_.reply.empty()) {
    const can_emulator::FrameSpan frame = protocol_.find_frame(agenda_.received);
    if (frame.garbage > 0) ++state_.rs485.dropped;
    agenda_.received.erase(0, frame.garbage);
    if (frame.length == 0) return;
    can_emulator::Reply reply =
        protocol_.respond(can_emulator::BytesView(agenda_.received).substr(0, frame.length),
                          pack_.bms_outputs.report, identity_);
    agenda_.received.erase(0, frame.length);
    if (reply.kind == can_emulator::ReplyKind::none) {
      ++state_.rs485.dropped;
      continue;
    }
    ++pack_.bms_inputs.bus.inverter_frames;
    if (!is_talking(pack_)) continue;
    agenda_.reply = std::move(reply.bytes);
  }
  // The turnaround counts from the last byte; a gap has passed since.
  const Time turnaround_ns = std::max<Time>(protocol_.turnaround_ms * kMillisecond - gap_ns_, 0);
  reply_due_.set(sc_now_ns() + turnaround_ns);
}

void SerialLineModule::reply() {
  reply_due_.acknowledge();
  if (!is_pack_on_the_pair() || !transmit(kPackNode, agenda_.reply)) drop_reply();
}

void SerialLineModule::drop_reply() {
  agenda_.reply.clear();
  ++state_.rs485.dropped;
  if (!agenda_.received.empty()) expect_end_of_request();
}

bool SerialLineModule::is_pack_on_the_pair() const {
  return pack_.supply.is_alive && pack_.condition.cabling.rs485_plug.is_connected;
}

}  // namespace doppelpack::sim
