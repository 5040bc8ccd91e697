// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <array>
#include <string_view>

#include "load/data_folder.hpp"
#include "load/quoted.hpp"
#include "load/section.hpp"
#include "sim/load.hpp"
#include "sim/power_stage_profile.hpp"

namespace doppelpack::sim {

namespace {

constexpr Time kShortestPeriod = 10 * kMillisecond;
constexpr Time kLongestPeriod = kSecond;
constexpr Time kLongestWatchdog = 60 * kSecond;
constexpr std::string_view kLimits = "VAW";

// The letters in braces of a line, in their order.
std::string places_of(const YamlNode& node) {
  const std::string& line = to_text(node);
  std::string places;
  for (std::size_t at = line.find('{'); at != std::string::npos; at = line.find('{', at + 1)) {
    const bool is_whole = at + 2 < line.size() && line[at + 2] == '}';
    if (!is_whole) refuse(node, "a letter in braces, such as {V}");
    places += line[at + 1];
  }
  return places;
}

bool is_question(std::string_view line) {
  return line.find('?') != std::string_view::npos;
}

/// A command with exactly one place for a number, of that letter.
std::string read_setting(const Section& commands, std::string_view key, char letter) {
  const YamlNode& node = commands.at(key);
  if (places_of(node) != std::string(1, letter))
    refuse(node, std::string("a command with {") + letter + "} in it, once");
  return to_text(node);
}

std::string read_plain(const Section& commands, std::string_view key) {
  const YamlNode& node = commands.at(key);
  if (!places_of(node).empty()) refuse(node, "a command without a number to be filled in");
  return to_text(node);
}

std::string read_question(const Section& commands, std::string_view key) {
  const std::string line = read_plain(commands, key);
  if (!is_question(line)) refuse(commands.at(key), "a question, with '?' in it");
  return line;
}

ScpiLine read_line(const YamlNode& node, std::string_view letters) {
  ScpiLine line;
  const YamlNode* text = &node;
  if (node.kind == YamlNode::Kind::map) {
    const Section question(node, {"ask", "expect"});
    text = &question.at("ask");
    line.expected = question.text("expect");
    if (!is_question(to_text(*text))) refuse(*text, "a question, with '?' in it");
  } else if (is_question(to_text(node))) {
    refuse(node, "a command, or {ask: QUESTION, expect: WORD}");
  }
  line.text = to_text(*text);
  for (const char letter : places_of(*text))
    if (letters.find(letter) == std::string_view::npos)
      refuse(*text, letters.empty() ? "a command without a number to be filled in"
                                    : "only the letters " + std::string(letters) + " in braces");
  return line;
}

std::vector<ScpiLine> read_lines(const YamlNode& list, std::string_view letters) {
  std::vector<ScpiLine> lines;
  for (const YamlNode& item : to_list(list, 1)) lines.push_back(read_line(item, letters));
  return lines;
}

void read_commands(const Section& commands, PowerStageProfile& profile) {
  profile.prepare = read_lines(commands.at("prepare"), kLimits);
  profile.leave = read_lines(commands.at("leave"), "");
  profile.set_voltage = read_setting(commands, "set_voltage", 'V');
  profile.set_charge_limit = read_setting(commands, "set_charge_limit", 'A');
  profile.set_discharge_limit = read_setting(commands, "set_discharge_limit", 'A');
  profile.output_on = read_plain(commands, "output_on");
  profile.output_off = read_plain(commands, "output_off");
  profile.ask_output = read_question(commands, "ask_output");
  profile.ask_voltage = read_question(commands, "ask_voltage");
  profile.ask_current = read_question(commands, "ask_current");
  profile.ask_error = read_question(commands, "ask_error");
  if (!commands.has("ask_ratings")) return;
  const Section ratings = commands.section("ask_ratings", {"voltage", "current", "power"});
  profile.ask_rated_voltage = read_question(ratings, "voltage");
  profile.ask_rated_current = read_question(ratings, "current");
  profile.ask_rated_power = read_question(ratings, "power");
}

// Devices count it in whole seconds.
DeviceWatchdog read_watchdog(const Section& section) {
  DeviceWatchdog watchdog;
  watchdog.timeout_ns = section.time("timeout");
  if (watchdog.timeout_ns < kSecond || watchdog.timeout_ns > kLongestWatchdog ||
      watchdog.timeout_ns % kSecond != 0)
    refuse(section.at("timeout"), "whole seconds, 1 to 60");
  watchdog.start = read_lines(section.at("start"), "s");
  watchdog.stop = read_lines(section.at("stop"), "");
  return watchdog;
}

void read_ratings(const Section& ratings, PowerStageProfile& profile) {
  profile.rated_V = ratings.number("voltage", {Dimension::voltage, 1.0, 5000.0});
  profile.rated_A = ratings.number("current", {Dimension::current, 1.0, 5000.0});
  profile.rated_W = ratings.number("power", {Dimension::power, 1.0, 5e6});
}

PowerStageProfile read_power_stage(const YamlNode& root) {
  constexpr std::array<std::string_view, 10> kKeys{
      "power_stage", "title",  "sources", "identity", "positive_current",
      "ratings",     "period", "settle",  "commands", "watchdog"};
  constexpr std::array<std::string_view, 12> kCommands{
      "prepare",   "leave",      "set_voltage", "set_charge_limit", "set_discharge_limit",
      "output_on", "output_off", "ask_output",  "ask_voltage",      "ask_current",
      "ask_error", "ask_ratings"};
  const Section file(root, kKeys);
  PowerStageProfile profile;
  profile.key = read_key(file, "power_stage");
  profile.title = file.text("title");
  profile.file = root.where.file;
  for (const YamlNode& source : to_list(file.at("sources"), 1)) to_text(source);
  for (const YamlNode& word : to_list(file.at("identity"), 1))
    profile.identity.push_back(to_text(word));
  constexpr std::array<std::string_view, 2> kWays{"out", "in"};
  profile.is_positive_out = to_choice(file.at("positive_current"), kWays) == 0;
  read_ratings(file.section("ratings", {"voltage", "current", "power"}), profile);
  profile.period_ns = file.time("period");
  if (profile.period_ns < kShortestPeriod || profile.period_ns > kLongestPeriod)
    refuse(file.at("period"), "10 ms to 1 s");
  profile.settle_ns = file.time("settle");
  if (profile.settle_ns > kLongestPeriod) refuse(file.at("settle"), "at most 1 s");
  read_commands(file.section("commands", kCommands), profile);
  if (file.has("watchdog"))
    profile.watchdog = read_watchdog(file.section("watchdog", {"timeout", "start", "stop"}));
  return profile;
}

}  // namespace

PowerStageProfile load_power_stage(std::string_view key_or_file,
                                   const std::filesystem::path& data_folder) {
  return read_power_stage(read_yaml(locate(key_or_file, kPowerStages, "", data_folder, {})));
}

}  // namespace doppelpack::sim
