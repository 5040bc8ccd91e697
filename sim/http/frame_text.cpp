// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/frame_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "record/timing_json.hpp"
#include "report/frame_words.hpp"

namespace doppelpack::http {

namespace {

using Json = nlohmann::ordered_json;

void append_number(std::string& text, double value) {
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(text), "{:.6g}", value + 0.0);
  else
    text += "null";
}

Json can_row_json(const CanRow& row, const sim::Product& product) {
  Json json = sim::describe_frame(row.t_ns, row.frame, row.is_from_pack, product);
  json["period_s"] = sim::to_seconds(row.period_ns);
  json["count"] = row.count;
  return json;
}

Json fault_json(const ActiveFault& fault) {
  return {{"id", fault.id},         {"fault", fault.fault},       {"pack", fault.pack},
          {"target", fault.target}, {"severity", fault.severity}, {"since_s", fault.since_s}};
}

Json timing_json(const LiveFrame& frame) {
  const TimingHealth& timing = frame.timing;
  const auto rounded = [](double value) { return std::round(value * 1e3) / 1e3; };
  return {{"achieved_speed", rounded(timing.achieved_speed)},
          {"lag_ms", rounded(timing.lag_ms)},
          {"worst_lag_ms", rounded(timing.worst_lag_ms)},
          {"slices", timing.slices},
          {"late_slices", timing.late_slices},
          {"slips", timing.slips},
          {"deadlines", frame.report ? sim::to_value(*frame.report) : Json()}};
}

}  // namespace

std::string values_text(const LiveFrame& frame, std::span<const std::size_t> signals) {
  std::string text = fmt::format(R"({{"number":{},"t_s":{:.3f},"values":[)", frame.number,
                                 sim::to_seconds(frame.t_ns));
  bool is_first = true;
  for (const std::size_t signal : signals) {
    if (!is_first) text += ',';
    is_first = false;
    append_number(text, frame.values[signal]);
  }
  return text + "]}";
}

Json state_json(const LiveFrame& frame) {
  Json faults = Json::array();
  for (const ActiveFault& fault : frame.events->faults) faults.push_back(fault_json(fault));
  Json snapshots = Json::array();
  for (const KeptMoment& kept : frame.snapshots)
    snapshots.push_back({{"number", kept.number}, {"name", kept.name}, {"t_s", kept.t_s}});
  return {{"t_s", sim::to_seconds(frame.t_ns)}, {"is_running", frame.clock.is_running},
          {"speed", frame.clock.speed},         {"why_over", frame.why_over},
          {"timing", timing_json(frame)},       {"faults", std::move(faults)},
          {"restores", frame.restores},         {"snapshots", std::move(snapshots)}};
}

std::string clock_text(const LiveFrame& frame) {
  return Json{{"speed", frame.clock.speed}, {"timing", timing_json(frame)}}.dump();
}

std::string events_text(const EventTail& events, std::uint64_t after) {
  std::string text = "[";
  for (const EventLine& line : events.lines) {
    if (line.number <= after) continue;
    if (text.size() > 1) text += ',';
    text += *line.json;
  }
  return text + "]";
}

Json traffic_json(const BusTraffic& traffic, const sim::Product& product, sim::Time after_ns) {
  Json can = Json::array();
  for (const CanRow& row : traffic.can)
    if (row.t_ns > after_ns) can.push_back(can_row_json(row, product));
  Json serial = Json::array();
  sim::SerialWords words(product);
  for (const SerialRow& row : traffic.serial) {
    Json json = words.describe(row.t_ns, row.direction, row.bytes, row.length);
    json["number"] = row.number;
    if (row.t_ns > after_ns) serial.push_back(std::move(json));
  }
  return {{"can1", std::move(can)},
          {"can1_unlisted", traffic.unlisted},
          {"rs485_1", std::move(serial)}};
}

}  // namespace doppelpack::http
