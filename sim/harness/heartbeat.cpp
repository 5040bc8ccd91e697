// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the virtual inverter sends unasked on CAN, and when.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>

#include "models/random.hpp"
#include "sim/inverter.hpp"

namespace doppelpack::sim {

namespace {

using can_emulator::CanFrame;

constexpr std::uint64_t kHeartbeatStream = 0x6265'6174;  // "beat": apart from all other noise

// SMA FSS-ConnectingBat-TI-en-10: what Sunny Island says in 0x306.
constexpr std::uint8_t kByExternalBms = 10;
constexpr std::uint8_t kOff = 0, kOperating = 1, kWarning = 3, kFailure = 4;
constexpr double kLostError = 952.0;  // ExtBMSTimeout
constexpr double kUnknown_degC = 25.0;

void put_u16le(CanFrame& frame, std::size_t at, double value) {
  const double bounded = std::clamp(std::round(value), 0.0, 65535.0);
  const auto word = static_cast<std::uint16_t>(bounded);
  frame.data[at] = static_cast<std::uint8_t>(word & 0xFFU);
  frame.data[at + 1] = static_cast<std::uint8_t>(word >> 8U);
}

void put_s16le(CanFrame& frame, std::size_t at, double value) {
  const double bounded = std::clamp(std::round(value), -32768.0, 32767.0);
  put_u16le(frame, at, bounded < 0.0 ? bounded + 65536.0 : bounded);
}

// The current as the inverter sees it: negative while it charges the pack.
void put_measured(const DcReading& dc, const InverterState& state, CanFrame& frame) {
  frame.dlc = 8;
  put_u16le(frame, 0, dc.dc_V * 10.0);
  put_s16le(frame, 2, -dc.dc_A * 10.0);
  put_s16le(frame, 4, state.battery.T_degC.value_or(kUnknown_degC) * 10.0);
  put_u16le(frame, 6, state.battery.soc.value_or(0.0) * 1000.0);
}

std::uint8_t operating_state(const InverterState& state) {
  if (!state.is_connected) return kOff;
  if (state.is_battery_lost) return kFailure;
  return state.is_alarm || state.is_missing_frame ? kWarning : kOperating;
}

// The event number is the same for the error (F952) and for the warning (W952).
bool is_something_late(const InverterState& state) {
  return state.is_battery_lost || state.is_missing_frame;
}

void put_status(const InverterState& state, CanFrame& frame) {
  frame.dlc = 8;
  put_u16le(frame, 0, state.battery.soh.value_or(1.0) * 100.0);
  frame.data[2] = kByExternalBms;
  frame.data[3] = operating_state(state);
  put_u16le(frame, 4, is_something_late(state) ? kLostError : 0.0);
  put_u16le(frame, 6, state.max_V * 10.0);
}

// Second, minute, hour, day, month, year since 2000 (can_protocols.md, L38).
void put_clock(Time t_ns, CanFrame& frame) {
  namespace chrono = std::chrono;
  constexpr chrono::sys_days kStart = chrono::year{2026} / chrono::January / 1;
  const auto now = kStart + chrono::floor<chrono::seconds>(chrono::nanoseconds(t_ns));
  const auto today = chrono::floor<chrono::days>(now);
  const chrono::year_month_day date(today);
  const chrono::hh_mm_ss time(now - today);
  frame.dlc = 8;
  frame.data = {static_cast<std::uint8_t>(time.seconds().count()),
                static_cast<std::uint8_t>(time.minutes().count()),
                static_cast<std::uint8_t>(time.hours().count()),
                static_cast<std::uint8_t>(unsigned{date.day()}),
                static_cast<std::uint8_t>(unsigned{date.month()}),
                static_cast<std::uint8_t>(int{date.year()} - 2000)};
}

void put_content(const HeartbeatFrame& item, Time t_ns, const DcReading& dc,
                 const InverterState& state, CanFrame& frame) {
  switch (item.content) {
    case HeartbeatContent::bytes:
      break;
    case HeartbeatContent::measured:
      put_measured(dc, state, frame);
      break;
    case HeartbeatContent::status:
      put_status(state, frame);
      break;
    case HeartbeatContent::clock:
      put_clock(t_ns, frame);
      break;
  }
}

}  // namespace

bool beats_in_time(const Heartbeat& heartbeat) {
  return heartbeat.is_sent && !heartbeat.after_frame;
}

bool beats_after(const Heartbeat& heartbeat, const CanFrame& frame) {
  return heartbeat.is_sent && heartbeat.after_frame == frame.id;
}

bool is_beating(const InverterDesign& design, Time t_ns) {
  const Heartbeat& heartbeat = design.heartbeat;
  if (heartbeat.stops_after_ns > 0 && t_ns >= heartbeat.stops_after_ns) return false;
  if (is_restarting(design, t_ns)) return false;
  return std::none_of(heartbeat.gaps.begin(), heartbeat.gaps.end(),
                      [t_ns](const HeartbeatGap& gap) {
                        return t_ns >= gap.every_ns && t_ns % gap.every_ns < gap.lasts_ns;
                      });
}

std::vector<CanFrame> heartbeat_frames(const InverterDesign& design,
                                       const can_emulator::CanProtocol& protocol, Time t_ns,
                                       const DcReading& dc, const InverterState& state) {
  std::vector<CanFrame> frames;
  if (design.heartbeat.frames.empty()) frames.push_back(protocol.encode_heartbeat());
  for (const HeartbeatFrame& item : design.heartbeat.frames) {
    if (item.needs_battery && state.is_battery_lost) continue;
    CanFrame& frame = frames.emplace_back(item.frame);
    put_content(item, t_ns, dc, state, frame);
  }
  if (design.heartbeat.is_extended) {
    for (CanFrame& frame : frames) frame.is_extended = true;
  }
  return frames;
}

Time heartbeat_period_ns(const Heartbeat& heartbeat, const can_emulator::CanProtocol& protocol,
                         const InverterState& state) {
  if (state.is_battery_lost && heartbeat.rapid_period_ns > 0) return heartbeat.rapid_period_ns;
  if (heartbeat.period_ns > 0) return heartbeat.period_ns;
  return protocol.heartbeat_period_ms * kMillisecond;
}

Time heartbeat_jitter_ns(const Heartbeat& heartbeat, std::uint64_t seed, std::uint64_t n) {
  const double share = 2.0 * models::random_uniform(seed, kHeartbeatStream, n) - 1.0;
  const double jitter_ms = static_cast<double>(heartbeat.jitter_ns) / kMillisecond;
  return static_cast<Time>(std::round(share * jitter_ms)) * kMillisecond;
}

}  // namespace doppelpack::sim
