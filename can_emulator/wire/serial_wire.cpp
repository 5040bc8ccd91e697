// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// EIA-485: receivers work from -7 V to +12 V of common mode. How likely a byte is to be misread
// behind a bad wire is an estimate and marked as one.

#include "can_emulator/serial_wire.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "wire/common_mode.hpp"

namespace doppelpack::can_emulator {

namespace {

constexpr double kHarmlessOffset_V = 7.0;
constexpr double kHopelessOffset_V = 12.0;            // estimate
constexpr double kMissingTerminatorErrorRate = 1e-4;  // of a byte, each, at 115200 baud: estimate

std::int64_t byte_bits(const SerialFormat& format) {
  return format.parity == Parity::none ? 10 : 11;
}

const SerialFormat& format_of(const SerialWireDesign& design, const SerialWireState& pair,
                              std::size_t node) {
  const std::optional<SerialFormat>& wrong = pair.plugs[node].format;
  return wrong ? *wrong : design.nodes[node];
}

// The bytes of `burst` that are on the pair between start_ns and end_ns.
void hit(const SerialWireDesign& design, const SerialWireState& pair, SerialBurst& burst,
         std::int64_t start_ns, std::int64_t end_ns) {
  const std::int64_t byte_ns = duration_ns(format_of(design, pair, burst.sender), 1);
  for (std::size_t i = 0; i < burst.is_hit.size(); ++i) {
    const std::int64_t begin_ns = burst.start_ns + static_cast<std::int64_t>(i) * byte_ns;
    if (begin_ns < end_ns && start_ns < begin_ns + byte_ns) burst.is_hit[i] = true;
  }
}

void mark_collisions(const SerialWireDesign& design, SerialWireState& pair, SerialBurst& fresh) {
  for (SerialBurst& other : pair.bursts) {
    if (other.sender == fresh.sender || other.end_ns <= fresh.start_ns) continue;
    hit(design, pair, fresh, other.start_ns, other.end_ns);
    hit(design, pair, other, fresh.start_ns, fresh.end_ns);
    ++pair.collisions;
  }
}

double offset_error_rate(double offset_V) {
  return misread_share(offset_V, kHarmlessOffset_V, kHopelessOffset_V);
}

double byte_error_rate(const SerialWireState& pair, std::size_t sender, std::size_t receiver) {
  if (pair.wire.is_stuck) return 1.0;
  const double rate = pair.wire.byte_error_rate +
                      kMissingTerminatorErrorRate * std::max(0, 2 - pair.wire.terminators) +
                      offset_error_rate(pair.plugs[sender].ground_offset_V) +
                      offset_error_rate(pair.plugs[receiver].ground_offset_V);
  return std::min(rate, 1.0);
}

std::uint8_t draw_byte(const SerialWireDesign& design, SerialWireState& pair) {
  ++pair.garbled;
  return static_cast<std::uint8_t>(design.chance(pair.draws++) * 256.0);
}

// A UART that is set otherwise, or sees the pair upside down, finds start bits where there are none.
// As many bytes as fit into the time, none of which means anything.
Bytes misunderstand(const SerialWireDesign& design, SerialWireState& pair, const SerialBurst& burst,
                    const SerialFormat& format) {
  Bytes garbage;
  const std::int64_t byte_ns = duration_ns(format, 1);
  const auto count = static_cast<std::size_t>((burst.end_ns - burst.start_ns) / byte_ns);
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i)
    garbage.push_back(draw_byte(design, pair));
  return garbage;
}

Bytes receive(const SerialWireDesign& design, SerialWireState& pair, const SerialBurst& burst,
              std::size_t node) {
  const SerialFormat& format = format_of(design, pair, node);
  const bool is_upside_down = pair.plugs[node].is_swapped != pair.plugs[burst.sender].is_swapped;
  if (is_upside_down || format != format_of(design, pair, burst.sender))
    return misunderstand(design, pair, burst, format);
  const double error_rate = byte_error_rate(pair, burst.sender, node);
  Bytes received;
  for (std::size_t i = 0; i < burst.bytes.size(); ++i) {
    const bool is_misread = error_rate > 0.0 && design.chance(pair.draws++) < error_rate;
    received.push_back(burst.is_hit[i] || is_misread ? draw_byte(design, pair) : burst.bytes[i]);
  }
  return received;
}

}  // namespace

SerialWireState make_serial_wire(const SerialWireDesign& design) {
  SerialWireState pair;
  pair.plugs.resize(design.nodes.size());
  return pair;
}

std::int64_t duration_ns(const SerialFormat& format, std::size_t byte_count) {
  assert(format.baud > 0);
  const std::int64_t bits = byte_bits(format) * static_cast<std::int64_t>(byte_count);
  return (bits * 1'000'000'000 + format.baud / 2) / format.baud;
}

bool drive(const SerialWireDesign& design, SerialWireState& pair, std::size_t node, BytesView bytes,
           std::int64_t t_ns) {
  const SerialPlug& plug = pair.plugs[node];
  if (!plug.is_connected || bytes.empty()) return false;
  bytes = bytes.substr(0, bytes.size() - std::min(plug.lost_tail_bytes, bytes.size() - 1));
  SerialBurst fresh{node, Bytes(bytes), t_ns + plug.delay_ns, 0, std::vector<bool>(bytes.size())};
  std::size_t waiting = bytes.size();
  for (const SerialBurst& other : pair.bursts) {
    if (other.sender != node) continue;
    fresh.start_ns = std::max(fresh.start_ns, other.end_ns);
    waiting += other.bytes.size();
  }
  if (waiting > kSerialDriverBuffer) return false;
  fresh.end_ns = fresh.start_ns + duration_ns(format_of(design, pair, node), bytes.size());
  mark_collisions(design, pair, fresh);
  pair.bursts.push_back(std::move(fresh));
  return true;
}

std::int64_t next_event_ns(const SerialWireState& pair) {
  std::int64_t next_ns = std::numeric_limits<std::int64_t>::max();
  for (const SerialBurst& burst : pair.bursts) next_ns = std::min(next_ns, burst.end_ns);
  return next_ns;
}

bool is_driven_by_others(const SerialWireState& pair, std::size_t node) {
  return std::any_of(pair.bursts.begin(), pair.bursts.end(),
                     [node](const SerialBurst& burst) { return burst.sender != node; });
}

std::optional<SerialDelivery> advance(const SerialWireDesign& design, SerialWireState& pair,
                                      std::int64_t t_ns) {
  const auto passed = std::min_element(
      pair.bursts.begin(), pair.bursts.end(),
      [](const SerialBurst& a, const SerialBurst& b) { return a.end_ns < b.end_ns; });
  if (passed == pair.bursts.end() || passed->end_ns > t_ns) return std::nullopt;
  SerialBurst burst = std::move(*passed);
  pair.bursts.erase(passed);
  SerialDelivery delivery{burst.sender, {}, std::vector<Bytes>(pair.plugs.size())};
  for (std::size_t i = 0; i < pair.plugs.size(); ++i) {
    const bool is_reached =
        i != burst.sender && pair.plugs[i].is_connected && pair.plugs[burst.sender].is_connected;
    if (is_reached) delivery.received[i] = receive(design, pair, burst, i);
  }
  delivery.sent = std::move(burst.bytes);
  return delivery;
}

}  // namespace doppelpack::can_emulator
