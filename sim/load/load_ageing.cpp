// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/load_ageing.hpp"

#include <fmt/format.h>

#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kRate{Dimension::none, 0.0, 1.0};
constexpr Kind kSignedRate{Dimension::none, -1.0, 1.0};
constexpr Kind kExponent{Dimension::none, 0.2, 2.0};
constexpr Kind kActivation{Dimension::molar_energy, -200e3, 200e3};  // some are faster in the cold
constexpr Kind kCoefficient{Dimension::none, -1000.0, 1000.0};

models::Cubic read_cubic(const Section& section) {
  models::Cubic cubic;
  cubic.centre = section.number("centre", {Dimension::none, 0.0, 1.0});
  const YamlNode& list = section.at("cubic");
  const std::vector<YamlNode>& items = to_list(list);
  if (items.size() != cubic.coefficients.size())
    throw DataError(list.where, fmt::format("found a list of {}, expected {} coefficients",
                                            items.size(), cubic.coefficients.size()));
  for (std::size_t i = 0; i < items.size(); ++i)
    cubic.coefficients[i] = to_number(items[i], kCoefficient);
  return cubic;
}

models::CalendarLaw read_calendar(const Section& part, std::string_view key) {
  const Section law = part.section(key, {"rate", "exponent", "activation_energy", "soc"});
  return {law.number("rate", kRate), law.number("exponent", kExponent),
          law.number("activation_energy", kActivation),
          read_cubic(law.section("soc", {"centre", "cubic"}))};
}

models::CycleLaw read_cycle(const Section& part, std::string_view key) {
  const Section law =
      part.section(key, {"rate", "rate_per_C", "exponent", "activation_energy", "depth", "factor"});
  return {law.number("rate", kSignedRate),
          law.number("rate_per_C", kSignedRate),
          law.number("exponent", kExponent),
          law.number("activation_energy", kActivation),
          read_cubic(law.section("depth", {"centre", "cubic"})),
          law.number("factor", {Dimension::none, 0.0, 100.0}, 1.0)};
}

models::ColdChargeLaw read_cold_charge(const Section& law) {
  return {law.number("rate", kRate), law.number("activation_energy", kActivation),
          law.number("current_factor", {Dimension::none, 0.0, 20.0})};
}

}  // namespace

models::AgeingParameters read_ageing(const YamlNode& node) {
  const Section ageing(node, {"calendar", "cycle", "cold_charge", "knee"});
  models::AgeingParameters parameters;
  const Section calendar = ageing.section("calendar", {"capacity", "resistance"});
  parameters.calendar_capacity = read_calendar(calendar, "capacity");
  parameters.calendar_resistance = read_calendar(calendar, "resistance");
  const Section cycle = ageing.section("cycle", {"capacity", "resistance"});
  parameters.cycle_capacity = read_cycle(cycle, "capacity");
  parameters.cycle_resistance = read_cycle(cycle, "resistance");
  parameters.cold_charge = read_cold_charge(
      ageing.section("cold_charge", {"rate", "activation_energy", "current_factor"}));
  if (ageing.has("knee")) {
    const Section knee = ageing.section("knee", {"start", "gain"});
    parameters.knee = {knee.number("start", {Dimension::none, 0.0, 1.0}),
                       knee.number("gain", {Dimension::none, 0.0, 1000.0})};
  }
  return parameters;
}

}  // namespace doppelpack::sim
