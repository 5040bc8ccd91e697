// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Rules of the counters: ISO 11898-1:2015, 12.1.4 (fault confinement). How likely a bit is to be
// misread behind a bad wire is an estimate and marked as one.

#include "can_emulator/can_bus.hpp"

#include <algorithm>

#include "wire/common_mode.hpp"

namespace doppelpack::can_emulator {

namespace {

constexpr unsigned kPassiveAbove = 127;
constexpr unsigned kOffAbove = 255;
constexpr unsigned kSenderPenalty = 8;
constexpr unsigned kReceiverPenalty = 1;
constexpr unsigned kFirstToObject = 8;   // a receiver that sees a dominant bit after its own flag
constexpr unsigned kBackToActive = 119;  // what a passive receiver is set to by a good frame

constexpr std::int64_t kErrorFrameBits = 6 + 8 + 3;  // flag, delimiter, intermission
constexpr std::int64_t kTailAfterAck = 1 + 7 + 3;    // ACK delimiter, end of frame, intermission
constexpr std::int64_t kSuspendBits = 8;
constexpr std::int64_t kRecoveryBits = 128 * 11;
constexpr std::int64_t kBitsUntilStuffError = 7;  // start of frame and six equal bits

// ISO 11898-2: receivers work from -2 V to +7 V of common mode around 2.5 V. What lies beyond is an
// estimate.
constexpr double kHarmlessOffset_V = 4.5;
constexpr double kHopelessOffset_V = 12.0;

// Of each bit, with one terminator missing: ringing on a short cable at 500 kbit/s. Estimate.
constexpr double kOneTerminatorErrorRate = 1e-4;

std::int64_t bits_to_ns(std::int64_t bits, std::uint32_t bit_rate_Hz) {
  return (bits * 1'000'000'000 + bit_rate_Hz / 2) / bit_rate_Hz;
}

std::uint32_t rate_of(const CanBusDesign& design, const CanBusState& bus, std::size_t node) {
  return bus.plugs[node].bit_rate_Hz.value_or(design.nodes[node].bit_rate_Hz);
}

bool takes_part(const CanBusState& bus, std::size_t node) {
  const CanNodeState& state = bus.nodes[node];
  return bus.plugs[node].is_connected && state.is_powered && !state.is_off;
}

bool has_something_to_say(const CanBusState& bus, std::size_t node) {
  return !bus.nodes[node].waiting.empty() || bus.plugs[node].is_babbling;
}

constexpr CanFrame kBabble{.id = 0, .is_extended = false, .is_remote = false, .dlc = 8, .data = {}};

const CanFrame& next_frame(const CanBusState& bus, std::size_t node) {
  return bus.plugs[node].is_babbling ? kBabble : bus.nodes[node].waiting.front();
}

// Nodes understand each other when they agree on the rate and on which wire is which.
bool understand(const CanBusDesign& design, const CanBusState& bus, std::size_t a, std::size_t b) {
  return rate_of(design, bus, a) == rate_of(design, bus, b) &&
         bus.plugs[a].is_swapped == bus.plugs[b].is_swapped;
}

void punish_sender(const CanBusDesign& design, CanBusState& bus, std::size_t node,
                   std::int64_t end_ns) {
  CanNodeState& state = bus.nodes[node];
  state.tec += kSenderPenalty;
  if (state.tec <= kOffAbove) return;
  state.is_off = true;
  ++state.counts.bus_off;
  state.counts.lost += state.waiting.size();
  state.waiting.clear();
  const std::int64_t restart_ns = design.nodes[node].restart_ns;
  const std::int64_t recovery_ns = bits_to_ns(kRecoveryBits, rate_of(design, bus, node));
  state.back_ns = restart_ns < 0 ? kNever_ns : end_ns + restart_ns + recovery_ns;
}

void punish_receivers(CanBusState& bus, std::size_t sender) {
  for (std::size_t i = 0; i < bus.nodes.size(); ++i) {
    if (i == sender || !takes_part(bus, i)) continue;
    bus.nodes[i].rec = std::min(bus.nodes[i].rec + kReceiverPenalty, kPassiveAbove + 1);
  }
}

double offset_error_rate(double offset_V) {
  return misread_share(offset_V, kHarmlessOffset_V, kHopelessOffset_V);
}

double bit_error_rate(const CanBusState& bus) {
  double rate = bus.wire.bit_error_rate;
  if (bus.wire.terminators == 1) rate += kOneTerminatorErrorRate;
  if (bus.wire.terminators <= 0) rate = 1.0;
  for (std::size_t i = 0; i < bus.plugs.size(); ++i) {
    if (takes_part(bus, i)) rate += offset_error_rate(bus.plugs[i].ground_offset_V);
  }
  return std::min(rate, 1.0);
}

// The bit that is misread, counted from 0; nothing when all of them arrive.
std::optional<std::int64_t> draw_error(const CanBusDesign& design, CanBusState& bus,
                                       std::int64_t bits) {
  const double rate = bit_error_rate(bus);
  if (rate <= 0.0) return std::nullopt;
  const double drawn = design.chance(bus.draws++);
  double all_good = 1.0;
  for (std::int64_t bit = 0; bit < bits; ++bit) {
    all_good *= 1.0 - rate;
    if (drawn >= all_good) return bit;
  }
  return std::nullopt;
}

// A node that shares the wire but not the rate: it objects as soon as it is sure, if it still may.
std::optional<std::size_t> find_objector(const CanBusDesign& design, const CanBusState& bus,
                                         std::size_t sender) {
  for (std::size_t i = 0; i < bus.nodes.size(); ++i) {
    if (i == sender || !takes_part(bus, i) || design.nodes[i].is_listen_only) continue;
    if (bus.plugs[i].is_swapped || bus.plugs[sender].is_swapped) continue;
    const bool may_object = bus.nodes[i].error_state() == CanErrorState::active;
    if (may_object && rate_of(design, bus, i) != rate_of(design, bus, sender)) return i;
  }
  return std::nullopt;
}

bool is_acknowledged(const CanBusDesign& design, const CanBusState& bus, std::size_t sender) {
  for (std::size_t i = 0; i < bus.nodes.size(); ++i) {
    if (i == sender || !takes_part(bus, i) || design.nodes[i].is_listen_only) continue;
    if (understand(design, bus, i, sender)) return true;
  }
  return false;
}

void begin(const CanBusDesign& design, CanBusState& bus, std::size_t sender, std::int64_t t_ns,
           std::int64_t bits, bool is_good) {
  const std::uint32_t rate_Hz = rate_of(design, bus, sender);
  const CanFrame frame = next_frame(bus, sender);
  const std::int64_t end_ns = t_ns + (is_good ? frame_duration_ns(frame, rate_Hz)
                                              : bits_to_ns(bits + kErrorFrameBits, rate_Hz));
  bus.attempt = CanAttempt{sender, frame, bus.plugs[sender].is_babbling, is_good, end_ns};
  bus.free_ns = end_ns;
  bus.busy_ns += end_ns - t_ns;
}

// A pulled plug leaves a node alone with its own wires: after a few milliseconds, which are not waited
// for, it is passive and stays so.
void try_alone(CanNodeState& node) {
  if (node.error_state() != CanErrorState::active) return;
  for (; node.tec <= kPassiveAbove; node.tec += kSenderPenalty) ++node.counts.acknowledge;
}

// How the attempt of the winner will end follows from what is on the wire when it starts.
void begin_winner(const CanBusDesign& design, CanBusState& bus, std::size_t sender,
                  std::int64_t t_ns) {
  CanNodeState& state = bus.nodes[sender];
  if (bus.wire.is_shorted) {
    ++state.counts.bit;
    begin(design, bus, sender, t_ns, 1, false);
    punish_sender(design, bus, sender, bus.free_ns);
    return;
  }
  if (const auto objector = find_objector(design, bus, sender)) {
    ++state.counts.stuff;
    begin(design, bus, sender, t_ns, kBitsUntilStuffError, false);
    punish_receivers(bus, sender);
    CanNodeState& other = bus.nodes[*objector];
    other.rec = std::min(other.rec + kFirstToObject, kPassiveAbove + 1);
    punish_sender(design, bus, sender, bus.free_ns);
    return;
  }
  const std::int64_t bits = frame_bit_count(next_frame(bus, sender));
  if (const auto misread = draw_error(design, bus, bits)) {
    ++state.counts.bit;
    begin(design, bus, sender, t_ns, *misread + 1, false);
    punish_receivers(bus, sender);
    punish_sender(design, bus, sender, bus.free_ns);
    return;
  }
  const bool is_good = is_acknowledged(design, bus, sender);
  begin(design, bus, sender, t_ns, bits - kTailAfterAck, is_good);
  if (is_good) return;
  ++state.counts.acknowledge;
  // An error passive sender that is alone sees no dominant bit while it complains: it keeps its
  // counter, and so never goes off for want of company (exception 1 of the standard).
  if (state.error_state() == CanErrorState::active) punish_sender(design, bus, sender, bus.free_ns);
}

// Two that do not understand each other do not notice who wins either.
void collide(const CanBusDesign& design, CanBusState& bus, const std::vector<std::size_t>& senders,
             std::int64_t t_ns) {
  begin(design, bus, senders.front(), t_ns, kBitsUntilStuffError, false);
  for (const std::size_t sender : senders) {
    ++bus.nodes[sender].counts.bit;
    punish_sender(design, bus, sender, bus.free_ns);
  }
}

std::vector<std::size_t> find_contenders(const CanBusState& bus, std::int64_t t_ns) {
  std::vector<std::size_t> contenders;
  for (std::size_t i = 0; i < bus.nodes.size(); ++i) {
    if (takes_part(bus, i) && has_something_to_say(bus, i) && bus.nodes[i].may_start_ns <= t_ns)
      contenders.push_back(i);
  }
  return contenders;
}

void start_next(const CanBusDesign& design, CanBusState& bus, std::int64_t t_ns) {
  const std::vector<std::size_t> contenders = find_contenders(bus, t_ns);
  if (contenders.empty()) return;
  const bool is_babel = std::any_of(contenders.begin(), contenders.end(), [&](std::size_t node) {
    return !understand(design, bus, node, contenders.front());
  });
  if (is_babel) {
    collide(design, bus, contenders, t_ns);
    return;
  }
  const std::size_t winner =
      *std::min_element(contenders.begin(), contenders.end(), [&](std::size_t a, std::size_t b) {
        return arbitration_key(next_frame(bus, a)) < arbitration_key(next_frame(bus, b));
      });
  begin_winner(design, bus, winner, t_ns);
}

void relieve(CanNodeState& sender) {
  if (sender.tec > 0) --sender.tec;
}

void relieve_receiver(CanNodeState& receiver) {
  if (receiver.rec > kPassiveAbove)
    receiver.rec = kBackToActive;
  else if (receiver.rec > 0)
    --receiver.rec;
}

std::optional<CanDelivery> finish_attempt(const CanBusDesign& design, CanBusState& bus) {
  const CanAttempt done = *bus.attempt;
  bus.attempt.reset();
  CanNodeState& sender = bus.nodes[done.sender];
  if (sender.error_state() == CanErrorState::passive)
    sender.may_start_ns = done.end_ns + bits_to_ns(kSuspendBits, rate_of(design, bus, done.sender));
  if (!done.is_good) return std::nullopt;
  if (!takes_part(bus, done.sender)) {  // pulled half-way: it has waited in vain for an answer
    ++sender.counts.acknowledge;
    return std::nullopt;
  }
  relieve(sender);
  if (!done.is_babble) sender.waiting.pop_front();
  CanDelivery delivery{done.sender, done.frame, std::vector<bool>(bus.nodes.size())};
  for (std::size_t i = 0; i < bus.nodes.size(); ++i) {
    if (i == done.sender || !takes_part(bus, i) || !understand(design, bus, i, done.sender))
      continue;
    delivery.receivers[i] = true;
    relieve_receiver(bus.nodes[i]);
  }
  return delivery;
}

// Nobody gets a bit through. Who is sending goes off within half a millisecond: eight more for every
// eight dominant bits that it sees. Those who only listen become passive.
void hold_dominant(const CanBusDesign& design, CanBusState& bus, std::int64_t t_ns) {
  if (bus.attempt) {
    CanNodeState& sender = bus.nodes[bus.attempt->sender];
    ++sender.counts.bit;
    sender.tec = kOffAbove;
    punish_sender(design, bus, bus.attempt->sender, t_ns);
    bus.attempt.reset();
  }
  for (std::size_t i = 0; i < bus.nodes.size(); ++i) {
    if (takes_part(bus, i)) bus.nodes[i].rec = kPassiveAbove + 1;
  }
  bus.free_ns = t_ns;
}

void bring_back(CanBusState& bus, std::int64_t t_ns) {
  for (CanNodeState& node : bus.nodes) {
    if (!node.is_off || node.back_ns > t_ns) continue;
    node.is_off = false;
    node.tec = 0;
    node.rec = 0;
  }
}

}  // namespace

CanErrorState CanNodeState::error_state() const {
  if (is_off) return CanErrorState::bus_off;
  return tec > kPassiveAbove || rec > kPassiveAbove ? CanErrorState::passive
                                                    : CanErrorState::active;
}

std::uint64_t arbitration_key(const CanFrame& frame) {
  return frame.is_extended ? (std::uint64_t{frame.id} << 1U) | 1U
                           : std::uint64_t{frame.id} << (18U + 1U);
}

CanBusState make_can_bus(const CanBusDesign& design) {
  CanBusState bus;
  bus.nodes.resize(design.nodes.size());
  bus.plugs.resize(design.nodes.size());
  return bus;
}

void power_node(CanBusState& bus, std::size_t node, bool is_powered) {
  CanNodeState& state = bus.nodes[node];
  if (state.is_powered == is_powered) return;
  const CanErrorCounts counts = state.counts;
  state = {};
  state.is_powered = is_powered;
  state.counts = counts;
}

bool queue_frame(const CanBusDesign& design, CanBusState& bus, std::size_t node,
                 const CanFrame& frame, std::int64_t t_ns) {
  CanNodeState& state = bus.nodes[node];
  const bool is_off = !state.is_powered || (state.is_off && state.back_ns > t_ns);
  if (is_off || state.waiting.size() >= design.nodes[node].mailboxes) {
    ++state.counts.lost;
    return false;
  }
  state.waiting.push_back(frame);
  if (!bus.plugs[node].is_connected) try_alone(state);
  return true;
}

std::int64_t next_event_ns(const CanBusState& bus, std::int64_t t_ns) {
  if (bus.attempt) return std::max(bus.attempt->end_ns, t_ns);
  if (bus.wire.is_stuck_dominant) return kNever_ns;
  std::int64_t next_ns = kNever_ns;
  for (std::size_t i = 0; i < bus.nodes.size(); ++i) {
    const CanNodeState& node = bus.nodes[i];
    if (node.is_off) {
      next_ns = std::min(next_ns, node.back_ns);
    } else if (takes_part(bus, i) && has_something_to_say(bus, i)) {
      next_ns = std::min(next_ns, std::max(node.may_start_ns, bus.free_ns));
    }
  }
  return next_ns == kNever_ns ? kNever_ns : std::max(next_ns, t_ns);
}

std::optional<CanDelivery> advance(const CanBusDesign& design, CanBusState& bus,
                                   std::int64_t t_ns) {
  if (bus.wire.is_stuck_dominant) {
    hold_dominant(design, bus, t_ns);
    return std::nullopt;
  }
  std::optional<CanDelivery> delivery;
  if (bus.attempt && bus.attempt->end_ns <= t_ns) delivery = finish_attempt(design, bus);
  bring_back(bus, t_ns);
  if (!bus.attempt && bus.free_ns <= t_ns) start_next(design, bus, t_ns);
  return delivery;
}

}  // namespace doppelpack::can_emulator
