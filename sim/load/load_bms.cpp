// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <array>
#include <cstddef>

#include "bms/bms.h"
#include "load/bms_parts.hpp"
#include "load/product_parts.hpp"
#include "snapshot/clear_padding.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::string_view kLimitsKeys[]{"cvl",
                                         "discharge_voltage_limit",
                                         "ccl",
                                         "dcl",
                                         "ccl_over_temperature",
                                         "dcl_over_temperature",
                                         "ccl_over_cell_voltage",
                                         "dcl_over_cell_voltage",
                                         "ccl_over_soc",
                                         "dcl_over_soc",
                                         "force_charge",
                                         "force_charge2",
                                         "full_charge_after",
                                         "cvl_cell",
                                         "cvl_floor",
                                         "rise",
                                         "fall"};

bms_curve_t read_curve(const YamlNode& node, const Kind& kind, double counts) {
  bms_curve_t curve{};
  for (const auto& [x, factor] : to_table(node, kind, kRatio, 1, BMS_MAX_CURVE_POINTS)) {
    auto& point = curve.point[curve.count++];
    point.x = to_counts(x, counts);
    point.factor_permille = static_cast<std::uint16_t>(to_counts(factor, 1000));
  }
  return curve;
}

// mA per second; 0 when absent.
std::uint32_t read_slope(const Section& section, std::string_view key) {
  constexpr Kind kSlope{Dimension::current_slope, 0.001, 1e5};
  return section.has(key) ? to_milli(section, key, kSlope) : 0;
}

void read_optional_limits(const Section& section, bms_limits_t& limits) {
  constexpr Kind kDays{Dimension::time, 86400.0, 1000 * 86400.0};
  if (section.has("ccl_over_soc"))
    limits.ccl_over_soc = read_curve(section.at("ccl_over_soc"), kRatio, 1000);
  if (section.has("dcl_over_soc"))
    limits.dcl_over_soc = read_curve(section.at("dcl_over_soc"), kRatio, 1000);
  if (section.has("full_charge_after"))
    limits.full_charge_days = static_cast<std::uint16_t>(
        to_counts(section.number("full_charge_after", kDays), 1.0 / 86400.0));
  if (section.has("cvl_cell"))
    limits.cvl_cell_mV = static_cast<std::uint16_t>(to_milli(section, "cvl_cell", kCellVoltage));
  if (section.has("cvl_floor")) limits.cvl_floor_mV = to_milli(section, "cvl_floor", kPackVoltage);
  limits.rise_mA_per_s = read_slope(section, "rise");
  limits.fall_mA_per_s = read_slope(section, "fall");
}

bms_limits_t read_limits(const Section& section) {
  bms_limits_t limits{};
  limits.cvl_mV = to_milli(section, "cvl", kPackVoltage);
  limits.discharge_voltage_limit_mV = to_milli(section, "discharge_voltage_limit", kPackVoltage);
  if (limits.cvl_mV <= limits.discharge_voltage_limit_mV)
    refuse(section.at("discharge_voltage_limit"), "less than the cvl, " + section.text("cvl"));
  limits.ccl_mA = to_milli(section, "ccl", kRuleCurrent);
  limits.dcl_mA = to_milli(section, "dcl", kRuleCurrent);
  limits.ccl_over_ddegC = read_curve(section.at("ccl_over_temperature"), kCellTemperature, 10);
  limits.dcl_over_ddegC = read_curve(section.at("dcl_over_temperature"), kCellTemperature, 10);
  limits.ccl_over_cell_mV = read_curve(section.at("ccl_over_cell_voltage"), kCellVoltage, 1000);
  limits.dcl_over_cell_mV = read_curve(section.at("dcl_over_cell_voltage"), kCellVoltage, 1000);
  limits.force_charge_permille = to_permille(section, "force_charge");
  limits.force_charge2_permille = to_permille(section, "force_charge2");
  read_optional_limits(section, limits);
  return limits;
}

bms_balancing_t read_balancing(const Section& section) {
  constexpr Kind kDelta{Dimension::voltage, 0.001, 1.0};
  bms_balancing_t balancing{};
  balancing.start_mV = static_cast<std::uint16_t>(to_milli(section, "start", kCellVoltage));
  balancing.start_delta_mV = static_cast<std::uint16_t>(to_milli(section, "start_delta", kDelta));
  balancing.stop_delta_mV = static_cast<std::uint16_t>(to_milli(section, "stop_delta", kDelta));
  if (balancing.stop_delta_mV >= balancing.start_delta_mV)
    refuse(section.at("stop_delta"), "less than the start_delta, " + section.text("start_delta"));
  if (section.has("hottest"))
    balancing.hottest_ddegC =
        static_cast<std::int16_t>(to_counts(section.number("hottest", kCellTemperature), 10));
  if (section.has("at_a_time"))
    balancing.max_bleeders =
        static_cast<std::uint8_t>(to_whole(section.at("at_a_time"), 1, BMS_MAX_CELLS));
  balancing.only_in_charge = section.yes("only_in_charge");
  balancing.is_alternating = section.yes("alternating");
  return balancing;
}

bms_soc_config_t read_soc(const Section& section, const PackDesign& pack) {
  bms_soc_config_t soc{};
  soc.capacity_mAh =
      static_cast<std::uint32_t>(to_counts(pack.cell_capacity_Ah * pack.parallel, 1000));
  soc.full_cell_mV = static_cast<std::uint16_t>(to_milli(section, "full_cell", kCellVoltage));
  soc.full_taper_mA = to_milli(section, "full_taper", kRuleCurrent);
  soc.full_delay_ms = to_ms(section, "full_delay");
  soc.empty_cell_mV = static_cast<std::uint16_t>(to_milli(section, "empty_cell", kCellVoltage));
  soc.empty_delay_ms = to_ms(section, "empty_delay");
  return soc;
}

// Readings from here on are those of a saturated amplifier.
std::uint32_t rail_counts(const models::SensingParameters& sensing) {
  constexpr double kClose = 0.99;
  return static_cast<std::uint32_t>(kClose * sensing.amplifier.limit_A / sensing.shunt_A.per_count);
}

std::uint32_t watched_contacts(const PackDesign& pack) {
  std::uint32_t contacts = pack.has_breaker_contact ? std::uint32_t{BMS_CONTACT_BREAKER} : 0U;
  if (pack.electrical.path.has_relays)
    contacts |= BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE;
  return contacts;
}

// What the firmware must know of the hardware it runs on.
void describe_hardware(const Product& product, bms_config_t& config) {
  const PackDesign& pack = product.pack;
  config.cell_count = static_cast<std::uint8_t>(pack.series);
  config.ntc_count = static_cast<std::uint8_t>(pack.beads.size() - (pack.has_mosfet_ntc ? 1 : 0));
  config.sensing.has_mosfet_ntc = pack.has_mosfet_ntc;
  config.diagnosis.shunt_rail_counts = rail_counts(product.sensing);
  config.diagnosis.watched_contacts = watched_contacts(pack);
  config.sequence.has_contacts = pack.electrical.path.has_relays;
  config.sequence.is_precharge_across_main_1 = pack.electrical.path.has_relays;
  const WakeCircuit& wake = product.board.wake;
  config.sequence.has_switch = (wake.buttons & BMS_BUTTON_SWITCH) != 0;
  config.sequence.has_power_button = wake.is_fitted() && !config.sequence.has_switch;
}

// The node that a status of the core speaks of.
const YamlNode& culprit(const Section& bms, const bms_status_t& status) {
  constexpr std::string_view kCurves[]{"ccl_over_temperature",  "dcl_over_temperature",
                                       "ccl_over_cell_voltage", "dcl_over_cell_voltage",
                                       "ccl_over_soc",          "dcl_over_soc"};
  const YamlNode* node = nullptr;
  if (status.error == BMS_ERROR_RULE)
    node = bms.at("rules").find(bms_rule_name(static_cast<bms_rule_t>(status.index)));
  if (status.error == BMS_ERROR_FAILURE && bms.has("failures"))
    node = bms.at("failures").find(bms_failure_name(static_cast<bms_failure_t>(status.index)));
  if (status.error == BMS_ERROR_CURVE && status.index < std::size(kCurves))
    node = bms.at("limits").find(kCurves[status.index]);
  if (status.error == BMS_ERROR_LIMITS) node = bms.find("limits");
  if (status.error == BMS_ERROR_BALANCING) node = bms.find("balancing");
  if (status.error == BMS_ERROR_SOC) node = bms.find("soc");
  if (status.error == BMS_ERROR_SEQUENCE) node = bms.find("sequence");
  if (status.error == BMS_ERROR_PANEL) node = bms.find("panel");
  if (status.error == BMS_ERROR_BANK) node = bms.find("bank");
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
  const Section bms(node, {"idle_current", "rules", "failures", "diagnosis", "limits", "balancing",
                           "soc", "sequence", "panel", "bank"});
  bms_config_t& config = product.bms;
  config.diagnosis = read_diagnosis(bms.find("diagnosis"));
  describe_hardware(product, config);
  config.idle_current_mA = to_milli(bms, "idle_current", {Dimension::current, 0.001, 100.0});
  read_rules(bms.at("rules"), product);
  if (bms.has("failures")) read_failures(bms.at("failures"), config);
  config.limits = read_limits(bms.section("limits", kLimitsKeys));
  config.balancing =
      read_balancing(bms.section("balancing", {"start", "start_delta", "stop_delta", "hottest",
                                               "at_a_time", "only_in_charge", "alternating"}));
  config.soc = read_soc(
      bms.section("soc", {"full_cell", "full_taper", "full_delay", "empty_cell", "empty_delay"}),
      product.pack);
  if (bms.has("sequence")) read_sequence(bms.at("sequence"), config.sequence);
  if (bms.has("panel")) {
    config.panel = read_panel(bms.at("panel"));
    product.lamp_colours = read_lamp_colours(bms.at("panel"));
    product.panel_items = read_panel_items(bms.at("panel"));
    product.has_display = read_display(bms.at("panel"));
  }
  if (bms.has("bank")) config.bank = read_bank(bms.at("bank"));
  clear_padding(config);
  bms_core()->seal(&config);
  ask_core(bms, config);
}

}  // namespace doppelpack::sim
