// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/campaign.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "sim/load.hpp"
#include "sim/oracles/fault_scope.hpp"
#include "sim/oracles/mechanisms.hpp"
#include "sim/oracles/readings_oracle.hpp"
#include "sim/oracles/rule_bounds.hpp"

namespace doppelpack::sim {
namespace {

namespace fs = std::filesystem;

const fs::path kSmall = fs::path(DOPPELPACK_SOURCE_DIR) / "tests" / "campaign" / "small.yaml";

CampaignPlan small_plan() {
  return load_campaign(kSmall.string(), find_data_folder());
}

Product us5000() {
  return load_product("pylontech-us5000", find_data_folder());
}

std::vector<std::string> ids_of(const std::vector<CampaignCase>& cases) {
  std::vector<std::string> ids;
  for (const CampaignCase& one : cases) ids.push_back(one.id);
  return ids;
}

// ---- the generator ----

TEST(GeneratedCases, are_named_by_product_state_fault_place_and_timing) {
  const std::vector<std::string> expected{"generic-16s/charging/none/step",
                                          "generic-16s/charging/ntc-open@3/step",
                                          "generic-16s/charging/afe-silent/step",
                                          "generic-16s/charging/shunt-offset/step",
                                          "generic-16s/charging/shunt-open/step",
                                          "generic-16s/charging/sense-wire-open@1/slow",
                                          "generic-16s/charging/sense-wire-open@9/slow",
                                          "generic-16s/charging/sense-wire-open@17/slow",
                                          "generic-16s/charging/terminal-short/short-time",
                                          "pylontech-us5000/charging/none/step",
                                          "pylontech-us5000/charging/ntc-open@4/step",
                                          "pylontech-us5000/charging/afe-silent/step",
                                          "pylontech-us5000/charging/shunt-offset/step",
                                          "pylontech-us5000/charging/shunt-open/step",
                                          "pylontech-us5000/full/none/overcharged"};
  const std::vector<std::string> ids = ids_of(generate_cases(small_plan()));
  EXPECT_EQ(std::set(ids.begin(), ids.end()), std::set(expected.begin(), expected.end()));
  EXPECT_EQ(ids.size(), expected.size());
  EXPECT_EQ(ids.front(), expected.front()) << "a pack that is whole comes first";
}

TEST(GeneratedCases, of_the_shipped_plan_are_many_and_each_has_an_id_of_its_own) {
  const CampaignPlan plan = load_campaign("single-faults", find_data_folder());
  const std::vector<std::string> ids = ids_of(generate_cases(plan));
  EXPECT_GE(ids.size(), 2000U);
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), ids.size());
  EXPECT_EQ(ids, ids_of(generate_cases(plan))) << "the same plan gives the same cases";
}

TEST(GeneratedCases, of_the_shipped_plan_have_every_product_and_every_fault) {
  const CampaignPlan plan = load_campaign("single-faults", find_data_folder());
  std::set<std::string> products;
  for (const CampaignProduct& product : plan.products) products.insert(product.product.key);
  EXPECT_EQ(products.size(), list_products(find_data_folder()).size());
  std::set<const Fault*> seen;
  for (const CampaignCase& one : generate_cases(plan)) seen.insert(one.fault);
  for (const Fault* fault : faults()) EXPECT_TRUE(seen.contains(fault)) << fault->key;
}

TEST(GeneratedCases, can_be_chosen_by_patterns) {
  const std::vector<std::string> globs{"*/ntc-*", "*/none/step"};
  EXPECT_EQ(choose_cases(generate_cases(small_plan()), globs).size(), 4U);
}

// ---- what is known of a fault ----

TEST(FaultScope, knows_the_parts_that_a_product_has) {
  const Product generic = load_product("generic-16s", find_data_folder());
  const Product residential = load_product("residential-6k5", find_data_folder());
  const auto fits = [](const char* fault, const Product& product, int packs = 1) {
    return is_applicable(*find_fault(fault), product, packs);
  };
  EXPECT_TRUE(fits("main-relay-1-welded", residential));
  EXPECT_FALSE(fits("main-relay-1-welded", generic));
  EXPECT_FALSE(fits("main-relay-1-feedback-open", generic));
  EXPECT_TRUE(fits("breaker-jammed", residential));
  EXPECT_FALSE(fits("breaker-jammed", generic));
  EXPECT_FALSE(fits("fuse-blown", residential));
  EXPECT_FALSE(fits("link-unplugged", generic));
  EXPECT_TRUE(fits("link-unplugged", generic, 2));
  EXPECT_FALSE(fits("can-unplugged", load_product("telecom-48v", find_data_folder())));
  EXPECT_TRUE(fits("wrong-port", load_product("telecom-48v", find_data_folder())));
}

TEST(FaultScope, takes_the_first_the_middle_and_the_last_place) {
  const Product product = us5000();  // 15 cells, 6 thermistors and that of the MOSFETs
  EXPECT_EQ(targets_in(*find_fault("cell-internal-short"), product, true),
            (std::vector<int>{1, 8, 15}));
  EXPECT_EQ(targets_in(*find_fault("sense-wire-open"), product, true),
            (std::vector<int>{1, 8, 16}));
  EXPECT_EQ(targets_in(*find_fault("ntc-open"), product, false), (std::vector<int>{4}));
  EXPECT_EQ(targets_in(*find_fault("afe-silent"), product, true), (std::vector<int>{0}));
}

TEST(FaultScope, reads_from_the_catalogue_what_finds_a_fault) {
  const Mechanisms of_short = mechanisms_of(*find_fault("ntc-short"));
  EXPECT_EQ(of_short.rules, BMS_RULE_BIT(BMS_RULE_OTC) | BMS_RULE_BIT(BMS_RULE_OTD));
  EXPECT_EQ(of_short.failures,
            BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN) | BMS_FAILURE_BIT(BMS_FAILURE_MOSFET_NTC));
  EXPECT_EQ(mechanisms_of(*find_fault("comparator-dead")).failures, 0U);
}

// ---- bounds, against what the product file says ----

RuleBounds bounds_of(const Product& product, bms_rule_t rule) {
  for (const RuleBounds& bounds : rule_bounds(product))
    if (bounds.rule == rule) return bounds;
  ADD_FAILURE() << "no such rule";
  return {};
}

TEST(RuleBounds, of_a_us5000_are_sampling_and_delay) {
  const RuleBounds ov = bounds_of(us5000(), BMS_RULE_CELL_OV);
  EXPECT_DOUBLE_EQ(ov.trip, 3.65);
  EXPECT_DOUBLE_EQ(*ov.warning, 3.60);
  EXPECT_EQ(ov.opens, BMS_OPENS_CHARGE);
  // Delay 1 s; two scans of 20 ms and the four of a wire test; a step of 1 ms and 0.2 ms to its task.
  EXPECT_EQ(ov.detection_ns, 1'121'200 * kMicrosecond);
  EXPECT_EQ(ov.reaction_ns, 1'122'200 * kMicrosecond);
  EXPECT_EQ(ov.release_ns, 2 * kSecond);
  // Four sigma of 1 mV and of 0.02 %, noise of 0.3 mV, a count of 0.382 mV, 54 mA through 0.276 Ohm.
  EXPECT_NEAR(ov.tolerance, 0.004 + 0.00292 + 0.0012 + 0.000382 + 0.0148, 0.0002);
  // Delay 100 ms, two samples of 1 ms, a step and its task.
  EXPECT_EQ(bounds_of(us5000(), BMS_RULE_OCD2).detection_ns, 103'200 * kMicrosecond);
  // 45 degC; delay 1 s, two scans of 100 ms.
  EXPECT_EQ(bounds_of(us5000(), BMS_RULE_OTC).detection_ns, 1'201'200 * kMicrosecond);
  EXPECT_FALSE(bounds_of(us5000(), BMS_RULE_UTC).is_above);
}

TEST(DetectionBound, of_a_us5000_is_the_mechanism_and_its_delay) {
  const Time step_ns = 2'200 * kMicrosecond;
  // Half of the lines every 10 s, and 1 s.
  EXPECT_EQ(detection_bound(us5000(), BMS_FAILURE_SENSE_WIRE),
            21 * kSecond + 160 * kMillisecond + step_ns);
  EXPECT_EQ(detection_bound(us5000(), BMS_FAILURE_AFE_SILENT), 20 * kMillisecond + step_ns);
  EXPECT_EQ(detection_bound(us5000(), BMS_FAILURE_NTC_BROKEN), 0) << "it looks by its rules only";
}

TEST(AbsoluteLimits, are_where_the_product_calls_a_cell_broken) {
  const AbsoluteLimits limits = absolute_limits(us5000());
  EXPECT_DOUBLE_EQ(limits.highest_V, 4.10);
  EXPECT_DOUBLE_EQ(limits.lowest_V, 1.50);
  EXPECT_GT(limits.hottest_degC, 80.0);
}

// ---- runs ----

CampaignReport run_small(const CampaignPlan& plan, int workers,
                         const std::vector<std::string>& globs = {}) {
  CampaignOptions options;
  options.workers = workers;
  options.is_complete = globs.empty();
  return run_campaign(plan, choose_cases(generate_cases(plan), globs), options);
}

const CaseResult& result_of(const CampaignReport& report, const std::string& id) {
  for (std::size_t i = 0; i < report.cases.size(); ++i)
    if (report.cases[i].id == id) return report.results[i];
  throw std::out_of_range(id);
}

TEST(Campaign, tells_safe_annunciated_and_findings_apart) {
  const CampaignPlan plan = small_plan();
  const CampaignReport report = run_small(plan, 2);
  EXPECT_EQ(result_of(report, "generic-16s/charging/none/step").is, CaseClass::safe);
  const CaseResult& wire = result_of(report, "generic-16s/charging/sense-wire-open@9/slow");
  EXPECT_EQ(wire.is, CaseClass::annunciated);
  EXPECT_LT(wire.told_after_s.value_or(99.0), 21.2);
  EXPECT_NE(std::find(wire.told.begin(), wire.told.end(), "sense-wire"), wire.told.end());
  EXPECT_EQ(result_of(report, "pylontech-us5000/full/none/overcharged").is, CaseClass::annunciated);
  EXPECT_TRUE(report.has_passed());
}

TEST(Campaign, does_not_depend_on_the_number_of_workers) {
  const CampaignPlan plan = small_plan();
  const std::vector<std::string> globs{"*/ntc-open*", "*/none/step"};
  const CampaignReport one = run_small(plan, 1, globs);
  EXPECT_EQ(one.sha256, run_small(plan, 3, globs).sha256);
  EXPECT_EQ(one.cases.size(), 4U);
}

TEST(Campaign, lists_a_finding_until_somebody_explains_it) {
  CampaignPlan plan = small_plan();
  plan.severities["shunt-offset"] = {{"-10 A", {}}};
  const std::vector<std::string> globs{"generic-16s/charging/shunt-offset*"};
  CampaignReport report = run_small(plan, 1, globs);
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].is, CaseClass::finding);
  EXPECT_EQ(report.results[0].objections[0].oracle, "true-readings");
  EXPECT_FALSE(report.has_passed());
  plan.explanations.push_back(
      {{}, {"*/shunt-offset*"}, {"true-readings"}, Explanation::Kind::product, "one shunt"});
  EXPECT_TRUE(run_small(plan, 1, globs).has_passed());
  plan.explanations.push_back({{}, {"*/no-such-*"}, {}, Explanation::Kind::open, "nothing"});
  EXPECT_TRUE(run_small(plan, 1, globs).has_passed()) << "these are some of the cases only";
}

TEST(Campaign, blames_an_explanation_that_explains_nothing) {
  CampaignPlan plan = small_plan();
  plan.explanations.push_back({{}, {"*/none/*"}, {}, Explanation::Kind::open, "nothing"});
  const CampaignReport report = run_small(plan, 2);
  EXPECT_EQ(report.stale, std::vector<std::size_t>{0});
  EXPECT_FALSE(report.has_passed());
}

TEST(Campaign, of_a_state_that_is_not_reached_has_findings_only) {
  CampaignPlan plan = small_plan();
  for (CampaignStart& start : plan.starts)
    if (start.when) start.within_ns = kSecond;
  const CampaignReport report = run_small(plan, 1, {"generic-16s/charging/none/step"});
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].is, CaseClass::finding);
  EXPECT_EQ(report.results[0].objections[0].text,
            "the state is not reached: inverter1/current_A > 5 A has not held within 1 s");
}

}  // namespace
}  // namespace doppelpack::sim
