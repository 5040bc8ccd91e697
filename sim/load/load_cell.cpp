// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/load_cell.hpp"

#include "load/data_folder.hpp"
#include "load/load_ageing.hpp"
#include "load/section.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::size_t kMostPoints = 500;
constexpr Kind kTableSoc{Dimension::none, -0.05, 1.05};
constexpr Kind kOcv{Dimension::voltage, 0.5, 5.0};
constexpr Kind kHysteresis{Dimension::voltage, 0.0, 0.2};
constexpr Kind kEntropic{Dimension::voltage_per_temperature, -0.01, 0.01};
constexpr Kind kFactor{Dimension::none, 0.01, 100.0};
constexpr Kind kResistance{Dimension::resistance, 1e-6, 1.0};
// Per kelvin below 25 degC: 65 K must leave something of the capacity.
constexpr Kind kPerKelvin{Dimension::none, 0.0, 0.015};
constexpr Kind kCellActivation{Dimension::molar_energy, 0.0, 200e3};

models::SocTable read_table(const YamlNode& node, const Kind& kind) {
  models::SocTable table;
  for (const auto& [soc, value] : to_table(node, kTableSoc, kind, 2, kMostPoints)) {
    table.soc.push_back(soc);
    table.value.push_back(value);
  }
  return table;
}

models::SocTable read_ocv(const YamlNode& node) {
  models::SocTable table = read_table(node, kOcv);
  for (std::size_t i = 1; i < table.value.size(); ++i) {
    if (table.value[i] < table.value[i - 1])
      refuse(node.items[i].items[1],
             "at least " + node.items[i - 1].items[1].text + ", for the OCV never falls with SOC");
  }
  if (table.soc.front() > 0.0)
    refuse(node.items.front().items[0], "a table that starts at 0 % or below");
  if (table.soc.back() < 1.0)
    refuse(node.items.back().items[0], "a table that ends at 100 % or above");
  return table;
}

models::RcPair read_rc_pair(const Section& section) {
  return {section.number("resistance", kResistance),
          section.number("time_constant", {Dimension::time, 0.01, 1e5}),
          section.number("activation_energy", kCellActivation)};
}

}  // namespace

models::Chemistry read_cell(const YamlNode& root) {
  const Section cell(root, {"cell", "title", "sources", "capacity", "ocv", "hysteresis",
                            "entropic_coefficient", "r0", "rc1", "rc2", "rc_factor",
                            "heat_capacity", "coulombic_efficiency", "cold_capacity", "ageing"});
  models::Chemistry chemistry;
  chemistry.key = read_key(cell, "cell");
  chemistry.title = cell.text("title");
  for (const YamlNode& source : to_list(cell.at("sources"), 1)) to_text(source);
  chemistry.capacity_Ah = cell.number("capacity", {Dimension::charge, 0.01, 10e3});
  chemistry.ocv_V = read_ocv(cell.at("ocv"));

  const Section hysteresis =
      cell.section("hysteresis", {"half_gap", "gamma", "instant", "cold_growth"});
  chemistry.hysteresis_V = read_table(hysteresis.at("half_gap"), kHysteresis);
  chemistry.hysteresis_gamma = hysteresis.number("gamma", {Dimension::none, 0.0, 1000.0});
  chemistry.hysteresis_instant_V = hysteresis.number("instant", {Dimension::voltage, 0.0, 0.05});
  chemistry.hysteresis_per_K = hysteresis.number("cold_growth", kPerKelvin, 0.0);
  chemistry.entropic_V_per_K = read_table(cell.at("entropic_coefficient"), kEntropic);

  const Section r0 = cell.section("r0", {"resistance", "activation_energy"});
  chemistry.r0_Ohm = r0.number("resistance", kResistance);
  chemistry.r0_activation_J_per_mol = r0.number("activation_energy", kCellActivation);
  constexpr std::string_view kPairKeys[]{"resistance", "time_constant", "activation_energy"};
  chemistry.rc1 = read_rc_pair(cell.section("rc1", kPairKeys));
  chemistry.rc2 = read_rc_pair(cell.section("rc2", kPairKeys));
  const Section factor = cell.section("rc_factor", {"discharge", "charge"});
  chemistry.rc_factor_discharge = read_table(factor.at("discharge"), kFactor);
  chemistry.rc_factor_charge = read_table(factor.at("charge"), kFactor);

  chemistry.heat_capacity_J_per_K =
      cell.number("heat_capacity", {Dimension::heat_capacity, 1.0, 1e6});
  chemistry.coulombic_efficiency = cell.number("coulombic_efficiency", {Dimension::none, 0.5, 1.0});
  chemistry.cold_capacity_per_K = cell.number("cold_capacity", kPerKelvin, 0.0);
  if (const YamlNode* ageing = cell.find("ageing")) chemistry.ageing = read_ageing(*ageing);
  return chemistry;
}

models::Chemistry load_cell(std::string_view key_or_file,
                            const std::filesystem::path& data_folder) {
  return read_cell(read_yaml(locate(key_or_file, kCells, "", data_folder, {})));
}

models::Chemistry parse_cell(const std::string& yaml) {
  return read_cell(read_yaml_text(yaml, ""));
}

}  // namespace doppelpack::sim
