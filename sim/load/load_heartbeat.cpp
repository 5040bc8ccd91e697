// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/load_heartbeat.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::uint32_t kHighestId = 0x7FF;

std::optional<std::uint32_t> hexadecimal(std::string_view digits) {
  std::uint32_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value, 16);
  if (digits.empty() || error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

// "12 34 56": bytes of two digits.
void read_bytes(const YamlNode& node, can_emulator::CanFrame& frame) {
  constexpr std::string_view kExpected =
      "up to 8 bytes such as 0A 1B, or one of: measured, status, clock";
  if (node.kind != YamlNode::Kind::scalar || node.text.empty()) refuse(node, kExpected);
  const std::string_view text = node.text;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const auto byte = hexadecimal(text.substr(at, 2));
    const bool is_apart = at + 2 >= text.size() || text[at + 2] == ' ';
    if (!byte || at + 2 > text.size() || !is_apart || frame.dlc == frame.data.size())
      refuse(node, kExpected);
    frame.data[frame.dlc++] = static_cast<std::uint8_t>(*byte);
  }
}

HeartbeatFrame read_frame(const YamlNode& node) {
  const Section section(node, {"id", "data", "needs_battery"});
  HeartbeatFrame item;
  item.frame.id = to_frame_id(section.at("id"));
  item.needs_battery = section.yes("needs_battery");
  const YamlNode& data = section.at("data");
  if (data.text == "measured") {
    item.content = HeartbeatContent::measured;
  } else if (data.text == "status") {
    item.content = HeartbeatContent::status;
  } else if (data.text == "clock") {
    item.content = HeartbeatContent::clock;
  } else {
    read_bytes(data, item.frame);
  }
  return item;
}

HeartbeatGap read_gap(const YamlNode& node) {
  const Section section(node, {"every", "lasts"});
  const HeartbeatGap gap{section.period("every"), section.period("lasts")};
  if (gap.every_ns <= gap.lasts_ns) section.refuse_not_above("every", "lasts");
  return gap;
}

}  // namespace

std::uint32_t to_frame_id(const YamlNode& node) {
  constexpr std::string_view kPrefix = "0x";
  constexpr std::string_view kExpected = "an identifier from 0x0 to 0x7FF";
  if (node.kind != YamlNode::Kind::scalar || !node.text.starts_with(kPrefix))
    refuse(node, kExpected);
  const auto id = hexadecimal(std::string_view(node.text).substr(kPrefix.size()));
  if (!id || *id > kHighestId) refuse(node, kExpected);
  return *id;
}

Heartbeat read_heartbeat(const YamlNode& node) {
  const Section section(node, {"extended", "stops_after", "period", "rapid_period", "jitter",
                               "after_frame", "gaps", "frames"});
  Heartbeat heartbeat;
  heartbeat.is_extended = section.yes("extended");
  heartbeat.stops_after_ns = section.time("stops_after", 0);
  if (section.has("period")) heartbeat.period_ns = section.period("period");
  if (section.has("rapid_period")) heartbeat.rapid_period_ns = section.period("rapid_period");
  heartbeat.jitter_ns = section.time("jitter", 0);
  if (heartbeat.jitter_ns > 0 && heartbeat.period_ns <= 2 * heartbeat.jitter_ns)
    refuse(section.at("jitter"), "a period more than twice as long beside it");
  if (section.has("after_frame")) heartbeat.after_frame = to_frame_id(section.at("after_frame"));
  if (section.has("gaps")) {
    for (const YamlNode& gap : to_list(section.at("gaps"), 1))
      heartbeat.gaps.push_back(read_gap(gap));
  }
  if (section.has("frames")) {
    for (const YamlNode& frame : to_list(section.at("frames"), 1))
      heartbeat.frames.push_back(read_frame(frame));
  }
  return heartbeat;
}

}  // namespace doppelpack::sim
