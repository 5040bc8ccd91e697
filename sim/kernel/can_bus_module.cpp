// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_bus_module.hpp"

#include <algorithm>
#include <utility>

#include "chance_of.hpp"
#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

using can_emulator::CanNodeDesign;

// The node whose sending goes through the gateway.
constexpr std::size_t kFirstPack = 0;

// Two packs that broadcast were not switched on in the same instant.
constexpr Time kPackStagger = 7 * kMillisecond;

// Frames that can wait in the driver of a small controller (estimate), and in that of a host.
constexpr std::size_t kMailboxes = 64;
constexpr std::size_t kHostMailboxes = 1'000'000;

// "can1" and "gate": apart from all other noise.
constexpr std::uint64_t kBitErrorStream = 0x6361'6e31;
constexpr std::uint64_t kGatewayStream = 0x6761'7465;

can_emulator::CanBusDesign make_design(std::uint32_t bit_rate_Hz, std::size_t inner_nodes,
                                       const std::vector<bool>& ports, std::uint64_t seed) {
  CanNodeDesign small;
  small.bit_rate_Hz = bit_rate_Hz;
  small.mailboxes = kMailboxes;
  can_emulator::CanBusDesign design{std::vector<CanNodeDesign>(inner_nodes, small),
                                    chance_of(seed, kBitErrorStream)};
  for (const bool is_listen_only : ports) {
    CanNodeDesign host = small;
    host.mailboxes = kHostMailboxes;
    host.is_listen_only = is_listen_only;
    design.nodes.push_back(host);
  }
  return design;
}

}  // namespace

CanBusModule::CanBusModule(const sc_core::sc_module_name& name, std::span<const PackSpec> packs,
                           const InverterDesign& inverter, LocalTime& time, BenchState& state,
                           Recorder& recorder, CanOutlet outlet)
    : sc_module(name),
      protocol_(*packs.front().product.can),
      inverter_(inverter),
      seed_(packs.front().seed),
      time_(time),
      state_(state),
      recorder_(recorder),
      outlet_(std::move(outlet)),
      is_inverter_listening_(inverter.link == InverterLink::can),
      gateway_chance_(chance_of(seed_, kGatewayStream)),
      agenda_(state.agenda.can),
      broadcast_due_(time, agenda_.broadcast_due_ns),
      heartbeat_due_(time, agenda_.heartbeat_due_ns),
      bus_due_(time, agenda_.bus_due_ns),
      gateway_due_(time, agenda_.gateway_due_ns),
      load_due_(time, agenda_.load_due_ns) {
  for (const PackSpec& spec : packs) add_pack(spec);
  design_ = make_design(protocol_.bit_rate_Hz, first_port_node(), outlet_.are_listen_only, seed_);
  state_.can_bus = can_emulator::make_can_bus(design_);
  SC_HAS_PROCESS(CanBusModule);
  SC_METHOD(broadcast);
  sensitive << broadcast_due_.event();
  dont_initialize();
  SC_METHOD(turn);
  sensitive << bus_due_.event();
  dont_initialize();
  SC_METHOD(hand_on);
  sensitive << gateway_due_.event();
  dont_initialize();
  SC_METHOD(beat);
  sensitive << heartbeat_due_.event();
  dont_initialize();
  SC_METHOD(measure_load);
  sensitive << load_due_.event();
  dont_initialize();
  agenda_.load_due_ns = kCanLoadPhase;
  agenda_.broadcast_due_ns = next_broadcast_ns();
  agenda_.beat_ns = kCanHeartbeatPhase;
  if (is_inverter_listening_ && beats_in_time(inverter_.heartbeat))
    agenda_.heartbeat_due_ns = kCanHeartbeatPhase;
}

void CanBusModule::adopt_ports(const can_emulator::CanBusState& fresh) {
  can_emulator::CanBusState& bus = state_.can_bus;
  for (std::size_t node = bus.nodes.size(); node < fresh.nodes.size(); ++node) {
    bus.nodes.push_back(fresh.nodes[node]);
    bus.plugs.push_back(fresh.plugs[node]);
  }
  bus.nodes.resize(fresh.nodes.size());
  bus.plugs.resize(fresh.plugs.size());
  if (bus.attempt && bus.attempt->sender >= bus.nodes.size()) bus.attempt.reset();
}

void CanBusModule::add_pack(const PackSpec& spec) {
  const PackNode node{spec.product.can, &spec.product.identity};
  std::vector<Time> due_ns;
  const Time first_ns = kCanPackPhase + static_cast<Time>(packs_.size()) * kPackStagger;
  if (node.protocol != nullptr)
    for (const can_emulator::PeriodicFrame& frame : node.protocol->periodic)
      due_ns.push_back(first_ns + frame.offset_ms * kMillisecond);
  packs_.push_back(node);
  agenda_.frames_due_ns.push_back(std::move(due_ns));
}

CanSender CanBusModule::sender_of(std::size_t node) const {
  if (node >= first_port_node()) return {CanSender::Kind::port, node - first_port_node()};
  if (node == inverter_node()) return {CanSender::Kind::inverter, 0};
  if (node == stranger_node()) return {CanSender::Kind::stranger, 0};
  return {CanSender::Kind::pack, node};
}

Time CanBusModule::next_broadcast_ns() const {
  Time next_ns = kNever;
  for (const std::vector<Time>& pack : agenda_.frames_due_ns)
    for (const Time due_ns : pack) next_ns = std::min(next_ns, due_ns);
  return next_ns;
}

void CanBusModule::broadcast() {
  broadcast_due_.acknowledge();
  for (std::size_t pack = 0; pack < packs_.size(); ++pack) broadcast(pack);
  broadcast_due_.set(next_broadcast_ns());
}

void CanBusModule::broadcast(std::size_t pack) {
  const PackNode& node = packs_[pack];
  std::vector<Time>& due_ns = agenda_.frames_due_ns[pack];
  const Time now_ns = sc_now_ns();
  for (std::size_t i = 0; i < due_ns.size(); ++i) {
    if (due_ns[i] > now_ns) continue;
    const can_emulator::PeriodicFrame& frame = node.protocol->periodic[i];
    due_ns[i] += frame.period_ms * kMillisecond;
    if (!may_talk(pack)) continue;
    const auto encoded = frame.encode(state_.units[pack].bms_outputs.report, *node.identity);
    if (encoded) send_from_pack(pack, *encoded);
  }
}

// In a bank the master alone talks to the inverter.
bool CanBusModule::may_talk(std::size_t pack) const {
  const PackUnit& unit = state_.units[pack];
  return is_talking(unit) && unit.bms_outputs.report.role != BMS_ROLE_MEMBER;
}

// Who is asked faster than the bus can carry the answers leaves questions unanswered.
bool CanBusModule::answer(std::size_t pack, const can_emulator::CanFrame& request) {
  const PackNode& node = packs_[pack];
  if (node.protocol->respond == nullptr || !may_talk(pack)) return false;
  if (state_.can_bus.nodes[pack].waiting.size() >= kMailboxes) return false;
  const std::vector<can_emulator::CanFrame> frames =
      node.protocol->respond(request, state_.units[pack].bms_outputs.report, *node.identity);
  for (const can_emulator::CanFrame& frame : frames) send_from_pack(pack, frame);
  return !frames.empty();
}

void CanBusModule::send_from_pack(std::size_t pack, const can_emulator::CanFrame& frame) {
  const can_emulator::CanGateway& gateway = state_.units.front().condition.cabling.can_gateway;
  if (pack != kFirstPack || can_emulator::is_transparent(gateway, state_.can_gateway)) {
    transmit(pack, frame);
    return;
  }
  if (!can_emulator::enter(gateway, gateway_chance_, state_.can_gateway, frame, sc_now_ns()))
    ++state_.can.dropped;
  hand_on();
}

void CanBusModule::hand_on() {
  gateway_due_.cancel();
  const Time now_ns = sc_now_ns();
  while (const auto frame = can_emulator::leave(state_.can_gateway, now_ns))
    transmit(kFirstPack, *frame);
  const Time next_ns = can_emulator::next_event_ns(state_.can_gateway);
  if (next_ns != can_emulator::kNever_ns) gateway_due_.set(next_ns);
}

void CanBusModule::beat() {
  heartbeat_due_.acknowledge();
  const Heartbeat& heartbeat = inverter_.heartbeat;
  agenda_.beat_ns += heartbeat_period_ns(heartbeat, protocol_, state_.inverter);
  const Time next_ns = agenda_.beat_ns + heartbeat_jitter_ns(heartbeat, seed_, ++agenda_.beats);
  heartbeat_due_.set(std::max(next_ns, sc_now_ns() + kMillisecond));
  send_heartbeat();
}

void CanBusModule::send_heartbeat() {
  const Time now_ns = sc_now_ns();
  if (!is_beating(inverter_, now_ns)) return;
  for (const can_emulator::CanFrame& frame :
       heartbeat_frames(inverter_, protocol_, now_ns, read_dc(state_), state_.inverter)) {
    transmit(inverter_node(), frame);
  }
}

void CanBusModule::transmit_from_port(std::size_t port, const can_emulator::CanFrame& frame) {
  transmit(first_port_node() + port, frame);
}

void CanBusModule::transmit(std::size_t node, const can_emulator::CanFrame& frame) {
  follow_cabling();
  if (!can_emulator::queue_frame(design_, state_.can_bus, node, frame, sc_now_ns())) {
    ++state_.can.dropped;
    return;
  }
  schedule();
}

void CanBusModule::notice_cabling() {
  bus_due_.set(time_.now_ns());
}

// A controller without supply neither sends nor acknowledges.
void CanBusModule::follow_cabling() {
  const can_emulator::Cabling& cabling = state_.units.front().condition.cabling;
  can_emulator::CanBusState& bus = state_.can_bus;
  bus.wire = cabling.can_wire;
  for (std::size_t pack = 0; pack < packs_.size(); ++pack) {
    const PackUnit& unit = state_.units[pack];
    bus.plugs[pack] = unit.condition.cabling.can_plug;
    can_emulator::power_node(bus, pack, unit.supply.is_alive && packs_[pack].protocol != nullptr);
  }
  bus.plugs[inverter_node()].is_connected = is_inverter_listening_;
  bus.plugs[stranger_node()].is_connected = cabling.has_can_babbler;
  bus.plugs[stranger_node()].is_babbling = cabling.has_can_babbler;
}

void CanBusModule::schedule() {
  const Time now_ns = sc_now_ns();
  const Time next_ns = can_emulator::next_event_ns(state_.can_bus, now_ns);
  bus_due_.cancel();
  if (next_ns != can_emulator::kNever_ns) bus_due_.set(next_ns);
}

void CanBusModule::turn() {
  bus_due_.acknowledge();
  follow_cabling();
  if (const auto sent = can_emulator::advance(design_, state_.can_bus, sc_now_ns())) deliver(*sent);
  schedule();
}

void CanBusModule::measure_load() {
  load_due_.acknowledge();
  load_due_.set(sc_now_ns() + kCanLoadPeriod);
  const Time busy_ns = state_.can_bus.busy_ns;
  state_.can.load = static_cast<double>(busy_ns - agenda_.busy_before_ns) / kCanLoadPeriod;
  agenda_.busy_before_ns = busy_ns;
}

void CanBusModule::deliver(const can_emulator::CanDelivery& sent) {
  BusCounters& counters = state_.can;
  const Time now_ns = sc_now_ns();
  const CanSender sender = sender_of(sent.sender);
  recorder_.can_frame(now_ns, sent.frame);
  if (sender.kind == CanSender::Kind::pack) ++counters.from_pack;
  if (sender.kind == CanSender::Kind::inverter) ++counters.from_inverter;
  if (sender.kind == CanSender::Kind::port) ++counters.from_outside;
  if (sent.receivers[inverter_node()] && sender.kind == CanSender::Kind::pack)
    hear_pack(sent.frame);
  for (std::size_t pack = 0; pack < packs_.size(); ++pack)
    if (sent.receivers[pack] && sender.kind != CanSender::Kind::pack) hear_others(pack, sent.frame);
  outlet_.send(now_ns, sent.frame, sender);
}

void CanBusModule::hear_pack(const can_emulator::CanFrame& frame) {
  hear(inverter_, protocol_, packs_.front().identity->can_choices, frame, sc_now_ns(),
       state_.inverter);
  if (beats_after(inverter_.heartbeat, frame)) send_heartbeat();
}

void CanBusModule::hear_others(std::size_t pack, const can_emulator::CanFrame& frame) {
  const bool is_heard = packs_[pack].protocol->is_from_inverter(frame);
  if (is_heard) ++state_.units[pack].bms_inputs.bus.inverter_frames;
  if (!answer(pack, frame) && !is_heard) ++state_.can.dropped;
}

}  // namespace doppelpack::sim
