// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/oracles/readings_oracle.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace doppelpack::sim {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Five percent beside the offset that the product takes for a broken shunt: a gain error of that size
// is what a shunt and its amplifier may have after years (estimate).
constexpr double kGain = 0.05;
// A reading of a cell or a temperature that differs by less says the same to whoever acts on it: the
// first is what the product takes for a move of a cell, the second for one of a thermistor.
constexpr double kCell_V = 0.02;
constexpr double kNtc_K = 5.0;
constexpr double kCurrent_A = 1.0;

double or_default(double configured, double otherwise) {
  return configured > 0.0 ? configured : otherwise;
}

double limit_or(const bms_config_t& config, bms_rule_t rule, double otherwise) {
  const bms_threshold_t& protection = config.rules[rule].protection;
  return protection.is_enabled ? protection.trip / 1000.0 : otherwise;
}

}  // namespace

AbsoluteLimits absolute_limits(const Product& product) {
  return {limit_or(product.bms, BMS_RULE_CELL_FAILURE_HIGH, kInfinite),
          limit_or(product.bms, BMS_RULE_CELL_FAILURE_LOW, -kInfinite),
          product.pack.electrical.runaway.early.reference_degC};
}

ReadingsOracle::ReadingsOracle(const Product& product)
    : limits_(absolute_limits(product)),
      current_{"current", "A",
               or_default(product.bms.diagnosis.shunt_offset_mA / 1000.0, kCurrent_A)},
      cell_{"cell", "V", or_default(product.bms.diagnosis.cell_move_mV / 1000.0, kCell_V)},
      ntc_{"temperature", "K", or_default(product.bms.diagnosis.ntc_move_ddegC / 10.0, kNtc_K)} {}

void ReadingsOracle::compare(const Sight& sight, double error, double tolerance, Reading& reading) {
  if (!sight.is_working || error <= tolerance) {
    reading.since_ns = -1;
    return;
  }
  if (reading.since_ns < 0) reading.since_ns = sight.t_ns;
  reading.error = error;
}

void ReadingsOracle::look(const Sight& sight, Objections& objections) {
  now_ns_ = sight.t_ns;
  const double current_A = sight.truth.current_A;
  compare(sight, std::abs(sight.read.current_A - current_A),
          current_.tolerance + kGain * std::abs(current_A), current_);
  compare(sight, sight.worst_cell_V, cell_.tolerance, cell_);
  compare(sight, sight.worst_ntc_K, ntc_.tolerance, ntc_);
  if (sight.inner_max_V > limits_.highest_V)
    objections.add("limit", "high",
                   [&] { return fmt::format("a cell is at {:.3f} V", sight.inner_max_V); });
  if (sight.inner_min_V < limits_.lowest_V)
    objections.add("limit", "low",
                   [&] { return fmt::format("a cell is at {:.3f} V", sight.inner_min_V); });
  if (sight.cell_degC > limits_.hottest_degC)
    objections.add("limit", "hot",
                   [&] { return fmt::format("a cell is at {:.0f} degC", sight.cell_degC); });
  if (sight.is_vented)
    objections.add("limit", "vent", [] { return std::string("a cell has vented"); });
}

std::string ReadingsOracle::wrong_reading() const {
  for (const Reading* reading : {&current_, &cell_, &ntc_})
    if (reading->since_ns >= 0 && now_ns_ - reading->since_ns >= kSecond)
      return fmt::format("{} reads wrong by {:.3g} {}, and nobody is told", reading->name,
                         reading->error, reading->unit);
  return "";
}

}  // namespace doppelpack::sim
