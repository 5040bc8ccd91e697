// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "load/glob.hpp"
#include "sim/campaign.hpp"
#include "sim/oracles/fault_scope.hpp"
#include "sim/resolve.hpp"

namespace doppelpack::sim {

namespace {

bool is_listed(const std::vector<std::string>& globs, std::string_view name) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return matches_glob(glob, name);
         });
}

bool has_nature(const CampaignTiming& timing, const Fault& fault) {
  return timing.natures.empty() ||
         std::any_of(timing.natures.begin(), timing.natures.end(), [&](const std::string& nature) {
           return fault.nature.find(nature) != std::string_view::npos;
         });
}

// One severity of a fault in a plan: how it is written in an id, and what it is.
struct Strength {
  std::string mark;
  double severity = 0.0;
  std::optional<double> ramp_from;
};

double severity_of(const Fault& fault, const Located& text, const CampaignStart& start) {
  InjectAction action;
  action.fault = {std::string(fault.key), text.where};
  if (fault.target != FaultTarget::pack) action.target = Located{"1", text.where};
  action.severity = text;
  return resolve_fault(action, start.scenario).severity;
}

std::vector<Strength> strengths_of(const Fault& fault, const CampaignTiming& timing,
                                   const CampaignPlan& plan, const CampaignStart& start) {
  if (timing.ramp_ns > 0) {
    const auto ramp = plan.ramps.find(std::string(fault.key));
    if (ramp == plan.ramps.end()) return {};
    return {{"", severity_of(fault, ramp->second.to, start),
             severity_of(fault, ramp->second.from, start)}};
  }
  const auto listed = plan.severities.find(std::string(fault.key));
  if (listed == plan.severities.end()) return {{"", fault.severity_default, {}}};
  std::vector<Strength> strengths;
  for (const Located& text : listed->second) {
    std::string mark = "=" + text.text;
    std::erase(mark, ' ');
    strengths.push_back({mark, severity_of(fault, text, start), {}});
  }
  return strengths;
}

// Faults of single cells, sensors and wires of a bank are those of its first and last pack.
std::vector<int> packs_with(const Fault& fault, const CampaignProduct& product) {
  if (product.packs == 1 || is_of_bus(fault, product.product)) return {1};
  return {1, product.packs};
}

std::string place_of(const CampaignProduct& product, int pack, int target) {
  std::string place;
  if (product.packs > 1) place = fmt::format("@pack{}", pack);
  if (target > 0) place += fmt::format("{}{}", place.empty() ? "@" : ".", target);
  return place;
}

// What the cases of a start and a timing have in common.
struct CaseFamily {
  const CampaignPlan& plan;
  std::size_t start;
  std::size_t timing;

  const CampaignStart& of_start() const { return plan.starts[start]; }
  const CampaignTiming& how() const { return plan.timings[timing]; }
  const CampaignProduct& product() const { return plan.products[of_start().product]; }

  std::string id(std::string_view fault) const {
    return fmt::format("{}/{}/{}/{}", product().name, plan.states[of_start().state].name, fault,
                       how().name);
  }
};

void add_cases(const CaseFamily& family, const Fault& fault, std::vector<CampaignCase>& cases) {
  const CampaignProduct& product = family.product();
  if (!is_listed(family.how().faults, fault.key) || !has_nature(family.how(), fault)) return;
  if (!is_applicable(fault, product.product, product.packs)) return;
  const bool is_everywhere = family.how().is_everywhere && product.packs == 1;
  for (const Strength& strength : strengths_of(fault, family.how(), family.plan, family.of_start()))
    for (const int pack : packs_with(fault, product))
      for (const int target : targets_in(fault, product.product, is_everywhere)) {
        const std::string name =
            std::string(fault.key) + strength.mark + place_of(product, pack, target);
        cases.push_back({family.start, family.timing, &fault, pack, target, strength.severity,
                         strength.ramp_from, family.id(name)});
      }
}

// A pack in which nothing is broken needs nothing that lets a fault come and go.
void add_whole(const CaseFamily& family, std::vector<CampaignCase>& cases) {
  const CampaignTiming& timing = family.how();
  const bool is_of_fault = timing.every_ns > 0 || timing.ramp_ns > 0 || !timing.natures.empty();
  if (is_of_fault || !is_listed(timing.faults, kNoFault)) return;
  CampaignCase none;
  none.start = family.start;
  none.timing = family.timing;
  none.id = family.id(kNoFault);
  cases.push_back(std::move(none));
}

// The words of set and press fit the product.
void check_follow_ups(const CampaignTiming& timing, const CampaignStart& start) {
  const SignalCatalogue catalogue(products_of(start.scenario));
  for (const FollowUp& follow_up : timing.then)
    for (const Action& action : follow_up.actions) {
      if (const auto* set = std::get_if<SetAction>(&action))
        resolve_value(set->value, catalogue.all()[resolve_control(set->control, catalogue)]);
      if (const auto* press = std::get_if<PressAction>(&action)) {
        resolve_button(press->button);
        resolve_pack(press->pack, start.scenario);
      }
    }
}

void check_unique(const std::vector<CampaignCase>& cases, const CampaignPlan& plan) {
  std::set<std::string_view> ids;
  for (const CampaignCase& one : cases)
    if (!ids.insert(one.id).second)
      throw DataError({plan.file, 0, "severities"},
                      fmt::format("found the case '{}' a second time, expected each once", one.id));
}

}  // namespace

std::vector<CampaignCase> generate_cases(const CampaignPlan& plan) {
  std::vector<CampaignCase> cases;
  for (std::size_t start = 0; start < plan.starts.size(); ++start) {
    for (const bool is_whole : {true, false}) {
      for (std::size_t timing = 0; timing < plan.timings.size(); ++timing) {
        const CaseFamily family{plan, start, timing};
        if (!is_listed(family.how().products, family.product().name) ||
            !is_listed(family.how().states, plan.states[family.of_start().state].name))
          continue;
        if (is_whole) {
          check_follow_ups(family.how(), family.of_start());
          add_whole(family, cases);
          continue;
        }
        for (const Fault* fault : faults()) add_cases(family, *fault, cases);
      }
    }
  }
  check_unique(cases, plan);
  return cases;
}

std::vector<CampaignCase> choose_cases(std::vector<CampaignCase> cases,
                                       std::span<const std::string> globs) {
  if (globs.empty()) return cases;
  std::erase_if(cases, [&](const CampaignCase& one) {
    return std::none_of(globs.begin(), globs.end(),
                        [&](const std::string& glob) { return matches_glob(glob, one.id); });
  });
  return cases;
}

}  // namespace doppelpack::sim
