// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <cmath>

#include "load/product_parts.hpp"
#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::int32_t kLargestCount = 65535;  // firmware's readings are 16 bits wide

// Micro-units per count: what firmware knows of a converter, and it knows only whole ones.
std::uint32_t read_resolution(const Section& section, Dimension dimension, double largest) {
  const YamlNode& node = section.at("resolution");
  const double micro = to_number(node, {dimension, 1e-6, largest}) * 1e6;
  if (std::abs(micro - std::round(micro)) > 1e-6)
    refuse(node, "a whole number of u" + std::string(unit_of(dimension)));
  return static_cast<std::uint32_t>(std::lround(micro));
}

std::int32_t read_largest_count(const Section& section, Dimension dimension, double per_count,
                                std::int32_t widest) {
  const double largest = per_count * widest;
  const double range = section.number("range", {dimension, per_count, largest});
  return static_cast<std::int32_t>(std::lround(range / per_count));
}

models::Converter read_converter(const Section& section, Dimension dimension, double per_count) {
  const Kind small{dimension, -1e3 * per_count, 1e3 * per_count};
  models::Converter converter;
  converter.per_count = per_count;
  converter.offset = section.number("offset", small);
  converter.gain_error = section.number("gain_error", {Dimension::none, -0.2, 0.2});
  converter.noise_rms = section.number("noise", {dimension, 0.0, 1e3 * per_count});
  return converter;
}

// One of the voltage inputs; fills firmware's scale beside the converter.
models::Converter read_voltage(const Section& section, double coarsest,
                               std::uint32_t& uV_per_count) {
  uV_per_count = read_resolution(section, Dimension::voltage, coarsest);
  const double per_count = uV_per_count / 1e6;
  models::Converter converter = read_converter(section, Dimension::voltage, per_count);
  converter.max_counts = read_largest_count(section, Dimension::voltage, per_count, kLargestCount);
  return converter;
}

models::Converter read_current(const Section& section, std::uint32_t& uA_per_count) {
  constexpr std::int32_t kLargestSigned = 1 << 23;  // a 24-bit converter
  uA_per_count = read_resolution(section, Dimension::current, 1.0);
  const double per_count = uA_per_count / 1e6;
  models::Converter converter = read_converter(section, Dimension::current, per_count);
  converter.max_counts = read_largest_count(section, Dimension::current, per_count, kLargestSigned);
  converter.min_counts = -converter.max_counts;
  return converter;
}

void read_lines(const Section& sensing, Product& product) {
  constexpr Kind kWire{Dimension::resistance, 0.001, 10.0};
  const Section wires = sensing.section("wires", {"shortest", "longest"});
  product.harness = {wires.number("shortest", kWire), wires.number("longest", kWire)};
  if (product.harness.longest_Ohm < product.harness.shortest_Ohm)
    refuse(wires.at("longest"), "at least the shortest, " + wires.text("shortest"));

  const Section inputs =
      sensing.section("inputs", {"filter", "filter_lag", "leakage", "leakage_spread"});
  models::SenseLineParameters& lines = product.sensing.lines;
  lines.filter_Ohm = inputs.number("filter", {Dimension::resistance, 10.0, 1e5});
  lines.filter_F = inputs.number("filter_lag", {Dimension::time, 1e-6, 0.1}) / lines.filter_Ohm;
  product.input_leakage_A = inputs.number("leakage", {Dimension::current, 0.0, 1e-4});
  product.sensing_spread.leakage = inputs.number("leakage_spread", {Dimension::none, 0.0, 1.0});
}

models::ShuntAmplifier read_amplifier(const Section& section) {
  models::ShuntAmplifier amplifier;
  amplifier.lag_s = section.number("lag", {Dimension::time, 1e-6, 0.1});
  amplifier.limit_A = section.number("limit", {Dimension::current, 1.0, 1e5});
  amplifier.drift_per_K = section.number("drift", {Dimension::none, -0.01, 0.01});
  return amplifier;
}

void read_ntcs(const Section& section, Product& product) {
  const std::int64_t full_scale = to_whole(section.at("full_scale"), 255, kLargestCount);
  const double pullup_Ohm = section.number("pullup", {Dimension::resistance, 100.0, 1e6});
  models::NtcDivider& ntcs = product.sensing.ntcs;
  ntcs.full_scale_counts = static_cast<std::int32_t>(full_scale);
  ntcs.pullup_Ohm = pullup_Ohm;
  ntcs.reference_V = section.number("reference", {Dimension::voltage, 0.0, 10.0});
  ntcs.dissipation_W_per_K =
      section.number("dissipation", {Dimension::thermal_conductance, 1e-4, 1.0});
  ntcs.noise_counts_rms = section.number("noise_counts", {Dimension::none, 0.0, 100.0});
  product.sensing_spread.ntc_resistance =
      section.number("resistance_spread", {Dimension::none, 0.0, 0.1});
  product.bms.sensing.ntc_full_scale_counts = static_cast<std::uint16_t>(full_scale);
  product.bms.sensing.ntc_pullup_Ohm = static_cast<std::uint32_t>(std::lround(pullup_Ohm));
}

models::ComparatorParameters read_comparator(const Section& section, double slowest_s) {
  return {section.number("threshold", {Dimension::current, 1.0, 1e4}),
          section.number("delay", {Dimension::time, 0.0, slowest_s})};
}

Time read_tick(const Section& section, std::string_view key, double shortest_s, double longest_s) {
  const double period_s = section.number(key, {Dimension::time, shortest_s, longest_s});
  return static_cast<Time>(std::llround(period_s * 1e9));
}

SamplingPlan read_sampling(const Section& section) {
  SamplingPlan plan;
  plan.current_period_ns = read_tick(section, "current", 1e-4, 0.1);
  plan.cell_period_ns = read_tick(section, "cells", 1e-4, 10.0);
  plan.ntc_period_ns = read_tick(section, "ntcs", 1e-4, 10.0);
  plan.task_delay_ns = read_tick(section, "task_delay", 0.0, 0.1);
  const std::string period = section.text("current");
  if (plan.cell_period_ns % plan.current_period_ns != 0)
    refuse(section.at("cells"), "a multiple of the current's period, " + period);
  if (plan.ntc_period_ns % plan.current_period_ns != 0)
    refuse(section.at("ntcs"), "a multiple of the current's period, " + period);
  if (plan.task_delay_ns >= plan.current_period_ns)
    refuse(section.at("task_delay"), "less than the current's period, " + period);
  return plan;
}

}  // namespace

void read_sensing(const YamlNode& node, Product& product) {
  constexpr std::string_view kComparatorKeys[]{"threshold", "delay"};
  constexpr double kSlowest_s = 2.0;  // of over-current comparators (cell_models reference, 6.4)
  constexpr std::string_view kConverterKeys[]{"resolution", "range", "offset", "gain_error",
                                              "noise"};
  const Section sensing(
      node, {"wires", "inputs", "cells", "pack", "terminals", "current", "ntcs", "short_circuit",
             "discharge_comparator", "charge_comparator", "periods"});
  read_lines(sensing, product);
  bms_sensing_t& scale = product.bms.sensing;
  const Section cells = sensing.section("cells", {"resolution", "range", "offset", "offset_spread",
                                                  "gain_error", "gain_spread", "noise"});
  product.sensing.cell_V = read_voltage(cells, 0.01, scale.cell_uV_per_count);
  product.sensing_spread.cell_offset_V =
      cells.number("offset_spread", {Dimension::voltage, 0.0, 0.1});
  product.sensing_spread.cell_gain = cells.number("gain_spread", {Dimension::none, 0.0, 0.02});
  product.sensing.pack_V =
      read_voltage(sensing.section("pack", kConverterKeys), 1.0, scale.pack_uV_per_count);
  product.sensing.terminal_V =
      read_voltage(sensing.section("terminals", kConverterKeys), 1.0, scale.terminal_uV_per_count);
  const Section current = sensing.section(
      "current", {"resolution", "range", "offset", "gain_error", "noise", "lag", "limit", "drift"});
  product.sensing.shunt_A = read_current(current, scale.shunt_uA_per_count);
  product.sensing.amplifier = read_amplifier(current);
  read_ntcs(sensing.section("ntcs", {"full_scale", "pullup", "reference", "dissipation",
                                     "resistance_spread", "noise_counts"}),
            product);

  models::ComparatorBank& comparators = product.pack.electrical.comparators;
  comparators.scd = read_comparator(sensing.section("short_circuit", kComparatorKeys), 0.1);
  if (sensing.has("discharge_comparator"))
    comparators.ocd =
        read_comparator(sensing.section("discharge_comparator", kComparatorKeys), kSlowest_s);
  if (sensing.has("charge_comparator"))
    comparators.occ =
        read_comparator(sensing.section("charge_comparator", kComparatorKeys), kSlowest_s);
  product.sampling =
      read_sampling(sensing.section("periods", {"current", "cells", "ntcs", "task_delay"}));
}

models::SupplyRail read_supply(const YamlNode& node) {
  const Section supply(node, {"dies_below", "wakes_above", "hold_up", "through_breaker"});
  constexpr Kind kFeed{Dimension::voltage, 0.0, 1000.0};
  models::SupplyRail rail;
  rail.dies_below_V = supply.number("dies_below", kFeed);
  rail.wakes_above_V = supply.number("wakes_above", kFeed);
  rail.hold_up_s = supply.number("hold_up", {Dimension::time, 0.0, 10.0});
  rail.is_through_breaker = supply.yes("through_breaker");
  if (rail.wakes_above_V <= rail.dies_below_V)
    refuse(supply.at("wakes_above"), "more than dies_below, " + supply.text("dies_below"));
  return rail;
}

}  // namespace doppelpack::sim
