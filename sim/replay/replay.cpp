// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "load/quoted.hpp"
#include "sim/bench.hpp"
#include "sim/inverter_node.hpp"

namespace doppelpack::sim {

namespace {

using can_emulator::CanFrame;
using can_emulator::CanProtocol;

/// What is still to come after the end of the log, of a sender that is a little behind.
constexpr Time kTail = 3 * kSecond;

bool is_from_battery(const CanProtocol& protocol, const can_emulator::Choices& choices,
                     const CanFrame& frame) {
  if (protocol.is_from_inverter(frame)) return false;
  can_emulator::BatteryView scratch;
  if (protocol.decode(frame, choices, scratch)) return true;
  const auto has_its_id = [&](const can_emulator::PeriodicFrame& periodic) {
    return periodic.id == frame.id;
  };
  return std::any_of(protocol.periodic.begin(), protocol.periodic.end(), has_its_id);
}

// What the protocol takes for an inverter's, and what this one says beyond it.
bool is_from_inverter(const CanProtocol& protocol, const InverterDesign& inverter,
                      const CanFrame& frame) {
  const std::vector<HeartbeatFrame>& own = inverter.heartbeat.frames;
  return protocol.is_from_inverter(frame) ||
         std::any_of(own.begin(), own.end(), [&frame](const HeartbeatFrame& heartbeat) {
           return heartbeat.frame.id == frame.id;
         });
}

struct Sides {
  std::vector<TimedFrame> battery;
  std::vector<TimedFrame> others;    ///< all but the battery's
  std::vector<TimedFrame> inverter;  ///< those of the others that are an inverter's
  std::size_t strangers() const { return others.size() - inverter.size(); }
};

Sides divide(const Capture& capture, const Product& product, const InverterDesign& inverter) {
  Sides sides;
  for (const TimedFrame& timed : capture.frames) {
    if (is_from_battery(*product.can, product.identity.can_choices, timed.frame)) {
      sides.battery.push_back(timed);
      continue;
    }
    sides.others.push_back(timed);
    if (is_from_inverter(*product.can, inverter, timed.frame)) sides.inverter.push_back(timed);
  }
  return sides;
}

CompareRules rules_of(const Capture& capture, Time tolerance_ns) {
  CompareRules rules;
  rules.tolerance_ns = tolerance_ns;
  rules.is_phase_free = !capture.is_since_start;
  rules.start_ns = capture.frames.front().t_ns;
  rules.end_ns = capture.frames.back().t_ns;
  return rules;
}

// Where in the time of the bench the log begins.
Time find_start(const Capture& capture, const Sides& sides, Bench& bench,
                const std::vector<TimedFrame>& found) {
  constexpr Time kPatience = 60 * kSecond;
  if (capture.is_since_start || sides.battery.empty()) return 0;
  const TimedFrame& first = sides.battery.front();
  std::size_t seen = 0;
  while (bench.now_ns() < kPatience && !bench.is_over()) {
    bench.run_until(bench.now_ns() + 10 * kMillisecond);
    for (; seen < found.size(); ++seen) {
      if (found[seen].frame.id == first.frame.id) return found[seen].t_ns - first.t_ns;
    }
  }
  return 0;
}

// ---- against the inverter -----------------------------------------------------------------------

void note_changes(Time t_ns, const std::vector<BatteryValue>& before,
                  const std::vector<BatteryValue>& after, std::vector<LearnedValue>& learned) {
  for (const BatteryValue& value : after) {
    if (std::find(before.begin(), before.end(), value) == before.end())
      learned.push_back({t_ns, value});
  }
}

/// Names and values.
using WantedValues = std::vector<std::pair<std::string, std::string>>;

// "cvl_V=53.2 ccl_A=480"
WantedValues read_learned(const Capture& capture) {
  WantedValues wanted;
  const auto remark = capture.remarks.find("learned");
  if (remark == capture.remarks.end()) return wanted;
  std::string_view rest = remark->second;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (word.empty()) continue;
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      throw DataError({capture.file, capture.remark_lines.find("learned")->second, "learned"},
                      fmt::format("found {}, expected pairs like ccl_A=25", quote(word)));
    }
    wanted.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return wanted;
}

std::optional<FrameDifference> first_not_learned(const WantedValues& all_wanted, Time end_ns,
                                                 const std::vector<BatteryValue>& known) {
  for (const auto& wanted : all_wanted) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const BatteryValue& value) {
      return value.name == wanted.first;
    });
    if (found != known.end() && found->text == wanted.second) continue;
    return FrameDifference{
        end_ns, std::nullopt, std::nullopt,
        fmt::format("learned {}: expected {}, found {}", wanted.first, wanted.second,
                    found == known.end() ? "nothing" : found->text)};
  }
  return std::nullopt;
}

}  // namespace

ReplayResult replay_against_pack(const Capture& capture, Scenario scenario, Time tolerance_ns) {
  const CanProtocol& protocol = *scenario.product.can;
  const Sides sides = divide(capture, scenario.product, scenario.inverter);
  ReplayResult result;
  result.expected = sides.battery.size();
  result.strangers = sides.strangers();
  scenario.inverter.heartbeat.is_sent = false;  // the log does
  BenchOptions options;
  options.has_can_node = true;
  options.can_watch = [&result](Time t_ns, const CanFrame& frame, bool is_from_pack) {
    if (is_from_pack) result.found.push_back({t_ns, frame});
  };
  Bench bench(std::move(scenario), std::move(options));
  const Time start_ns = find_start(capture, sides, bench, result.found);
  for (const TimedFrame& timed : sides.others) {
    // A stamp is that of the end of a frame.
    const Time duration_ns = can_emulator::frame_duration_ns(timed.frame, protocol.bit_rate_Hz);
    const Time at_ns = start_ns + timed.t_ns - duration_ns;
    if (at_ns > bench.now_ns()) bench.run_until(at_ns);
    bench.transmit(timed.frame);
    ++result.played;
  }
  bench.run_until(std::max(bench.now_ns(), start_ns + capture.frames.back().t_ns + kTail));
  result.found_offset_ns = start_ns;
  for (TimedFrame& timed : result.found) timed.t_ns -= start_ns;
  result.difference =
      first_difference(sides.battery, result.found, rules_of(capture, tolerance_ns));
  return result;
}

ReplayResult replay_against_inverter(const Capture& capture, const Product& product,
                                     const InverterDesign& inverter, Time tolerance_ns) {
  const CanProtocol& protocol = *product.can;
  const Sides sides = divide(capture, product, inverter);
  ReplayResult result;
  result.played = sides.battery.size();
  result.expected = sides.inverter.size();
  result.strangers = sides.strangers();
  const WantedValues wanted = read_learned(capture);
  InverterNode node(inverter, protocol, product.identity.can_choices);
  std::vector<BatteryValue> known;
  const auto run_to = [&](Time t_ns) {
    while (node.next_ns() < t_ns) {
      const Time now_ns = node.next_ns();
      const DcReading dc{node.state().battery.pack_V.value_or(0.0), 0.0};
      for (const CanFrame& frame : node.advance(now_ns, dc)) {
        const Time end_ns = now_ns + can_emulator::frame_duration_ns(frame, protocol.bit_rate_Hz);
        result.found.push_back({end_ns, frame});
      }
    }
  };
  for (const TimedFrame& timed : sides.battery) {
    run_to(timed.t_ns);
    if (!node.hear(timed.t_ns, timed.frame)) continue;
    const std::vector<BatteryValue> now_known = known_values(node.state().battery);
    note_changes(timed.t_ns, known, now_known, result.learned);
    known = now_known;
  }
  const Time end_ns = capture.frames.back().t_ns;
  run_to(end_ns + kTail);
  // A log without any frame of an inverter says nothing about inverters.
  if (!sides.inverter.empty())
    result.difference =
        first_difference(sides.inverter, result.found, rules_of(capture, tolerance_ns));
  if (!result.difference) result.difference = first_not_learned(wanted, end_ns, known);
  return result;
}

}  // namespace doppelpack::sim
