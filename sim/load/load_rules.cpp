// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <array>

#include "bms/bms.h"
#include "load/bms_parts.hpp"
#include "load/bms_words.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kAnyCellVoltage{Dimension::voltage, 0.0, 6.0};
constexpr Kind kMosfetTemperature{Dimension::temperature, -40.0, 200.0};
constexpr Kind kTSpread{Dimension::temperature_difference, 0.0, 100.0};
constexpr Kind kInsulation{Dimension::resistance, 1e3, 65e6};

// What the trip and release of a rule are; the rest of a rule is the core's business.
struct RuleRow {
  bms_rule_t rule;
  Kind kind;
  double counts;  // of firmware, per unit of the kind: mV, mA, 0.1 degC, kOhm, permille
  bool trips_below;
};

constexpr std::array<RuleRow, BMS_RULE_COUNT> kRules{{
    {BMS_RULE_CELL_OV, kCellVoltage, 1000, false},
    {BMS_RULE_CELL_UV, kCellVoltage, 1000, true},
    {BMS_RULE_PACK_OV, kPackVoltage, 1000, false},
    {BMS_RULE_PACK_UV, kPackVoltage, 1000, true},
    {BMS_RULE_OCC, kRuleCurrent, 1000, false},
    {BMS_RULE_OCD, kRuleCurrent, 1000, false},
    {BMS_RULE_OCD2, kRuleCurrent, 1000, false},
    {BMS_RULE_SCD, kRuleCurrent, 1000, false},
    {BMS_RULE_OTC, kCellTemperature, 10, false},
    {BMS_RULE_OTD, kCellTemperature, 10, false},
    {BMS_RULE_UTC, kCellTemperature, 10, true},
    {BMS_RULE_UTD, kCellTemperature, 10, true},
    {BMS_RULE_CELL_FAILURE_HIGH, kAnyCellVoltage, 1000, false},
    {BMS_RULE_CELL_FAILURE_LOW, kAnyCellVoltage, 1000, true},
    {BMS_RULE_CELL_ZERO, kAnyCellVoltage, 1000, true},
    {BMS_RULE_SPREAD, kAnyCellVoltage, 1000, false},
    {BMS_RULE_SPREAD_FAILURE, kAnyCellVoltage, 1000, false},
    {BMS_RULE_T_SPREAD, kTSpread, 10, false},
    {BMS_RULE_MOSFET_OT, kMosfetTemperature, 10, false},
    {BMS_RULE_INSULATION, kInsulation, 1e-3, true},
    {BMS_RULE_SOC_LOW, kRatio, 1000, true},
}};

constexpr std::string_view kRuleKeys[]{"warning", "limiting", "protection", "retries", "latch",
                                       "opens",   "failure",  "asks",       "limited"};
constexpr std::string_view kLevelKeys[]{"trip", "release", "delay", "release_delay"};

bms_threshold_t read_threshold(const Section& section, const RuleRow& row) {
  const double trip = section.number("trip", row.kind);
  const double release = section.number("release", row.kind);
  if (row.trips_below ? release <= trip : release >= trip)
    refuse(section.at("release"),
           fmt::format("{} than the trip, {}", row.trips_below ? "more" : "less",
                       section.text("trip")));
  return {true, to_counts(trip, row.counts), to_counts(release, row.counts),
          to_ms(section, "delay"), to_ms(section, "release_delay")};
}

bms_threshold_t read_level(const Section& rule, std::string_view level, const RuleRow& row) {
  return rule.has(level) ? read_threshold(rule.section(level, kLevelKeys), row) : bms_threshold_t{};
}

// A milder level does not trip beyond the protection.
void check_order(const Section& rule, std::string_view level, const bms_threshold_t& milder,
                 const bms_threshold_t& protection, const RuleRow& row) {
  if (!milder.is_enabled || !protection.is_enabled) return;
  const bool is_beyond =
      row.trips_below ? milder.trip < protection.trip : milder.trip > protection.trip;
  if (is_beyond)
    refuse(rule.section(level, kLevelKeys).at("trip"),
           fmt::format("at {} the trip of the protection, {}", row.trips_below ? "least" : "most",
                       rule.section("protection", kLevelKeys).text("trip")));
}

std::uint8_t read_retries(const YamlNode& node) {
  if (node.text == "forever") return BMS_RETRY_FOREVER;
  if (node.kind == YamlNode::Kind::scalar && !node.text.empty() && node.text[0] >= '0' &&
      node.text[0] <= '9')
    return static_cast<std::uint8_t>(to_whole(node, 0, BMS_RETRY_FOREVER - 1));
  refuse(node, "forever or a whole number");
}

std::uint8_t read_asks(const Section& rule) {
  constexpr std::string_view kWords[]{"force-charge", "force-charge-2", "full-charge"};
  static_assert(BMS_REQUEST_FORCE_CHARGE == 1 && BMS_REQUEST_FULL_CHARGE == 1 << 2);
  return rule.has("asks") ? to_set(rule.at("asks"), kWords) : std::uint8_t{0};
}

// The comparator belongs to the AFE, threshold and delay with it; firmware decides about coming back.
void read_comparator(const Section& rule, double threshold_A, bms_rule_config_t& config) {
  const Section protection = rule.section("protection", {"release_delay"});
  config.protection = {true, to_counts(threshold_A, 1000), 0, 0,
                       to_ms(protection, "release_delay")};
}

void read_levels(const Section& rule, const RuleRow& row, bms_rule_config_t& config) {
  config.warning = read_level(rule, "warning", row);
  config.limiting = read_level(rule, "limiting", row);
  config.protection = read_level(rule, "protection", row);
  check_order(rule, "warning", config.warning, config.protection, row);
  check_order(rule, "limiting", config.limiting, config.protection, row);
  if (!config.limiting.is_enabled) return;
  const Section limited = rule.section("limited", {"charge", "discharge"});
  config.limited_ccl_permille = to_permille(limited, "charge");
  config.limited_dcl_permille = to_permille(limited, "discharge");
}

void read_consequences(const Section& rule, bms_rule_config_t& config) {
  config.max_retries = rule.has("retries") ? read_retries(rule.at("retries")) : BMS_RETRY_FOREVER;
  config.latch = read_latch(rule);
  config.opens = read_opens(rule);
  config.is_failure = rule.yes("failure");
  config.asks = read_asks(rule);
}

}  // namespace

void read_rules(const YamlNode& node, Product& product) {
  const Section rules(node, rule_words());
  for (const RuleRow& row : kRules) {
    bms_rule_config_t& config = product.bms.rules[row.rule];
    const std::string_view key = bms_rule_name(row.rule);
    if (!rules.has(key)) continue;
    if (row.rule == BMS_RULE_SCD) {
      const Section rule =
          rules.section(key, {"protection", "retries", "latch", "opens", "failure"});
      read_comparator(rule, product.pack.electrical.comparators.scd.threshold_A, config);
      read_consequences(rule, config);
    } else {
      const Section rule = rules.section(key, kRuleKeys);
      read_levels(rule, row, config);
      read_consequences(rule, config);
    }
  }
}

}  // namespace doppelpack::sim
