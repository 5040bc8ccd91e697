// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include "bms/types.h"
#include "load/data_folder.hpp"
#include "load/load_cell.hpp"
#include "load/product_parts.hpp"
#include "load/section.hpp"

namespace doppelpack::sim {

namespace {

constexpr Kind kSpread{Dimension::none, 0.0, 0.2};  // five sigma still leave something
constexpr Kind kContact{Dimension::resistance, 0.0, 1.0};
constexpr Kind kHeatCapacity{Dimension::heat_capacity, 1.0, 1e7};
constexpr Kind kHeatFlow{Dimension::thermal_conductance, 0.0, 1e4};

Spread read_spread(const Section& section) {
  return {section.number("capacity", kSpread), section.number("resistance", kSpread),
          section.number("self_discharge", kSpread)};
}

models::MosfetParameters read_mosfet(const Section& section) {
  return {section.number("on_resistance", {Dimension::resistance, 1e-6, 1.0}),
          section.number("diode_knee", {Dimension::voltage, 0.0, 2.0}),
          section.number("diode_slope", {Dimension::resistance, 1e-6, 1.0})};
}

models::ThermalParameters read_thermal(const Section& section, const PackDesign& design) {
  models::ThermalParameters thermal;
  const models::Chemistry& cell = design.chemistry;
  thermal.cell_J_per_K =
      cell.heat_capacity_J_per_K * design.cell_capacity_Ah * design.parallel / cell.capacity_Ah;
  thermal.neighbour_W_per_K = section.number("neighbour", kHeatFlow);
  thermal.cell_to_case_W_per_K = section.number("cell_to_case", kHeatFlow);
  thermal.end_to_case_W_per_K = section.number("end_to_case", kHeatFlow);
  thermal.case_J_per_K = section.number("case", kHeatCapacity);
  thermal.case_to_ambient_W_per_K = section.number("case_to_ambient", kHeatFlow);
  thermal.ntc_tau_s = section.number("ntc_lag", {Dimension::time, 0.1, 1e4});
  return thermal;
}

// Cells are counted from 1 in files, from 0 in the program.
std::vector<int> read_ntc_cells(const YamlNode& node, int cell_count) {
  std::vector<int> cells;
  for (const YamlNode& cell : to_list(node, 1))
    cells.push_back(static_cast<int>(to_whole(cell, 1, cell_count)) - 1);
  if (cells.size() > BMS_MAX_NTCS)
    throw DataError(node.where, fmt::format("found a list of {}, expected at most {} NTCs",
                                            cells.size(), BMS_MAX_NTCS));
  return cells;
}

const models::CellModel* read_cell_model(const YamlNode& node) {
  std::vector<std::string_view> keys;
  for (const models::CellModel* model : models::cell_models()) keys.push_back(model->key);
  return models::cell_models()[to_choice(node, keys)];
}

models::PackParameters read_electrical(const Section& pack, const PackDesign& design) {
  constexpr std::string_view kMosfetKeys[]{"on_resistance", "diode_knee", "diode_slope"};
  models::PackParameters parameters;
  parameters.cell_count = design.cell_count;
  parameters.cell_model = read_cell_model(pack.at("cell_model"));
  parameters.link_Ohm = pack.number("link", kContact);
  parameters.shunt_Ohm = pack.number("shunt", {Dimension::resistance, 1e-6, 0.1});
  parameters.terminal_Ohm = pack.number("terminal", kContact);
  parameters.charge_mosfet = read_mosfet(pack.section("charge_mosfet", kMosfetKeys));
  parameters.discharge_mosfet = read_mosfet(pack.section("discharge_mosfet", kMosfetKeys));
  parameters.bleeder_Ohm = pack.number("bleeder", {Dimension::resistance, 1.0, 1e6});
  parameters.supply_A = pack.number("supply", {Dimension::current, 0.0, 1.0});
  parameters.thermal =
      read_thermal(pack.section("thermal", {"neighbour", "cell_to_case", "end_to_case", "case",
                                            "case_to_ambient", "ntc_lag"}),
                   design);
  parameters.ntc_cell = read_ntc_cells(pack.at("ntcs"), design.cell_count);
  return parameters;
}

}  // namespace

PackDesign read_pack(const YamlNode& node, const std::filesystem::path& data_folder) {
  const Section pack(
      node, {"cell", "cell_model", "series", "parallel", "capacity", "self_discharge", "spread",
             "link", "shunt", "terminal", "charge_mosfet", "discharge_mosfet", "bleeder", "supply",
             "thermal", "ntcs"});
  PackDesign design;
  design.chemistry = load_cell(locate(pack.at("cell"), kCells, data_folder));
  design.cell_model = pack.text("cell_model");
  design.cell_count = static_cast<int>(to_whole(pack.at("series"), 1, BMS_MAX_CELLS));
  design.parallel = static_cast<int>(to_whole(pack.at("parallel"), 1, 100));
  design.cell_capacity_Ah = pack.number("capacity", {Dimension::charge, 1.0, 2000.0});
  design.self_discharge_A = pack.number("self_discharge", {Dimension::current, 0.0, 1.0});
  design.spread = read_spread(pack.section("spread", {"capacity", "resistance", "self_discharge"}));
  design.electrical = read_electrical(pack, design);
  return design;
}

}  // namespace doppelpack::sim
