// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/rule_bounds.hpp"

#include <array>
#include <cmath>

#include "bms/bms.h"

namespace doppelpack::sim {

namespace {

constexpr double kSigmas = 4.0;

constexpr std::uint64_t kBlind =
    BMS_FAILURE_BIT(BMS_FAILURE_SENSE_WIRE) | BMS_FAILURE_BIT(BMS_FAILURE_CELL_STUCK) |
    BMS_FAILURE_BIT(BMS_FAILURE_NTC_BROKEN) | BMS_FAILURE_BIT(BMS_FAILURE_NTC_STUCK) |
    BMS_FAILURE_BIT(BMS_FAILURE_NTCS_DEAD) | BMS_FAILURE_BIT(BMS_FAILURE_MOSFET_NTC) |
    BMS_FAILURE_BIT(BMS_FAILURE_SHUNT) | BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT) |
    BMS_FAILURE_BIT(BMS_FAILURE_AFE_CORRUPT);

// The rules that can be seen from outside, in what they look at. What an insulation monitor or the
// estimated SOC says cannot.
struct RuleSubject {
  bms_rule_t rule;
  RuleQuantity quantity;
  bool is_above;
};
constexpr std::array kSubjects{
    RuleSubject{BMS_RULE_CELL_OV, RuleQuantity::highest_cell, true},
    RuleSubject{BMS_RULE_CELL_UV, RuleQuantity::lowest_cell, false},
    RuleSubject{BMS_RULE_PACK_OV, RuleQuantity::pack, true},
    RuleSubject{BMS_RULE_PACK_UV, RuleQuantity::pack, false},
    RuleSubject{BMS_RULE_OCC, RuleQuantity::charge, true},
    RuleSubject{BMS_RULE_OCD, RuleQuantity::discharge, true},
    RuleSubject{BMS_RULE_OCD2, RuleQuantity::discharge, true},
    RuleSubject{BMS_RULE_SCD, RuleQuantity::discharge, true},
    RuleSubject{BMS_RULE_OTC, RuleQuantity::hottest, true},
    RuleSubject{BMS_RULE_OTD, RuleQuantity::hottest, true},
    RuleSubject{BMS_RULE_UTC, RuleQuantity::coldest, false},
    RuleSubject{BMS_RULE_UTD, RuleQuantity::coldest, false},
    RuleSubject{BMS_RULE_CELL_FAILURE_HIGH, RuleQuantity::highest_cell, true},
    RuleSubject{BMS_RULE_CELL_FAILURE_LOW, RuleQuantity::lowest_cell, false},
    RuleSubject{BMS_RULE_CELL_ZERO, RuleQuantity::lowest_cell, false},
    RuleSubject{BMS_RULE_SPREAD, RuleQuantity::cell_spread, true},
    RuleSubject{BMS_RULE_SPREAD_FAILURE, RuleQuantity::cell_spread, true},
    RuleSubject{BMS_RULE_T_SPREAD, RuleQuantity::heat_spread, true},
    RuleSubject{BMS_RULE_MOSFET_OT, RuleQuantity::mosfets, true},
};

enum class Channel { current, cells, ntcs };

Channel channel_of(RuleQuantity quantity) {
  switch (quantity) {
    case RuleQuantity::charge:
    case RuleQuantity::discharge:
      return Channel::current;
    case RuleQuantity::hottest:
    case RuleQuantity::coldest:
    case RuleQuantity::mosfets:
    case RuleQuantity::heat_spread:
      return Channel::ntcs;
    default:
      return Channel::cells;
  }
}

// The core counts in mV, mA and 0.1 degC.
double per_unit(RuleQuantity quantity) {
  return channel_of(quantity) == Channel::ntcs ? 10.0 : 1000.0;
}

double cell_tolerance_V(const Product& product, double cell_V) {
  const models::Converter& converter = product.sensing.cell_V;
  const double bleed_A = cell_V / product.pack.electrical.bleeder_Ohm;
  return kSigmas * product.sensing_spread.cell_offset_V + std::abs(converter.offset) +
         cell_V * (std::abs(converter.gain_error) + kSigmas * product.sensing_spread.cell_gain) +
         kSigmas * converter.noise_rms + converter.per_count +
         2.0 * product.harness.longest_Ohm * bleed_A;
}

// What is random in every cell adds up by its squares. A bleeder takes from its own cell what its wires
// give to both neighbours: of the sum only the two outermost wires are left.
double sum_tolerance_V(const Product& product, double pack_V) {
  const models::Converter& converter = product.sensing.cell_V;
  const double cells = product.pack.series;
  const double cell_V = pack_V / cells;
  const double bleed_A = cell_V / product.pack.electrical.bleeder_Ohm;
  const double random_V =
      std::hypot(product.sensing_spread.cell_offset_V, cell_V * product.sensing_spread.cell_gain,
                 converter.noise_rms);
  return kSigmas * std::sqrt(cells) * random_V + pack_V * std::abs(converter.gain_error) +
         cells * (std::abs(converter.offset) + converter.per_count) +
         2.0 * product.harness.longest_Ohm * bleed_A;
}

// A 103AT changes by 3 % per kelvin where packs are hot; half a kelvin for its own heat and the table.
double ntc_tolerance_K(const Product& product) {
  return kSigmas * product.sensing_spread.ntc_resistance / 0.03 + 0.5;
}

// The board is at most 60 K from where the shunt was adjusted.
double current_tolerance_A(const Product& product, double current_A) {
  const models::Converter& converter = product.sensing.shunt_A;
  const double drift = 60.0 * product.sensing.amplifier.drift_per_K;
  return std::abs(converter.offset) + current_A * (std::abs(converter.gain_error) + drift) +
         kSigmas * converter.noise_rms + converter.per_count;
}

double tolerance_of(const Product& product, RuleQuantity quantity, double trip) {
  switch (channel_of(quantity)) {
    case Channel::current:
      return current_tolerance_A(product, trip);
    case Channel::ntcs:
      return quantity == RuleQuantity::heat_spread ? 2.0 * ntc_tolerance_K(product)
                                                   : ntc_tolerance_K(product);
    case Channel::cells:
      break;
  }
  if (quantity == RuleQuantity::pack) return sum_tolerance_V(product, trip);
  if (quantity == RuleQuantity::cell_spread) return 2.0 * cell_tolerance_V(product, 3.3);
  return cell_tolerance_V(product, trip);
}

// From a truth that has just missed its conversion to the step that reads the next one. A test of the
// sense wires may be under way and takes four scans.
Time sampling_of(const Product& product, RuleQuantity quantity) {
  const SamplingPlan& sampling = product.sampling;
  const Time step_ns = sampling.current_period_ns + sampling.task_delay_ns;
  switch (channel_of(quantity)) {
    case Channel::current:
      return 2 * sampling.current_period_ns + step_ns;
    case Channel::ntcs:
      return 2 * sampling.ntc_period_ns + step_ns;
    case Channel::cells:
      break;
  }
  const bool has_test = product.bms.diagnosis.wire_period_ms != 0;
  return (has_test ? 6 : 2) * sampling.cell_period_ns + step_ns;
}

// The trip value of a comparator belongs to the AFE.
void take_comparator(const Product& product, RuleBounds& bounds) {
  const models::ComparatorParameters& scd = product.pack.electrical.comparators.scd;
  bounds.trip = scd.threshold_A;
  bounds.detection_ns += static_cast<Time>(scd.delay_s * static_cast<double>(kSecond));
}

RuleBounds bounds_of(const Product& product, const RuleSubject& subject) {
  const bms_rule_config_t& config = product.bms.rules[subject.rule];
  RuleBounds bounds;
  bounds.rule = subject.rule;
  bounds.quantity = subject.quantity;
  bounds.is_above = subject.is_above;
  bounds.trip = config.protection.trip / per_unit(subject.quantity);
  const Time sampling_ns = sampling_of(product, subject.quantity);
  bounds.detection_ns = sampling_ns + from_ms(config.protection.trip_delay_ms);
  if (subject.rule == BMS_RULE_SCD) take_comparator(product, bounds);
  bounds.tolerance = tolerance_of(product, subject.quantity, bounds.trip);
  bounds.opens = opens_of(product.bms, subject.rule);
  bounds.reaction_ns = bounds.detection_ns + product.sampling.current_period_ns;
  bounds.release_ns = from_ms(config.protection.release_delay_ms);
  bounds.release = config.protection.release / per_unit(subject.quantity);
  bounds.release_tolerance = tolerance_of(product, subject.quantity, bounds.release);
  bounds.gone_ns = sampling_ns + bounds.release_ns;
  if (config.warning.is_enabled && subject.rule != BMS_RULE_SCD) {
    bounds.warning = config.warning.trip / per_unit(subject.quantity);
    bounds.warning_ns = sampling_ns + from_ms(config.warning.trip_delay_ms);
  }
  return bounds;
}

}  // namespace

double value_of(RuleQuantity quantity, const Quantities& of) {
  switch (quantity) {
    case RuleQuantity::highest_cell:
      return of.cell_max_V;
    case RuleQuantity::lowest_cell:
      return of.cell_min_V;
    case RuleQuantity::pack:
      return of.pack_V;
    case RuleQuantity::charge:
      return of.current_A;
    case RuleQuantity::discharge:
      return -of.current_A;
    case RuleQuantity::hottest:
      return of.hottest_degC;
    case RuleQuantity::coldest:
      return of.coldest_degC;
    case RuleQuantity::mosfets:
      return of.mosfet_degC;
    case RuleQuantity::cell_spread:
      return of.cell_max_V - of.cell_min_V;
    case RuleQuantity::heat_spread:
      break;
  }
  return of.hottest_degC - of.coldest_degC;
}

std::uint8_t opens_of(const bms_config_t& config, bms_rule_t rule) {
  const bms_rule_config_t& of = config.rules[rule];
  const unsigned opens = of.opens != 0 ? of.opens : bms_rule_default_opens(rule);
  return static_cast<std::uint8_t>(of.is_failure ? opens | BMS_OPENS_ALL_PATHS : opens);
}

std::uint8_t opened_by(const bms_config_t& config, const Sight& sight) {
  unsigned opens = 0;
  for (int rule = 0; rule < BMS_RULE_COUNT; ++rule)
    if ((sight.protections & BMS_RULE_BIT(rule)) != 0)
      opens |= opens_of(config, static_cast<bms_rule_t>(rule));
  for (int failure = 0; failure < BMS_FAILURE_COUNT; ++failure)
    if ((sight.failures & BMS_FAILURE_BIT(failure)) != 0) opens |= config.failures[failure].opens;
  return static_cast<std::uint8_t>(opens);
}

bool is_blind(const Sight& sight) {
  return (sight.failures & kBlind) != 0;
}

std::vector<RuleBounds> rule_bounds(const Product& product) {
  std::vector<RuleBounds> all;
  for (const RuleSubject& subject : kSubjects)
    if (product.bms.rules[subject.rule].protection.is_enabled)
      all.push_back(bounds_of(product, subject));
  return all;
}

}  // namespace doppelpack::sim
