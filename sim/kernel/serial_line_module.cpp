// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "serial_line_module.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "chance_of.hpp"
#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::uint64_t kByteErrorStream = 0x7273'3438'3531;  // "rs4851": apart from other noise

can_emulator::SerialWireDesign make_design(const can_emulator::SerialProtocol& protocol,
                                           std::size_t node_count, std::uint64_t seed) {
  const can_emulator::SerialFormat format{protocol.baud, can_emulator::Parity::none};
  return {std::vector<can_emulator::SerialFormat>(node_count, format),
          chance_of(seed, kByteErrorStream)};
}

}  // namespace

SerialLineModule::SerialLineModule(const sc_core::sc_module_name& name,
                                   std::span<const PackSpec> packs, const InverterDesign& inverter,
                                   LocalTime& time, BenchState& state, Recorder& recorder,
                                   SerialOutlet outlet)
    : sc_module(name),
      protocol_(*packs.front().product.rs485),
      identity_(packs.front().product.identity),
      inverter_(inverter),
      state_(state),
      recorder_(recorder),
      outlet_(std::move(outlet)),
      is_inverter_listening_(inverter.link == InverterLink::rs485),
      agenda_(state.agenda.rs485),
      poll_due_(time, agenda_.poll_due_ns),
      wire_due_(time, agenda_.wire_due_ns) {
  add_pack(packs.front().product, time);
  for (const PackSpec& spec : packs.subspan(1)) {
    if (spec.product.rs485 == nullptr || spec.product.address_switches == 0) break;
    add_pack(spec.product, time);
  }
  design_ = make_design(protocol_, first_port_node() + outlet_.port_count, packs.front().seed);
  state_.serial_wire = can_emulator::make_serial_wire(design_);
  SC_HAS_PROCESS(SerialLineModule);
  SC_METHOD(poll);
  sensitive << poll_due_.event();
  dont_initialize();
  SC_METHOD(turn);
  sensitive << wire_due_.event();
  dont_initialize();
  if (inverter.rs485_poll_period_ns > 0) agenda_.poll_due_ns = kSerialPollPhase;
}

void SerialLineModule::add_pack(const Product& product, LocalTime& time) {
  const std::size_t node = responders_.size();
  const SerialAccess access{
      [this, node](can_emulator::BytesView bytes) { return transmit(node, bytes); },
      [this, node] { return can_emulator::is_driven_by_others(state_.serial_wire, node); }};
  const std::string name = "responder" + std::to_string(node + 1);
  responders_.push_back(std::make_unique<SerialResponder>(
      name.c_str(), product, time, state_.units[node], state_.rs485, access));
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
    transmit(inverter_node(), next_search());
    return;
  }
  agenda_.request = (agenda_.request + 1) % protocol_.poll_count;
  transmit(inverter_node(), protocol_.encode_request(agenda_.request, identity_.serial_address));
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
  if (!transmit(first_port_node() + port, bytes)) ++state_.rs485.dropped;
}

bool SerialLineModule::transmit(std::size_t node, can_emulator::BytesView bytes) {
  follow_cabling();
  if (!can_emulator::drive(design_, state_.serial_wire, node, bytes, sc_now_ns())) return false;
  schedule();
  return true;
}

void SerialLineModule::follow_cabling() {
  state_.serial_wire.wire = state_.units.front().condition.cabling.rs485_wire;
  for (std::size_t pack = 0; pack < responders_.size(); ++pack)
    state_.serial_wire.plugs[pack] = state_.units[pack].condition.cabling.rs485_plug;
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
  if (burst.sender >= responders_.size()) {
    hear_others(burst);
  } else if (!responders_[burst.sender]->is_on_the_pair()) {
    responders_[burst.sender]->drop_reply();
    return;
  } else {
    ++state_.rs485.from_pack;
    recorder_.serial_bytes(sc_now_ns(), Direction::from_pack, burst.sent);
    hear_pack(burst.received[inverter_node()]);
    responders_[burst.sender]->end_reply();
  }
  for (std::size_t port = 0; port < outlet_.port_count; ++port) {
    const can_emulator::Bytes& received = burst.received[first_port_node() + port];
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

// What a pack says is nothing to the other packs: it is never a request.
void SerialLineModule::hear_others(const can_emulator::SerialDelivery& burst) {
  bool is_heard = false;
  for (std::size_t pack = 0; pack < responders_.size(); ++pack) {
    const can_emulator::Bytes& bytes = burst.received[pack];
    if (bytes.empty()) continue;
    if (!is_heard) recorder_.serial_bytes(sc_now_ns(), Direction::to_pack, bytes);
    is_heard = true;
    responders_[pack]->hear(bytes);
  }
  if (!is_heard) ++state_.rs485.dropped;
}

}  // namespace doppelpack::sim
