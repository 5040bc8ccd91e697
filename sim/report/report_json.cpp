// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "record/timing_json.hpp"
#include "record/verdict_json.hpp"
#include "report/describe.hpp"
#include "report/event_json.hpp"
#include "report/frame_words.hpp"
#include "report/report_data.hpp"
#include "sim/report.hpp"
#include "sim/version.hpp"

namespace doppelpack::sim {

namespace {

using ReportJson = nlohmann::ordered_json;

/// Six digits are more than a plot shows; null for what is unknown.
ReportJson plotted(float value) {
  if (!std::isfinite(value)) return nullptr;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value + 0.0F,
                                 std::chars_format::general, 6);
  double rounded = 0.0;
  std::from_chars(text.data(), end.ptr, rounded);
  return rounded;
}

ReportJson plotted(const std::vector<float>& values) {
  ReportJson array = ReportJson::array();
  for (const float value : values) array.push_back(plotted(value));
  return array;
}

ReportJson signals_json(const std::vector<ReportSignal>& signals) {
  ReportJson array = ReportJson::array();
  for (const ReportSignal& signal : signals) {
    ReportJson json{{"name", signal.name}, {"unit", signal.unit}};
    if (!signal.words.empty()) json["words"] = signal.words;
    array.push_back(std::move(json));
  }
  return array;
}

ReportJson overview_json(const Overview& overview) {
  ReportJson low = ReportJson::array();
  ReportJson high = ReportJson::array();
  for (const auto& column : overview.low) low.push_back(plotted(column));
  for (const auto& column : overview.high) high.push_back(plotted(column));
  return {{"start_s", to_seconds(overview.start_ns)},
          {"interval_s", to_seconds(overview.interval_ns)},
          {"low", std::move(low)},
          {"high", std::move(high)}};
}

ReportJson events_json(const std::vector<Event>& events) {
  ReportJson array = ReportJson::array();
  for (const Event& event : events) array.push_back(describe_event(event));
  return array;
}

/// Columns: times, then each signal.
ReportJson rows_json(const std::vector<ReportRow>& rows, std::size_t signals) {
  ReportJson times = ReportJson::array();
  ReportJson columns = ReportJson::array();
  for (const ReportRow& row : rows) times.push_back(to_seconds(row.t_ns));
  for (std::size_t i = 0; i < signals; ++i) {
    ReportJson column = ReportJson::array();
    for (const ReportRow& row : rows) column.push_back(plotted(row.values[i]));
    columns.push_back(std::move(column));
  }
  return {{"t_s", std::move(times)}, {"values", std::move(columns)}};
}

ReportJson lamps_json(const std::vector<LampEdge>& edges) {
  ReportJson array = ReportJson::array();
  for (const LampEdge& edge : edges)
    array.push_back({to_seconds(edge.t_ns), edge.pack + 1, edge.lit});
  return array;
}

ReportJson looks_json(const std::vector<LampLook>& looks) {
  constexpr std::array<std::string_view, 4> kWords{"dark", "solid", "flashing", "unsure"};
  ReportJson array = ReportJson::array();
  for (const LampLook& look : looks) {
    ReportJson json{{"t_s", to_seconds(look.t_ns)},
                    {"pack", look.pack + 1},
                    {"lamp", look.lamp},
                    {"pattern", kWords[static_cast<std::size_t>(look.pattern)]}};
    if (std::isfinite(look.period_s)) json["period_s"] = look.period_s;
    array.push_back(std::move(json));
  }
  return array;
}

ReportJson window_json(const ReportWindow& window, Time end_ns, std::size_t signals,
                       const Product& product) {
  ReportJson frames = ReportJson::array();
  for (const HeardFrame& heard : window.frames)
    frames.push_back(describe_frame(heard.t_ns, heard.frame, heard.is_from_pack, product));
  ReportJson bursts = ReportJson::array();
  SerialWords words(product);
  for (const HeardBurst& heard : window.bursts)
    bursts.push_back(words.describe(heard.t_ns, heard.direction, heard.bytes, heard.length));
  return {{"start_s", to_seconds(window.start_ns)},
          {"end_s", to_seconds(std::min(window.end_ns, end_ns))},
          {"events", events_json(window.events)},
          {"events_left_out", window.events_left_out},
          {"rows", rows_json(window.rows, signals)},
          {"lamps", lamps_json(window.lamps)},
          {"can1", std::move(frames)},
          {"can1_left_out", window.frames_left_out},
          {"rs485_1", std::move(bursts)},
          {"rs485_1_left_out", window.bursts_left_out}};
}

ReportJson parsed(const std::string& json) {
  return json.empty() ? ReportJson() : ReportJson::parse(json);
}

/// How time has kept its promise where there is no result yet.
ReportJson clock_json(const ReportFacts& facts) {
  if (!facts.timing) return parsed(facts.clock_json);
  return {{"speed", facts.timing->speed}, {"timing", {{"deadlines", to_value(*facts.timing)}}}};
}

ReportJson scenario_json(const Scenario& scenario, const std::string& text) {
  return {{"key", scenario.key},
          {"title", scenario.title},
          {"file", scenario.file},
          {"sha256", scenario.sha256},
          {"text", text},
          {"product", scenario.product.key},
          {"inverter", scenario.inverter.key},
          {"seed", scenario.seed},
          {"duration_s", to_seconds(scenario.duration_ns)}};
}

}  // namespace

std::string report_json(const ReportData& data, const Scenario& scenario, const ReportFacts& facts,
                        const RunResult* result) {
  ReportJson windows = ReportJson::array();
  for (const ReportWindow& window : data.windows)
    windows.push_back(window_json(window, data.end_ns, data.signals.size(), scenario.product));
  const ReportJson document = {
      {"format", 1},
      {"version", kVersion},
      {"made_at", facts.made_at},
      {"command", facts.command},
      {"bench", describe_bench(scenario)},
      {"scenario", scenario_json(scenario, facts.scenario_text)},
      {"result", result == nullptr ? ReportJson() : parsed(to_json(*result))},
      {"verdicts", to_value(facts.verdicts)},
      {"clock", clock_json(facts)},
      {"start_s", to_seconds(data.start_ns)},
      {"end_s", to_seconds(data.end_ns)},
      {"why_over", data.why_over},
      {"event_log_sha256", data.event_log_sha256},
      {"signals", signals_json(data.signals)},
      {"overview", overview_json(data.overview)},
      {"looks", looks_json(data.looks)},
      {"looks_left_out", data.looks_left_out},
      {"windows", std::move(windows)},
      {"moments_left_out", data.moments_left_out},
      {"events", events_json(data.events)},
      {"events_left_out", data.events_left_out}};
  return document.dump(-1, ' ', false, ReportJson::error_handler_t::replace);
}

}  // namespace doppelpack::sim
