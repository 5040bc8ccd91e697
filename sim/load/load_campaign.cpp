// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "load/data_folder.hpp"
#include "load/glob.hpp"
#include "load/quoted.hpp"
#include "load/scenario_parts.hpp"
#include "load/section.hpp"
#include "sim/campaign.hpp"
#include "sim/load.hpp"
#include "sim/resolve.hpp"

namespace doppelpack::sim {

namespace {

namespace fs = std::filesystem;

constexpr Time kLongestCase = 24 * 3600 * kSecond;

// Part of an id, so it must be one word that no glob can mean otherwise.
std::string read_name(const YamlNode& node) {
  const std::string& name = to_text(node);
  const bool is_word = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (!is_word || name.empty()) refuse(node, "a name of a-z, 0-9, - and .");
  return name;
}

template <class Named>
std::vector<std::string_view> names_of(const std::vector<Named>& all) {
  std::vector<std::string_view> names;
  for (const Named& one : all) names.push_back(one.name);
  return names;
}

template <class Named>
void check_new_name(const YamlNode& node, const std::vector<Named>& others, std::string_view name) {
  const auto names = names_of(others);
  if (std::find(names.begin(), names.end(), name) != names.end())
    refuse(node, "a name that no other one has");
}

std::vector<std::string> read_texts(const Section& section, std::string_view key) {
  std::vector<std::string> texts;
  if (const YamlNode* list = section.find(key))
    for (const YamlNode& item : to_list(*list, 1)) texts.push_back(to_text(item));
  return texts;
}

// A pattern that fits nothing is a slip.
std::vector<std::string> read_globs(const Section& section, std::string_view key,
                                    std::string_view noun,
                                    const std::vector<std::string_view>& names) {
  std::vector<std::string> globs;
  const YamlNode* list = section.find(key);
  if (list == nullptr) return globs;
  for (const YamlNode& item : to_list(*list, 1)) {
    const std::string& glob = to_text(item);
    const auto fits = [&](std::string_view name) { return matches_glob(glob, name); };
    if (std::none_of(names.begin(), names.end(), fits))
      throw DataError(item.where,
                      fmt::format("found {}{}, expected a {}, or a pattern that fits at "
                                  "least one",
                                  quote(glob), hint(glob, names), noun));
    globs.push_back(glob);
  }
  return globs;
}

bool is_among(const std::vector<std::string>& globs, std::string_view name) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return matches_glob(glob, name);
         });
}

std::vector<std::string_view> fault_names() {
  std::vector<std::string_view> names{kNoFault};
  for (const Fault* fault : faults()) names.push_back(fault->key);
  return names;
}

CampaignProduct read_campaign_product(const YamlNode& node, const fs::path& data_folder) {
  const Section section(node, {"product", "name", "inverter", "packs", "stacked"});
  CampaignProduct product;
  const fs::path file = locate(section.at("product"), kProducts, data_folder);
  product.product = load_product(fs::absolute(file).string(), data_folder);
  product.name = section.has("name") ? read_name(section.at("name")) : product.product.key;
  product.inverter = read_inverter(section, data_folder);
  if (const YamlNode* packs = section.find("packs"))
    product.packs = static_cast<int>(to_whole(*packs, 1, BMS_MAX_PACKS));
  if (const YamlNode* stacked = section.find("stacked")) {
    product.stacked = static_cast<int>(to_whole(*stacked, 1, BMS_MAX_PACKS));
    if (product.packs % product.stacked != 0) refuse(*stacked, "a divisor of packs");
  }
  check_link(section, product.inverter, product.product);
  return product;
}

// The scenario that leads there: nothing is expected of it and next to nothing recorded.
Scenario read_way(const Section& section, const CampaignProduct& of, const std::string& file) {
  Scenario scenario;
  scenario.key = of.name + "/" + section.text("name");
  scenario.title = section.text("title");
  scenario.file = file;
  scenario.product = of.product;
  scenario.inverter = of.inverter;
  scenario.duration_ns = kLongestCase;
  if (const YamlNode* node = section.find("initial")) {
    if (const YamlNode* dip = node->find("dip")) refuse(*dip, "none: packs count from 0");
    scenario.initial = read_initial(*node, of.product.pack);
  }
  add_like_packs(scenario, of.packs, of.stacked);
  if (const YamlNode* node = section.find("profiles")) scenario.profiles = read_profiles(*node);
  if (const YamlNode* node = section.find("timeline")) scenario.timeline = read_timeline(*node);
  scenario.record = {kLongestCase, {{"bms1/state", {}}}};
  check_texts(scenario);
  return scenario;
}

void read_arrival(const Section& section, CampaignStart& start) {
  if (const YamlNode* when = section.find("when")) {
    start.when = to_located(*when);
    start.within_ns = section.period("within");
    const SignalCatalogue catalogue(products_of(start.scenario));
    resolve_condition(*start.when, catalogue);
  } else if (section.has("within")) {
    refuse(section.at("within"), "it only beside 'when'");
  }
  start.after_ns = section.time("after", 0);
  if (!start.when && start.after_ns == 0)
    throw DataError(section.node().where,
                    "found neither 'when' nor 'after', expected when the state is reached");
}

void read_campaign_state(const YamlNode& node, CampaignPlan& plan) {
  const Section section(node, {"name", "title", "products", "initial", "profiles", "timeline",
                               "when", "within", "after"});
  const CampaignState state{read_name(section.at("name")), section.text("title")};
  check_new_name(section.at("name"), plan.states, state.name);
  const auto products =
      read_globs(section, "products", "product of the campaign", names_of(plan.products));
  for (std::size_t i = 0; i < plan.products.size(); ++i) {
    if (!is_among(products, plan.products[i].name)) continue;
    CampaignStart start;
    start.product = i;
    start.state = plan.states.size();
    start.scenario = read_way(section, plan.products[i], plan.file);
    read_arrival(section, start);
    plan.starts.push_back(std::move(start));
  }
  plan.states.push_back(state);
}

std::vector<FollowUp> read_follow_ups(const YamlNode& node) {
  std::vector<FollowUp> follow_ups;
  for (const TimelineEntry& entry : read_timeline(node)) {
    const auto is_allowed = [](const Action& action) {
      return std::holds_alternative<SetAction>(action) ||
             std::holds_alternative<PressAction>(action);
    };
    if (!entry.at_ns || !std::all_of(entry.actions.begin(), entry.actions.end(), is_allowed))
      throw DataError(entry.where,
                      "found another entry, expected 'at', from the fault on, with "
                      "'set' or 'press'");
    follow_ups.push_back({*entry.at_ns, entry.actions});
  }
  const auto is_earlier = [](const FollowUp& a, const FollowUp& b) {
    return a.after_ns < b.after_ns;
  };
  std::stable_sort(follow_ups.begin(), follow_ups.end(), is_earlier);
  return follow_ups;
}

void read_campaign_timing(const YamlNode& node, CampaignPlan& plan) {
  constexpr std::string_view kPlaces[]{"middle", "all"};
  const Section section(node, {"name", "title", "watch", "lasts", "every", "ramp", "places",
                               "faults", "natures", "products", "states", "then"});
  CampaignTiming timing;
  timing.where = node.where;
  timing.name = read_name(section.at("name"));
  check_new_name(section.at("name"), plan.timings, timing.name);
  timing.title = section.text("title");
  timing.watch_ns = section.has("watch") ? section.period("watch") : plan.watch_ns;
  if (section.has("lasts") || section.has("every")) {
    timing.lasts_ns = section.period("lasts");
    timing.every_ns = section.period("every");
    if (timing.every_ns <= timing.lasts_ns) section.refuse_not_above("every", "lasts");
  }
  if (section.has("ramp")) timing.ramp_ns = section.period("ramp");
  if (const YamlNode* places = section.find("places"))
    timing.is_everywhere = to_choice(*places, kPlaces) == 1;
  timing.faults = read_globs(section, "faults", "fault", fault_names());
  timing.natures = read_texts(section, "natures");
  timing.products =
      read_globs(section, "products", "product of the campaign", names_of(plan.products));
  timing.states = read_globs(section, "states", "state of the campaign", names_of(plan.states));
  if (const YamlNode* then = section.find("then")) timing.then = read_follow_ups(*then);
  plan.timings.push_back(std::move(timing));
}

// A map with faults for keys; each must have a severity.
template <class Read>
void read_by_fault(const Section& file, std::string_view key, const Read& read) {
  const YamlNode* map = file.find(key);
  if (map == nullptr) return;
  if (map->kind != YamlNode::Kind::map) refuse(*map, "a map of faults");
  for (std::size_t i = 0; i < map->keys.size(); ++i) {
    const Fault* fault = find_fault(map->keys[i]);
    if (fault == nullptr || !fault->has_severity)
      throw DataError(map->items[i].where,
                      fmt::format("found {}{}, expected a fault with a severity",
                                  quote(map->keys[i]), hint(map->keys[i], fault_names())));
    read(map->keys[i], map->items[i]);
  }
}

void read_severities(const Section& file, CampaignPlan& plan) {
  read_by_fault(file, "severities", [&](const std::string& fault, const YamlNode& list) {
    for (const YamlNode& item : to_list(list, 1))
      plan.severities[fault].push_back(to_located(item));
  });
  read_by_fault(file, "ramps", [&](const std::string& fault, const YamlNode& pair) {
    if (pair.kind != YamlNode::Kind::list || pair.items.size() != 2)
      refuse(pair, "a pair [from, to]");
    plan.ramps[fault] = {to_located(pair.items[0]), to_located(pair.items[1])};
  });
}

Explanation read_explanation(const YamlNode& node) {
  constexpr std::array<std::string_view, 3> kKinds{"product", "model", "open"};
  const Section section(node, {"cases", "oracles", "kind", "why"});
  Explanation explanation;
  explanation.where = node.where;
  section.at("cases");
  explanation.cases = read_texts(section, "cases");
  if (const YamlNode* oracles = section.find("oracles"))
    for (const YamlNode& oracle : to_list(*oracles, 1))
      explanation.oracles.emplace_back(oracle_words()[to_choice(oracle, oracle_words())]);
  explanation.kind = static_cast<Explanation::Kind>(to_choice(section.at("kind"), kKinds));
  explanation.why = section.text("why");
  return explanation;
}

// States are read one after the other; runs go by product.
void sort_starts(CampaignPlan& plan) {
  std::stable_sort(
      plan.starts.begin(), plan.starts.end(),
      [](const CampaignStart& a, const CampaignStart& b) { return a.product < b.product; });
}

}  // namespace

CampaignPlan load_campaign(std::string_view key_or_file, const fs::path& data_folder) {
  const YamlNode root = read_yaml(locate(key_or_file, kCampaigns, "", data_folder, {}));
  const Section file(root, {"campaign", "title", "sources", "watch", "products", "states",
                            "timings", "severities", "ramps", "explained"});
  CampaignPlan plan;
  plan.key = read_key(file, "campaign");
  plan.title = file.text("title");
  plan.file = root.where.file;
  plan.sources = read_texts(file, "sources");
  plan.watch_ns = file.period("watch");
  for (const YamlNode& node : to_list(file.at("products"), 1)) {
    CampaignProduct product = read_campaign_product(node, data_folder);
    check_new_name(node, plan.products, product.name);
    plan.products.push_back(std::move(product));
  }
  for (const YamlNode& node : to_list(file.at("states"), 1)) read_campaign_state(node, plan);
  sort_starts(plan);
  for (const YamlNode& node : to_list(file.at("timings"), 1)) read_campaign_timing(node, plan);
  read_severities(file, plan);
  if (const YamlNode* explained = file.find("explained"))
    for (const YamlNode& node : to_list(*explained))
      plan.explanations.push_back(read_explanation(node));
  generate_cases(plan);  // checks what depends on fault and product
  return plan;
}

}  // namespace doppelpack::sim
