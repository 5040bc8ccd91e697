// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_bus_module.hpp"

#include <algorithm>
#include <utility>

#include "context.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::size_t kLongestQueue = 64;  // frames waiting for the bus; estimate

/// What decides arbitration: a lower value wins. A standard frame beats an extended one with the
/// same leading bits (its IDE bit is dominant).
std::uint64_t arbitration_key(const can_emulator::CanFrame& frame) {
  return frame.is_extended ? (std::uint64_t{frame.id} << 1U) | 1U
                           : std::uint64_t{frame.id} << (18U + 1U);
}

}  // namespace

CanBusModule::CanBusModule(const sc_core::sc_module_name& name, const Product& product,
                           const InverterDesign& inverter, BenchState& state, Recorder& recorder,
                           ToPorts to_ports)
    : sc_module(name),
      protocol_(*product.can),
      identity_(product.identity),
      state_(state),
      recorder_(recorder),
      to_ports_(std::move(to_ports)),
      is_inverter_listening_(inverter.link == InverterLink::can) {
  for (const can_emulator::PeriodicFrame& frame : protocol_.periodic) {
    due_ns_.push_back(kCanPackPhase + frame.offset_ms * kMillisecond);
  }
  SC_HAS_PROCESS(CanBusModule);
  SC_METHOD(broadcast);
  sensitive << broadcast_due_;
  dont_initialize();
  SC_METHOD(finish_frame);
  sensitive << frame_done_;
  dont_initialize();
  SC_METHOD(beat);
  sensitive << heartbeat_due_;
  dont_initialize();
  if (!due_ns_.empty()) {
    broadcast_due_.notify(to_sc_time(*std::min_element(due_ns_.begin(), due_ns_.end())));
  }
  if (is_inverter_listening_ && inverter.sends_heartbeat) {
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
    if (encoded) transmit(*encoded, {CanSender::Kind::pack, 0});
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
  if (waiting_.size() >= kLongestQueue) return false;
  const std::vector<can_emulator::CanFrame> frames =
      protocol_.respond(request, state_.bms_outputs.report, identity_);
  for (const can_emulator::CanFrame& frame : frames) transmit(frame, {CanSender::Kind::pack, 0});
  return !frames.empty();
}

void CanBusModule::beat() {
  next_trigger(to_sc_time(protocol_.heartbeat_period_ms * kMillisecond));
  transmit(protocol_.encode_heartbeat(), {CanSender::Kind::inverter, 0});
}

void CanBusModule::transmit(const can_emulator::CanFrame& frame, const CanSender& sender) {
  waiting_.push_back({frame, sender});
  if (!is_busy_) start_next();
}

void CanBusModule::start_next() {
  const auto winner =
      std::min_element(waiting_.begin(), waiting_.end(), [](const Pending& a, const Pending& b) {
        return arbitration_key(a.frame) < arbitration_key(b.frame);
      });
  on_wire_ = *winner;
  waiting_.erase(winner);
  is_busy_ = true;
  frame_done_.notify(
      to_sc_time(can_emulator::frame_duration_ns(on_wire_.frame, protocol_.bit_rate_Hz)));
}

void CanBusModule::finish_frame() {
  is_busy_ = false;
  deliver(on_wire_);
  if (!is_busy_ && !waiting_.empty()) start_next();
}

void CanBusModule::deliver(const Pending& sent) {
  BusCounters& counters = state_.can;
  // The cable is pulled at the pack: nothing passes between the pack and the others.
  if (!state_.condition.cabling.is_can_plugged) {
    ++counters.dropped;
    return;
  }
  const Time now_ns = sc_now_ns();
  recorder_.can_frame(now_ns, sent.frame);
  if (sent.sender.kind == CanSender::Kind::pack) {
    ++counters.from_pack;
    if (is_inverter_listening_ &&
        protocol_.decode(sent.frame, identity_.can_choices, state_.inverter.battery)) {
      state_.inverter.last_heard_ns = now_ns;
    }
  } else {
    ++(sent.sender.kind == CanSender::Kind::inverter ? counters.from_inverter
                                                     : counters.from_outside);
    const bool is_heard = state_.supply.is_alive && protocol_.is_from_inverter(sent.frame);
    if (is_heard) ++state_.bms_inputs.bus.inverter_frames;
    if (!answer(sent.frame) && !is_heard) ++counters.dropped;
  }
  to_ports_(now_ns, sent.frame, sent.sender);
}

}  // namespace doppelpack::sim
