// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_bus_module.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "chance_of.hpp"
#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

using can_emulator::CanNodeDesign;

// Nodes, in this order; then one for each port.
constexpr std::size_t kPack = 0;
constexpr std::size_t kInverter = 1;
constexpr std::size_t kStranger = 2;
constexpr std::size_t kFirstPort = 3;

// Frames that can wait in the driver of a small controller (estimate), and in that of a host.
constexpr std::size_t kMailboxes = 64;
constexpr std::size_t kHostMailboxes = 1'000'000;

// "can1" and "gate": apart from all other noise.
constexpr std::uint64_t kBitErrorStream = 0x6361'6e31;
constexpr std::uint64_t kGatewayStream = 0x6761'7465;

can_emulator::CanBusDesign make_design(std::uint32_t bit_rate_Hz, const std::vector<bool>& ports,
                                       std::uint64_t seed) {
  CanNodeDesign small;
  small.bit_rate_Hz = bit_rate_Hz;
  small.mailboxes = kMailboxes;
  can_emulator::CanBusDesign design{std::vector<CanNodeDesign>(kFirstPort, small),
                                    chance_of(seed, kBitErrorStream)};
  for (const bool is_listen_only : ports) {
    CanNodeDesign host = small;
    host.mailboxes = kHostMailboxes;
    host.is_listen_only = is_listen_only;
    design.nodes.push_back(host);
  }
  return design;
}

CanSender sender_of(std::size_t node) {
  if (node >= kFirstPort) return {CanSender::Kind::port, node - kFirstPort};
  constexpr std::array kKinds{CanSender::Kind::pack, CanSender::Kind::inverter,
                              CanSender::Kind::stranger};
  return {kKinds[node], 0};
}

}  // namespace

CanBusModule::CanBusModule(const sc_core::sc_module_name& name, const Product& product,
                           const InverterDesign& inverter, std::uint64_t seed, LocalTime& time,
                           BenchState& state, Recorder& recorder, CanOutlet outlet)
    : sc_module(name),
      protocol_(*product.can),
      identity_(product.identity),
      inverter_(inverter),
      seed_(seed),
      time_(time),
      state_(state),
      recorder_(recorder),
      outlet_(std::move(outlet)),
      is_inverter_listening_(inverter.link == InverterLink::can),
      design_(make_design(protocol_.bit_rate_Hz, outlet_.are_listen_only, seed)),
      gateway_chance_(chance_of(seed, kGatewayStream)) {
  state_.can_bus = can_emulator::make_can_bus(design_);
  for (const can_emulator::PeriodicFrame& frame : protocol_.periodic) {
    due_ns_.push_back(kCanPackPhase + frame.offset_ms * kMillisecond);
  }
  SC_HAS_PROCESS(CanBusModule);
  SC_METHOD(broadcast);
  sensitive << broadcast_due_;
  dont_initialize();
  SC_METHOD(turn);
  sensitive << bus_due_;
  dont_initialize();
  SC_METHOD(hand_on);
  sensitive << gateway_due_;
  dont_initialize();
  SC_METHOD(beat);
  sensitive << heartbeat_due_;
  dont_initialize();
  SC_METHOD(measure_load);
  sensitive << load_due_;
  dont_initialize();
  load_due_.notify(to_sc_time(kCanLoadPhase));
  if (!due_ns_.empty()) {
    broadcast_due_.notify(to_sc_time(*std::min_element(due_ns_.begin(), due_ns_.end())));
  }
  if (is_inverter_listening_ && beats_in_time(inverter.heartbeat)) {
    heartbeat_due_.notify(to_sc_time(kCanHeartbeatPhase));
  }
}

void CanBusModule::broadcast() {
  const Time now_ns = sc_now_ns();
  for (std::size_t i = 0; i < due_ns_.size(); ++i) {
    if (due_ns_[i] > now_ns) continue;
    const can_emulator::PeriodicFrame& frame = protocol_.periodic[i];
    due_ns_[i] += frame.period_ms * kMillisecond;
    if (!may_pack_talk()) continue;
    const auto encoded = frame.encode(state_.bms_outputs.report, identity_);
    if (encoded) send_from_pack(*encoded);
  }
  const Time next_ns = *std::min_element(due_ns_.begin(), due_ns_.end());
  next_trigger(to_sc_time(next_ns - now_ns));
}

// In a bank the master alone talks to the inverter.
bool CanBusModule::may_pack_talk() const {
  return is_talking(state_) && state_.bms_outputs.report.role != BMS_ROLE_MEMBER;
}

// Who is asked faster than the bus can carry the answers leaves questions unanswered.
bool CanBusModule::answer(const can_emulator::CanFrame& request) {
  if (protocol_.respond == nullptr || !may_pack_talk()) return false;
  if (state_.can_bus.nodes[kPack].waiting.size() >= kMailboxes) return false;
  const std::vector<can_emulator::CanFrame> frames =
      protocol_.respond(request, state_.bms_outputs.report, identity_);
  for (const can_emulator::CanFrame& frame : frames) send_from_pack(frame);
  return !frames.empty();
}

void CanBusModule::send_from_pack(const can_emulator::CanFrame& frame) {
  const can_emulator::CanGateway& gateway = state_.condition.cabling.can_gateway;
  if (can_emulator::is_transparent(gateway, state_.can_gateway)) {
    transmit(kPack, frame);
    return;
  }
  if (!can_emulator::enter(gateway, gateway_chance_, state_.can_gateway, frame, sc_now_ns()))
    ++state_.can.dropped;
  hand_on();
}

void CanBusModule::hand_on() {
  const Time now_ns = sc_now_ns();
  while (const auto frame = can_emulator::leave(state_.can_gateway, now_ns))
    transmit(kPack, *frame);
  const Time next_ns = can_emulator::next_event_ns(state_.can_gateway);
  if (next_ns != can_emulator::kNever_ns) gateway_due_.notify(to_sc_time(next_ns - now_ns));
}

void CanBusModule::beat() {
  const Time now_ns = sc_now_ns();
  const Heartbeat& heartbeat = inverter_.heartbeat;
  beat_ns_ += heartbeat_period_ns(heartbeat, protocol_, state_.inverter);
  const Time next_ns = beat_ns_ + heartbeat_jitter_ns(heartbeat, seed_, ++beats_);
  next_trigger(to_sc_time(std::max(next_ns - now_ns, kMillisecond)));
  send_heartbeat();
}

void CanBusModule::send_heartbeat() {
  const Time now_ns = sc_now_ns();
  if (!is_beating(inverter_, now_ns)) return;
  const DcReading dc{state_.pack.path.link_V, state_.pack.path.cable_A};
  for (const can_emulator::CanFrame& frame :
       heartbeat_frames(inverter_, protocol_, now_ns, dc, state_.inverter)) {
    transmit(kInverter, frame);
  }
}

void CanBusModule::transmit_from_port(std::size_t port, const can_emulator::CanFrame& frame) {
  transmit(kFirstPort + port, frame);
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
  time_.notify(bus_due_, 0);
}

// A controller without supply neither sends nor acknowledges.
void CanBusModule::follow_cabling() {
  const can_emulator::Cabling& cabling = state_.condition.cabling;
  can_emulator::CanBusState& bus = state_.can_bus;
  bus.wire = cabling.can_wire;
  bus.plugs[kPack] = cabling.can_plug;
  can_emulator::power_node(bus, kPack, state_.supply.is_alive);
  bus.plugs[kInverter].is_connected = is_inverter_listening_;
  bus.plugs[kStranger].is_connected = cabling.has_can_babbler;
  bus.plugs[kStranger].is_babbling = cabling.has_can_babbler;
}

void CanBusModule::schedule() {
  const Time now_ns = sc_now_ns();
  const Time next_ns = can_emulator::next_event_ns(state_.can_bus, now_ns);
  bus_due_.cancel();
  if (next_ns != can_emulator::kNever_ns) bus_due_.notify(to_sc_time(next_ns - now_ns));
}

void CanBusModule::turn() {
  follow_cabling();
  if (const auto sent = can_emulator::advance(design_, state_.can_bus, sc_now_ns())) deliver(*sent);
  schedule();
}

void CanBusModule::measure_load() {
  next_trigger(to_sc_time(kCanLoadPeriod));
  const Time busy_ns = state_.can_bus.busy_ns;
  state_.can.load = static_cast<double>(busy_ns - busy_before_ns_) / kCanLoadPeriod;
  busy_before_ns_ = busy_ns;
}

void CanBusModule::deliver(const can_emulator::CanDelivery& sent) {
  BusCounters& counters = state_.can;
  const Time now_ns = sc_now_ns();
  const CanSender sender = sender_of(sent.sender);
  recorder_.can_frame(now_ns, sent.frame);
  if (sender.kind == CanSender::Kind::pack) ++counters.from_pack;
  if (sender.kind == CanSender::Kind::inverter) ++counters.from_inverter;
  if (sender.kind == CanSender::Kind::port) ++counters.from_outside;
  if (sent.receivers[kInverter] && sender.kind == CanSender::Kind::pack) hear_pack(sent.frame);
  if (sent.receivers[kPack]) hear_others(sent.frame);
  outlet_.send(now_ns, sent.frame, sender);
}

void CanBusModule::hear_pack(const can_emulator::CanFrame& frame) {
  hear(inverter_, protocol_, identity_.can_choices, frame, sc_now_ns(), state_.inverter);
  if (beats_after(inverter_.heartbeat, frame)) send_heartbeat();
}

void CanBusModule::hear_others(const can_emulator::CanFrame& frame) {
  const bool is_heard = protocol_.is_from_inverter(frame);
  if (is_heard) ++state_.bms_inputs.bus.inverter_frames;
  if (!answer(frame) && !is_heard) ++state_.can.dropped;
}

}  // namespace doppelpack::sim
