// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "load/quoted.hpp"
#include "load/scenario_parts.hpp"
#include "sim/expectations.hpp"
#include "sim/resolve.hpp"

namespace doppelpack::sim {

namespace {

struct NamedPlace {
  std::string_view id;
  const SourceLocation* where;
};

void check_unique(const std::vector<NamedPlace>& places, std::string_view noun) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (places[i].id != places[j].id) continue;
      throw DataError(*places[i].where,
                      "found the id " + quote(places[i].id) + " a second time (first on line " +
                          std::to_string(places[j].where->line) + "), expected each " +
                          std::string(noun) + " to have its own");
    }
  }
}

std::vector<NamedPlace> entry_ids(const Scenario& scenario) {
  std::vector<NamedPlace> places;
  for (const TimelineEntry& entry : scenario.timeline)
    if (!entry.id.empty()) places.push_back({entry.id, &entry.where});
  return places;
}

std::vector<NamedPlace> fault_ids(const Scenario& scenario) {
  std::vector<NamedPlace> places;
  for (const TimelineEntry& entry : scenario.timeline)
    for (const Action& action : entry.actions)
      if (const auto* inject = std::get_if<InjectAction>(&action))
        places.push_back({inject->id, &inject->fault.where});
  return places;
}

struct ActionCheck {
  const Scenario& scenario;
  const SignalCatalogue& catalogue;
  const std::vector<std::string_view>& fault_ids;

  void operator()(const SetAction& action) const {
    resolve_value(action.value, catalogue.all()[resolve_control(action.control, catalogue)]);
  }
  void operator()(const InjectAction& action) const { resolve_fault(action, scenario); }
  void operator()(const ClearAction& action) const {
    const std::string& id = action.id.text;
    if (std::find(fault_ids.begin(), fault_ids.end(), id) != fault_ids.end()) return;
    throw DataError(action.id.where, "found " + quote(id) + hint(id, fault_ids) +
                                         ", expected the id of a fault that the timeline injects");
  }
  void operator()(const PressAction& action) const {
    resolve_button(action.button);
    resolve_pack(action.pack, scenario);
  }
  void operator()(const NoteAction& /*action*/) const {}
};

void check_timeline(const Scenario& scenario, const SignalCatalogue& catalogue) {
  const std::vector<NamedPlace> faults = fault_ids(scenario);
  std::vector<std::string_view> ids;
  ids.reserve(faults.size());
  for (const NamedPlace& fault : faults) ids.push_back(fault.id);
  const ActionCheck check{scenario, catalogue, ids};
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.when) resolve_condition(*entry.when, catalogue);
    for (const Action& action : entry.actions) std::visit(check, action);
  }
  check_unique(faults, "fault");
  check_unique(entry_ids(scenario), "entry");
}

void check_profiles(const Scenario& scenario, const SignalCatalogue& catalogue) {
  for (const Profile& profile : scenario.profiles) {
    const Signal& control = catalogue.all()[resolve_control(profile.control, catalogue)];
    for (const auto& [t_ns, value] : profile.points) resolve_value(value, control);
    if (!control.words.empty() && !profile.is_stepped)
      throw DataError(profile.control.where,
                      "found a linear profile of words, expected 'shape: steps'");
  }
}

void check_record(const Scenario& scenario, const SignalCatalogue& catalogue) {
  for (const Located& signal : scenario.record.signals) {
    if (!catalogue.match(signal.text).empty()) continue;
    std::vector<std::string_view> names;
    for (const Signal& known : catalogue.all()) names.push_back(known.name);
    throw DataError(signal.where, "found " + quote(signal.text) + hint(signal.text, names) +
                                      ", expected a signal, or a pattern that fits at least one");
  }
}

}  // namespace

void check_texts(const Scenario& scenario) {
  const SignalCatalogue catalogue(products_of(scenario));
  check_profiles(scenario, catalogue);
  check_timeline(scenario, catalogue);
  const ExpectationWatch watch(scenario, catalogue);  // compiles every expectation
  check_record(scenario, catalogue);
}

}  // namespace doppelpack::sim
