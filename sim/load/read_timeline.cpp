// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <array>

#include "load/quoted.hpp"
#include "load/scenario_parts.hpp"
#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::array<std::string_view, 3> kStarts{"at", "when", "every"};
constexpr std::array<std::string_view, 5> kActions{"set", "inject", "clear", "press", "note"};

// `set: {control: value}`; the controls are checked against the product later.
void read_set(const YamlNode& node, std::vector<Action>& actions) {
  if (node.kind != YamlNode::Kind::map || node.keys.empty()) refuse(node, "a map of controls");
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Located value = to_located(node.items[i]);
    actions.emplace_back(SetAction{{node.keys[i], value.where}, value});
  }
}

InjectAction read_inject(const YamlNode& node) {
  const Section section(node, {"fault", "pack", "target", "severity", "id", "for", "ramp"});
  InjectAction inject;
  inject.fault = to_located(section.at("fault"));
  if (const YamlNode* pack = section.find("pack")) inject.pack = to_located(*pack);
  if (const YamlNode* target = section.find("target")) inject.target = to_located(*target);
  if (const YamlNode* severity = section.find("severity")) inject.severity = to_located(*severity);
  inject.id = section.has("id") ? section.text("id") : inject.fault.text;
  if (section.has("for")) inject.duration_ns = section.period("for");
  if (section.has("ramp")) {
    const Section ramp = section.section("ramp", {"to", "over"});
    inject.ramp_to = to_located(ramp.at("to"));
    inject.ramp_ns = ramp.period("over");
  }
  return inject;
}

PressAction read_press(const YamlNode& node) {
  const Section section(node, {"button", "pack", "for"});
  PressAction press;
  press.button = to_located(section.at("button"));
  if (const YamlNode* pack = section.find("pack")) press.pack = to_located(*pack);
  if (section.has("for")) press.duration_ns = section.period("for");
  return press;
}

std::vector<Action> read_actions(const Section& entry) {
  std::vector<Action> actions;
  if (const YamlNode* node = entry.find("set")) read_set(*node, actions);
  if (const YamlNode* node = entry.find("inject")) actions.emplace_back(read_inject(*node));
  if (const YamlNode* node = entry.find("clear"))
    actions.emplace_back(ClearAction{to_located(*node)});
  if (const YamlNode* node = entry.find("press")) actions.emplace_back(read_press(*node));
  if (const YamlNode* node = entry.find("note")) actions.emplace_back(NoteAction{to_text(*node)});
  if (actions.empty())
    throw DataError(entry.node().where, "found nothing to do, expected " + alternatives(kActions));
  return actions;
}

// A key that only makes sense beside another one.
void check_companion(const Section& entry, std::string_view key, std::string_view companion) {
  if (entry.has(key) && !entry.has(companion))
    throw DataError(entry.at(key).where, "found '" + std::string(key) +
                                             "', expected it only beside '" +
                                             std::string(companion) + "'");
}

void read_start(const Section& section, TimelineEntry& entry) {
  int starts = 0;
  for (const std::string_view key : kStarts) starts += section.has(key) ? 1 : 0;
  if (starts != 1)
    throw DataError(entry.where, "found " + std::to_string(starts) +
                                     " of the keys that start an entry, expected one of " +
                                     alternatives(kStarts));
  check_companion(section, "for", "when");
  check_companion(section, "from", "every");
  if (section.has("at")) entry.at_ns = section.time("at");
  if (const YamlNode* when = section.find("when")) entry.when = to_located(*when);
  if (section.has("every")) entry.every_ns = section.period("every");
  entry.hold_ns = section.time("for", 0);
  entry.from_ns = section.time("from", 0);
}

TimelineEntry read_entry(const YamlNode& node) {
  const Section section(node, {"id", "at", "when", "for", "every", "from", "set", "inject", "clear",
                               "press", "note"});
  TimelineEntry entry;
  entry.where = node.where;
  if (section.has("id")) entry.id = section.text("id");
  read_start(section, entry);
  entry.actions = read_actions(section);
  return entry;
}

Profile read_profile(const Located& control, const YamlNode& node) {
  const Section section(node, {"points", "shape", "repeat"});
  constexpr std::string_view kShapes[]{"linear", "steps"};
  Profile profile;
  profile.control = control;
  if (const YamlNode* shape = section.find("shape"))
    profile.is_stepped = to_choice(*shape, kShapes) == 1;
  if (section.has("repeat")) profile.repeat_ns = section.period("repeat");
  for (const YamlNode& point : to_list(section.at("points"), 1)) {
    if (point.kind != YamlNode::Kind::list || point.items.size() != 2)
      refuse(point, "a pair [time, value]");
    const Time t_ns = to_time(point.items[0]);
    if (!profile.points.empty() && t_ns <= profile.points.back().first)
      refuse(point.items[0], "a time after that of the point before");
    if (profile.repeat_ns > 0 && t_ns > profile.repeat_ns)
      refuse(point.items[0], "at most the time to repeat after, " + section.text("repeat"));
    profile.points.emplace_back(t_ns, to_located(point.items[1]));
  }
  return profile;
}

}  // namespace

std::vector<TimelineEntry> read_timeline(const YamlNode& node) {
  std::vector<TimelineEntry> timeline;
  for (const YamlNode& entry : to_list(node)) timeline.push_back(read_entry(entry));
  return timeline;
}

std::vector<Profile> read_profiles(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::map) refuse(node, "a map of controls");
  std::vector<Profile> profiles;
  for (std::size_t i = 0; i < node.keys.size(); ++i)
    profiles.push_back(read_profile({node.keys[i], node.items[i].where}, node.items[i]));
  return profiles;
}

}  // namespace doppelpack::sim
