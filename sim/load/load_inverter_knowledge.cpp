// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/load_inverter_knowledge.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "load/load_heartbeat.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kLimitVoltage{Dimension::voltage, 0.0, 1000.0};
constexpr Kind kLimitCurrent{Dimension::current, 0.0, 2000.0};

std::optional<double> read_optional(const Section& section, std::string_view key,
                                    const Kind& kind) {
  if (!section.has(key)) return {};
  return section.number(key, kind);
}

// {pylontech-lv-can: {voltage: 0.01V}}
std::vector<OwnReading> read_readings(const YamlNode& node) {
  std::vector<std::string_view> protocols;
  for (const can_emulator::CanProtocol* protocol : can_emulator::can_protocols())
    protocols.push_back(protocol->key);
  const Section by_protocol(node, protocols);
  std::vector<OwnReading> readings;
  for (const can_emulator::CanProtocol* protocol : can_emulator::can_protocols()) {
    if (!by_protocol.has(protocol->key)) continue;
    std::vector<std::string_view> keys;
    for (const can_emulator::ProtocolOption& option : protocol->options) keys.push_back(option.key);
    const Section chosen = by_protocol.section(protocol->key, keys);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!chosen.has(keys[i])) continue;
      const auto choice = to_choice(chosen.at(keys[i]), protocol->options[i].choices);
      readings.push_back({protocol, i, static_cast<std::uint8_t>(choice)});
    }
  }
  return readings;
}

std::optional<VoltageRange> read_range(const Section& section, std::string_view key) {
  if (!section.has(key)) return {};
  const std::vector<YamlNode>& ends = to_list(section.at(key));
  if (ends.size() != 2) refuse(section.at(key), "[lowest, highest]");
  const VoltageRange range{to_number(ends[0], kLimitVoltage), to_number(ends[1], kLimitVoltage)};
  if (range.lowest_V >= range.highest_V) refuse(ends[1], "more than " + to_text(ends[0]));
  return range;
}

FrameWatch read_watch(const YamlNode& node) {
  const Section section(node, {"frame", "after", "limits"});
  FrameWatch watch;
  watch.id = to_frame_id(section.at("frame"));
  watch.timeout_ns = section.period("after");
  watch.is_battery_lost = !section.has("limits");
  if (watch.is_battery_lost) return watch;
  const Section limits = section.section("limits", {"cvl", "ccl", "dcl"});
  watch.cvl_V = limits.number("cvl", kLimitVoltage);
  watch.ccl_A = limits.number("ccl", kLimitCurrent);
  watch.dcl_A = limits.number("dcl", kLimitCurrent);
  return watch;
}

PackCorrection read_correction(const YamlNode& node) {
  const Section section(node, {"pack", "cvl", "cvl_up_to", "highest_cvl", "idle_highest_cvl",
                               "idle_ccl", "lowest_ccl"});
  PackCorrection correction;
  correction.pack = section.text("pack");
  correction.cvl_V = read_optional(section, "cvl", kLimitVoltage);
  if (correction.cvl_V) correction.cvl_up_to_V = section.number("cvl_up_to", kLimitVoltage);
  correction.highest_cvl_V = read_optional(section, "highest_cvl", kLimitVoltage);
  correction.idle_highest_cvl_V = read_optional(section, "idle_highest_cvl", kLimitVoltage);
  correction.idle_ccl_A = read_optional(section, "idle_ccl", kLimitCurrent);
  correction.lowest_ccl_per_h = section.number("lowest_ccl", {Dimension::none, 0.0, 10.0}, 0.0);
  return correction;
}

// One line of ASCII, as it stands on the wire.
std::string read_line(const YamlNode& node) {
  const std::string& text = to_text(node);
  const auto is_ascii = [](char c) { return c > ' ' && c <= '~'; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_ascii))
    refuse(node, "printable characters without blanks");
  return text;
}

AddressScan read_scan(const YamlNode& node) {
  const Section section(node, {"period", "requests", "reply_begins"});
  AddressScan scan;
  scan.period_ns = section.period("period");
  for (const YamlNode& request : to_list(section.at("requests"), 1))
    scan.requests.push_back(read_line(request));
  scan.reply_begins = read_line(section.at("reply_begins"));
  return scan;
}

}  // namespace

void read_knowledge(const Section& file, InverterDesign& design) {
  if (file.has("reads")) design.reads = read_readings(file.at("reads"));
  if (file.has("accepts")) {
    const Section accepts = file.section("accepts", {"cvl", "discharge_voltage"});
    design.accepted_cvl = read_range(accepts, "cvl");
    design.accepted_discharge_limit = read_range(accepts, "discharge_voltage");
  }
  if (file.has("misses")) {
    for (const YamlNode& watch : to_list(file.at("misses"), 1))
      design.watches.push_back(read_watch(watch));
  }
  if (file.has("corrections")) {
    for (const YamlNode& correction : to_list(file.at("corrections"), 1))
      design.corrections.push_back(read_correction(correction));
  }
  if (!file.has("rs485_scan")) return;
  if (design.rs485_poll_period_ns == 0)
    refuse(file.at("rs485_scan"), "nothing, as it never asks (rs485_poll_period: 0 s)");
  design.rs485_scan = read_scan(file.at("rs485_scan"));
}

}  // namespace doppelpack::sim
