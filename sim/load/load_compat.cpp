// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <array>
#include <set>

#include "load/bms_parts.hpp"
#include "load/bms_words.hpp"
#include "load/data_folder.hpp"
#include "load/section.hpp"
#include "sim/compat.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kCompatShare{Dimension::none, 0.0, 1.0};

std::uint32_t compat_bits(const YamlNode& node, std::span<const std::string_view> words) {
  return static_cast<std::uint32_t>(to_bits(node, words));
}

// ---- a change, key by key ----

void read_limit_changes(const Section& set, BatteryChange& change) {
  const auto number = [&](std::string_view key, const Kind& kind, std::optional<double>& into) {
    if (set.has(key)) into = set.number(key, kind);
  };
  number("cvl", {Dimension::voltage, 0.0, 1000.0}, change.cvl_V);
  number("cvl_below_present", {Dimension::voltage, 0.0, 10.0}, change.cvl_drop_V);
  number("ccl", {Dimension::current, 0.0, 2000.0}, change.ccl_A);
  number("ccl_share", kCompatShare, change.ccl_share);
  number("dcl_share", kCompatShare, change.dcl_share);
  number("soc", kCompatShare, change.soc);
  number("soh", kCompatShare, change.soh);
  number("temperature", {Dimension::temperature, -40.0, 125.0}, change.T_degC);
  number("period_factor", {Dimension::none, 0.05, 60.0}, change.period_factor);
}

void read_switch_changes(const Section& set, BatteryChange& change) {
  const auto yes_or_no = [&](std::string_view key, std::optional<bool>& into) {
    if (set.has(key)) into = to_yes_or_no(set.at(key));
  };
  yes_or_no("charge_allowed", change.is_charge_allowed);
  yes_or_no("discharge_allowed", change.is_discharge_allowed);
  yes_or_no("silent", change.is_silent);
  yes_or_no("limits_frame_missing", change.is_limits_frame_missing);
  yes_or_no("reversed", change.is_reversed);
  yes_or_no("strangers", change.has_strangers);
  change.is_reset = set.yes("normal");
  change.are_ntcs_broken = set.yes("thermistors_broken");
}

BatteryChange read_battery_change(const YamlNode& node) {
  constexpr std::array<std::string_view, 3> kRequests{"force-charge", "force-charge2",
                                                      "full-charge"};
  constexpr std::array<std::string_view, 3> kLengths{"as-it-is", "padded", "half"};
  const Section set(node,
                    {"normal",        "cvl",         "cvl_below_present",    "ccl",
                     "ccl_share",     "dcl_share",   "charge_allowed",       "discharge_allowed",
                     "requests",      "warnings",    "protections",          "soc",
                     "soh",           "temperature", "thermistors_broken",   "manufacturer",
                     "period_factor", "silent",      "limits_frame_missing", "reversed",
                     "length",        "strangers"});
  BatteryChange change;
  read_limit_changes(set, change);
  read_switch_changes(set, change);
  if (const YamlNode* bits = set.find("warnings"))
    change.warnings = compat_bits(*bits, rule_words());
  if (const YamlNode* bits = set.find("protections"))
    change.protections = compat_bits(*bits, rule_words());
  if (const YamlNode* bits = set.find("requests")) change.requests = compat_bits(*bits, kRequests);
  if (set.has("manufacturer")) change.manufacturer = set.text("manufacturer");
  if (const YamlNode* length = set.find("length"))
    change.length = static_cast<BusManners::Length>(to_choice(*length, kLengths));
  return change;
}

// ---- items ----

CompatStep read_compat_step(const YamlNode& node) {
  std::vector<std::string_view> names;
  for (int i = 0; i < static_cast<int>(ExpectedReaction::count); ++i)
    names.push_back(name_of(static_cast<ExpectedReaction>(i)));
  constexpr std::array<std::string_view, 3> kActs{"open-contacts", "close-contacts", "short-bus"};
  const Section section(node, {"do", "set", "within", "lasts", "expect"});
  CompatStep step;
  if (const YamlNode* act = section.find("do"))
    step.act = static_cast<BenchAct>(to_choice(*act, kActs));
  if (const YamlNode* set = section.find("set")) step.change = read_battery_change(*set);
  step.limit_ns = section.time("within", step.limit_ns);
  step.hold_ns = section.time("lasts", step.hold_ns);
  if (const YamlNode* expected = section.find("expect")) {
    for (const YamlNode& name : to_list(*expected))
      step.expected.push_back(static_cast<ExpectedReaction>(to_choice(name, names)));
  }
  return step;
}

CompatItem read_compat_item(const YamlNode& node) {
  constexpr std::array<std::string_view, 3> kWishes{"nothing", "charge", "discharge"};
  const Section section(node, {"id", "number", "title", "wish", "soc", "at_rest", "steps"});
  CompatItem item;
  item.id = section.text("id");
  item.number = static_cast<int>(to_whole(section.at("number"), 1, 999));
  item.title = section.text("title");
  if (section.has("wish"))
    item.wish = static_cast<SiteWish>(to_choice(section.at("wish"), kWishes));
  item.soc = section.number("soc", kCompatShare, item.soc);
  item.is_at_rest = section.yes("at_rest");
  for (const YamlNode& step : to_list(section.at("steps"), 1))
    item.steps.push_back(read_compat_step(step));
  return item;
}

}  // namespace

CompatScript load_compat_script(std::string_view key_or_file,
                                const std::filesystem::path& data_folder) {
  const YamlNode root = read_yaml(locate(key_or_file, kCompatScripts, "", data_folder, {}));
  const Section file(root, {"compat", "title", "sources", "items"});
  CompatScript script;
  script.key = read_key(file, "compat");
  script.title = file.text("title");
  for (const YamlNode& source : to_list(file.at("sources"), 1)) to_text(source);
  std::set<std::string> ids;
  for (const YamlNode& node : to_list(file.at("items"), 1)) {
    script.items.push_back(read_compat_item(node));
    if (!ids.insert(script.items.back().id).second)
      refuse(*node.find("id"), "an id that no other item has");
  }
  return script;
}

}  // namespace doppelpack::sim
