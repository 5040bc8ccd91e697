// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstddef>

#include "bms/bms.h"
#include "load/product_parts.hpp"
#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kCellVoltage{Dimension::voltage, 0.5, 5.0};
constexpr Kind kPackVoltage{Dimension::voltage, 1.0, 160.0};
constexpr Kind kCurrent{Dimension::current, 0.0, 2000.0};
constexpr Kind kTemperature{Dimension::temperature, -40.0, 100.0};
constexpr Kind kRatio{Dimension::none, 0.0, 1.0};

// What the trip and release of a rule are; the rest of a rule is the core's business.
struct RuleRow {
  bms_rule_t rule;
  Kind kind;
  double counts;  // of firmware, per unit of the kind: mV, mA, 0.1 degC
  bool trips_below;
};

constexpr std::array<RuleRow, BMS_RULE_COUNT> kRules{{
    {BMS_RULE_CELL_OV, kCellVoltage, 1000, false},
    {BMS_RULE_CELL_UV, kCellVoltage, 1000, true},
    {BMS_RULE_PACK_OV, kPackVoltage, 1000, false},
    {BMS_RULE_PACK_UV, kPackVoltage, 1000, true},
    {BMS_RULE_OCC, kCurrent, 1000, false},
    {BMS_RULE_OCD, kCurrent, 1000, false},
    {BMS_RULE_OCD2, kCurrent, 1000, false},
    {BMS_RULE_SCD, kCurrent, 1000, false},
    {BMS_RULE_OTC, kTemperature, 10, false},
    {BMS_RULE_OTD, kTemperature, 10, false},
    {BMS_RULE_UTC, kTemperature, 10, true},
    {BMS_RULE_UTD, kTemperature, 10, true},
}};

std::int32_t to_counts(double value, double counts) {
  return static_cast<std::int32_t>(std::lround(value * counts));
}

std::uint32_t to_milli(const Section& section, std::string_view key, const Kind& kind) {
  return static_cast<std::uint32_t>(to_counts(section.number(key, kind), 1000));
}

std::uint32_t to_ms(const Section& section, std::string_view key) {
  const double time_s = section.number(key, {Dimension::time, 0.0, 86400.0});
  return static_cast<std::uint32_t>(std::llround(time_s * 1000.0));
}

std::uint16_t to_permille(const Section& section, std::string_view key) {
  return static_cast<std::uint16_t>(to_counts(section.number(key, kRatio), 1000));
}

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

std::uint8_t read_retries(const YamlNode& node) {
  if (node.text == "forever") return BMS_RETRY_FOREVER;
  if (node.kind == YamlNode::Kind::scalar && !node.text.empty() && node.text[0] >= '0' &&
      node.text[0] <= '9')
    return static_cast<std::uint8_t>(to_whole(node, 0, BMS_RETRY_FOREVER - 1));
  refuse(node, "forever or a whole number");
}

// The comparator belongs to the AFE, threshold and delay with it; firmware decides about coming back.
bms_rule_config_t read_comparator_rule(const Section& rule, double threshold_A) {
  const Section protection = rule.section("protection", {"release_delay"});
  bms_rule_config_t config{};
  config.protection = {true, to_counts(threshold_A, 1000), 0, 0,
                       to_ms(protection, "release_delay")};
  return config;
}

bms_rule_config_t read_level_rule(const Section& rule, const RuleRow& row) {
  constexpr std::string_view kKeys[]{"trip", "release", "delay", "release_delay"};
  bms_rule_config_t config{};
  if (rule.has("warning")) config.warning = read_threshold(rule.section("warning", kKeys), row);
  if (rule.has("protection"))
    config.protection = read_threshold(rule.section("protection", kKeys), row);
  const bool has_both = config.warning.is_enabled && config.protection.is_enabled;
  if (has_both && (row.trips_below ? config.warning.trip < config.protection.trip
                                   : config.warning.trip > config.protection.trip))
    refuse(rule.section("warning", kKeys).at("trip"),
           fmt::format("at {} the trip of the protection, {}", row.trips_below ? "least" : "most",
                       rule.section("protection", kKeys).text("trip")));
  return config;
}

void read_rules(const YamlNode& node, Product& product) {
  std::array<std::string_view, BMS_RULE_COUNT> names;
  for (const RuleRow& row : kRules) names[row.rule] = bms_rule_name(row.rule);
  const Section rules(node, names);
  for (const RuleRow& row : kRules) {
    const std::string_view key = bms_rule_name(row.rule);
    if (!rules.has(key)) continue;
    const Section rule = row.rule == BMS_RULE_SCD
                             ? rules.section(key, {"protection", "retries"})
                             : rules.section(key, {"warning", "protection", "retries"});
    bms_rule_config_t& config = product.bms.rules[row.rule];
    config = row.rule == BMS_RULE_SCD
                 ? read_comparator_rule(rule, product.pack.electrical.comparators.scd.threshold_A)
                 : read_level_rule(rule, row);
    config.max_retries = rule.has("retries") ? read_retries(rule.at("retries")) : BMS_RETRY_FOREVER;
  }
}

bms_curve_t read_curve(const YamlNode& node, const Kind& kind, double counts) {
  bms_curve_t curve{};
  for (const auto& [x, factor] : to_table(node, kind, kRatio, 1, BMS_MAX_CURVE_POINTS)) {
    auto& point = curve.point[curve.count++];
    point.x = to_counts(x, counts);
    point.factor_permille = static_cast<std::uint16_t>(to_counts(factor, 1000));
  }
  return curve;
}

bms_limits_t read_limits(const Section& section) {
  bms_limits_t limits{};
  limits.cvl_mV = to_milli(section, "cvl", kPackVoltage);
  limits.discharge_voltage_limit_mV = to_milli(section, "discharge_voltage_limit", kPackVoltage);
  if (limits.cvl_mV <= limits.discharge_voltage_limit_mV)
    refuse(section.at("discharge_voltage_limit"), "less than the cvl, " + section.text("cvl"));
  limits.ccl_mA = to_milli(section, "ccl", kCurrent);
  limits.dcl_mA = to_milli(section, "dcl", kCurrent);
  limits.ccl_over_ddegC = read_curve(section.at("ccl_over_temperature"), kTemperature, 10);
  limits.dcl_over_ddegC = read_curve(section.at("dcl_over_temperature"), kTemperature, 10);
  limits.ccl_over_cell_mV = read_curve(section.at("ccl_over_cell_voltage"), kCellVoltage, 1000);
  limits.dcl_over_cell_mV = read_curve(section.at("dcl_over_cell_voltage"), kCellVoltage, 1000);
  limits.force_charge_permille = to_permille(section, "force_charge");
  limits.force_charge2_permille = to_permille(section, "force_charge2");
  return limits;
}

bms_balancing_t read_balancing(const Section& section) {
  constexpr Kind kDelta{Dimension::voltage, 0.001, 1.0};
  const bms_balancing_t balancing{
      static_cast<std::uint16_t>(to_milli(section, "start", kCellVoltage)),
      static_cast<std::uint16_t>(to_milli(section, "start_delta", kDelta)),
      static_cast<std::uint16_t>(to_milli(section, "stop_delta", kDelta))};
  if (balancing.stop_delta_mV >= balancing.start_delta_mV)
    refuse(section.at("stop_delta"), "less than the start_delta, " + section.text("start_delta"));
  return balancing;
}

bms_soc_config_t read_soc(const Section& section, const PackDesign& pack) {
  bms_soc_config_t soc{};
  soc.capacity_mAh =
      static_cast<std::uint32_t>(to_counts(pack.cell_capacity_Ah * pack.parallel, 1000));
  soc.full_cell_mV = static_cast<std::uint16_t>(to_milli(section, "full_cell", kCellVoltage));
  soc.full_taper_mA = to_milli(section, "full_taper", kCurrent);
  soc.full_delay_ms = to_ms(section, "full_delay");
  soc.empty_cell_mV = static_cast<std::uint16_t>(to_milli(section, "empty_cell", kCellVoltage));
  soc.empty_delay_ms = to_ms(section, "empty_delay");
  return soc;
}

// The node that a status of the core speaks of.
const YamlNode& culprit(const Section& bms, const bms_status_t& status) {
  constexpr std::string_view kCurves[]{"ccl_over_temperature", "dcl_over_temperature",
                                       "ccl_over_cell_voltage", "dcl_over_cell_voltage"};
  const YamlNode* node = nullptr;
  if (status.error == BMS_ERROR_RULE)
    node = bms.at("rules").find(bms_rule_name(static_cast<bms_rule_t>(status.index)));
  if (status.error == BMS_ERROR_CURVE && status.index < std::size(kCurves))
    node = bms.at("limits").find(kCurves[status.index]);
  if (status.error == BMS_ERROR_LIMITS) node = bms.find("limits");
  if (status.error == BMS_ERROR_BALANCING) node = bms.find("balancing");
  if (status.error == BMS_ERROR_SOC) node = bms.find("soc");
  return node != nullptr ? *node : bms.node();
}

void ask_core(const Section& bms, const bms_config_t& config) {
  const bms_core_t* core = bms_core();
  std::vector<std::max_align_t> scratch(core->instance_bytes / sizeof(std::max_align_t) + 1);
  const bms_factory_t factory{500, 1000, 0, 1};
  std::array<std::uint8_t, BMS_NVM_BYTES> nvm;
  core->format(&factory, nvm.data());
  const bms_status_t status = core->init(scratch.data(), &config, nvm.data());
  if (status.error == BMS_OK) return;
  throw DataError(culprit(bms, status).where,
                  fmt::format("found values that the BMS refuses, expected others: {}",
                              bms_error_text(status.error)));
}

}  // namespace

void read_bms(const YamlNode& node, Product& product) {
  const Section bms(node, {"idle_current", "rules", "limits", "balancing", "soc"});
  bms_config_t& config = product.bms;
  config.cell_count = static_cast<std::uint8_t>(product.pack.series);
  config.ntc_count = static_cast<std::uint8_t>(product.pack.beads.size());
  config.idle_current_mA = to_milli(bms, "idle_current", {Dimension::current, 0.001, 100.0});
  read_rules(bms.at("rules"), product);
  config.limits = read_limits(
      bms.section("limits", {"cvl", "discharge_voltage_limit", "ccl", "dcl", "ccl_over_temperature",
                             "dcl_over_temperature", "ccl_over_cell_voltage",
                             "dcl_over_cell_voltage", "force_charge", "force_charge2"}));
  config.balancing =
      read_balancing(bms.section("balancing", {"start", "start_delta", "stop_delta"}));
  config.soc = read_soc(
      bms.section("soc", {"full_cell", "full_taper", "full_delay", "empty_cell", "empty_delay"}),
      product.pack);
  bms_core()->seal(&config);
  ask_core(bms, config);
}

}  // namespace doppelpack::sim
