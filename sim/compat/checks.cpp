// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "compat/checks.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace doppelpack::sim {

namespace {

constexpr double kTolerance_A = 1.0;  // of inverters' own measurements (estimate), likewise below
constexpr double kTolerance = 0.02;
constexpr double kOvershoot_V = 0.2;  // inverter reference, section 3, item 9
constexpr double kSomeCurrent = 0.1;  // of the normal limit
constexpr double kFullBelow_V = 0.3;  // protocols tell the CVL in tenths of a volt
constexpr double kLinkFactor = 1.2;   // inverters for 48 V bear 60 to 64 V (data sheets)
constexpr Time kHeartbeatPause =
    5 * kSecond;  // Deye pauses for 3 s every 2 h (reference, section 1)

constexpr std::array<std::string_view, static_cast<std::size_t>(ExpectedReaction::count)> kNames{
    "heartbeat",        "charge-within-ccl", "discharge-within-dcl",
    "no-charge",        "no-discharge",      "voltage-within-cvl",
    "charges",          "discharges",        "charges-if-able",
    "keeps-charging",   "keeps-discharging", "never-charges",
    "never-discharges", "shows-values",      "reaches-full",
    "link-in-limits"};

constexpr std::array<std::string_view, 3> kTasks{
    "open the contacts between battery and inverter",
    "close the contacts between battery and inverter",
    "short-circuit the two wires of the bus for 3 s",
};

constexpr std::array<std::string_view, kGradeCount> kGrades{
    "obeyed", "not applicable", "not observable", "late", "ignored", "unsafe"};

bool is_within(double current_A, double limit_A) {
  return current_A <= limit_A + std::max(kTolerance_A, kTolerance * limit_A);
}

bool is_some(double current_A, double normal_A) {
  return current_A >= std::max(kTolerance_A, kSomeCurrent * normal_A);
}

double trip_V(const Product& product, bms_rule_t rule, double otherwise_V) {
  const int trip_mV = std::abs(product.bms.rules[rule].protection.trip);
  return trip_mV > 0 ? trip_mV / 1000.0 : otherwise_V;
}

}  // namespace

std::string_view name_of(ExpectedReaction kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Grade grade) {
  return kGrades[static_cast<std::size_t>(grade)];
}

bool is_lasting(ExpectedReaction kind) {
  return kind == ExpectedReaction::keeps_charging || kind == ExpectedReaction::keeps_discharging ||
         kind == ExpectedReaction::never_charges || kind == ExpectedReaction::never_discharges ||
         kind == ExpectedReaction::link_in_limits;
}

std::string_view task_of(BenchAct act) {
  return kTasks[static_cast<std::size_t>(act)];
}

std::optional<bool> holds(ExpectedReaction kind, const CompatMoment& moment,
                          const ScriptedBattery& battery) {
  if (kind == ExpectedReaction::heartbeat)
    return moment.heartbeat_ns >= 0 && moment.t_ns - moment.heartbeat_ns <= kHeartbeatPause;
  if (kind == ExpectedReaction::shows_values || !moment.dc) return std::nullopt;
  const bms_report_t& report = battery.report();
  const double charge_A = moment.dc->dc_A;
  const double discharge_A = -charge_A;
  switch (kind) {
    case ExpectedReaction::charge_within_ccl:
      return is_within(charge_A, report.ccl_mA / 1000.0);
    case ExpectedReaction::discharge_within_dcl:
      return is_within(discharge_A, report.dcl_mA / 1000.0);
    case ExpectedReaction::no_charge:
    case ExpectedReaction::never_charges:
      return is_within(charge_A, 0.0);
    case ExpectedReaction::no_discharge:
    case ExpectedReaction::never_discharges:
      return is_within(discharge_A, 0.0);
    case ExpectedReaction::voltage_within_cvl:
      if (is_within(charge_A, 0.0)) return true;
      if (!moment.dc->dc_V) return std::nullopt;
      return *moment.dc->dc_V <= report.cvl_mV / 1000.0 + kOvershoot_V;
    case ExpectedReaction::charges:
    case ExpectedReaction::charges_if_able:
    case ExpectedReaction::keeps_charging:
      return is_some(charge_A, battery.normal_ccl_A());
    case ExpectedReaction::discharges:
    case ExpectedReaction::keeps_discharging:
      return is_some(discharge_A, battery.normal_dcl_A());
    case ExpectedReaction::reaches_full:
      if (!moment.dc->dc_V) return std::nullopt;
      return !is_some(charge_A, battery.normal_ccl_A()) && is_within(discharge_A, 0.0) &&
             *moment.dc->dc_V >= report.cvl_mV / 1000.0 - kFullBelow_V;
    case ExpectedReaction::link_in_limits:
      if (!moment.dc->dc_V) return std::nullopt;
      return *moment.dc->dc_V <= kLinkFactor * battery.normal_cvl_V();
    case ExpectedReaction::heartbeat:
    case ExpectedReaction::shows_values:
    case ExpectedReaction::count:
      break;
  }
  return std::nullopt;
}

bool endangers_cells(const Product& product, double dc_A,
                     const std::pair<double, double>& highest_and_lowest_V) {
  // Where the product names no such level: those of the manuals (telecom, Dyness, residential).
  const double high_V = trip_V(product, BMS_RULE_CELL_FAILURE_HIGH, 4.1);
  const double low_V = trip_V(product, BMS_RULE_CELL_FAILURE_LOW, 1.5);
  if (dc_A > kTolerance_A) return highest_and_lowest_V.first > high_V;
  return dc_A < -kTolerance_A && highest_and_lowest_V.second < low_V;
}

}  // namespace doppelpack::sim
