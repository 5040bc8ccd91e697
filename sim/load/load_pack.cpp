// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <cctype>

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
constexpr std::string_view kHeatPathKeys[]{
    "face",         "branch",        "link",   "link_to_cell",    "terminal_to_case",
    "cell_to_case", "end_to_case",   "mosfet", "mosfet_to_board", "mosfet_to_case",
    "board",        "board_to_case", "case",   "case_to_ambient", "ntc_lag"};

Spread read_spread(const Section& section) {
  return {section.number("capacity", kSpread), section.number("resistance", kSpread),
          section.number("self_discharge", kSpread), section.number("cooling", kSpread, 0.0)};
}

models::SwitchParameters read_mosfet(const Section& section) {
  models::SwitchParameters mosfet;
  mosfet.on_Ohm = section.number("on_resistance", {Dimension::resistance, 1e-6, 1.0});
  mosfet.diode_V = section.number("diode_knee", {Dimension::voltage, 0.0, 2.0});
  mosfet.diode_Ohm = section.number("diode_slope", {Dimension::resistance, 1e-6, 1.0});
  mosfet.avalanche_V =
      section.number("avalanche", {Dimension::voltage, 20.0, 2000.0}, mosfet.avalanche_V);
  mosfet.avalanche_limit_J =
      section.number("avalanche_limit", {Dimension::heat, 1e-3, 1e6}, mosfet.avalanche_limit_J);
  return mosfet;
}

models::FuseParameters read_fuse(const Section& section) {
  models::FuseParameters fuse;
  fuse.rated_A = section.number("rated", {Dimension::current, 1.0, 1e4});
  fuse.melt_A2s = section.number("melting", {Dimension::square_current_time, 1.0, 1e9});
  fuse.r_Ohm = section.number("resistance", kContact, fuse.r_Ohm);
  return fuse;
}

models::BreakerParameters read_breaker(const Section& section) {
  models::BreakerParameters breaker;
  breaker.is_fitted = true;
  breaker.rated_A = section.number("rated", {Dimension::current, 1.0, 1e4});
  breaker.r_Ohm = section.number("resistance", kContact, breaker.r_Ohm);
  return breaker;
}

// Two main relays in series, one of them with the pre-charge relay and its resistor beside it.
void read_relays(const Section& section, models::PowerPathParameters& path) {
  constexpr Kind kMoving{Dimension::time, 1e-4, 1.0};
  models::ContactParameters& contact = path.contact;
  path.has_relays = true;
  path.precharge_Ohm = section.number("precharge", {Dimension::resistance, 0.1, 1e4});
  contact.r_Ohm = section.number("resistance", kContact, contact.r_Ohm);
  contact.close_s = section.number("closing", kMoving, contact.close_s);
  contact.open_s = section.number("opening", kMoving, contact.open_s);
  contact.weld_A = section.number("welds_above", {Dimension::current, 1.0, 1e5}, contact.weld_A);
}

models::PowerPathParameters read_path(const Section& pack) {
  constexpr std::string_view kMosfetKeys[]{"on_resistance", "diode_knee", "diode_slope",
                                           "avalanche", "avalanche_limit"};
  models::PowerPathParameters path;
  path.shunt_Ohm = pack.number("shunt", {Dimension::resistance, 1e-6, 0.1});
  path.terminal_Ohm = pack.number("terminal", kContact);
  path.charge_switch = read_mosfet(pack.section("charge_mosfet", kMosfetKeys));
  path.discharge_switch = read_mosfet(pack.section("discharge_mosfet", kMosfetKeys));
  path.loop_H = pack.number("loop_inductance", {Dimension::inductance, 1e-8, 1e-3}, path.loop_H);
  path.insulation_Ohm =
      pack.number("insulation", {Dimension::resistance, 1e3, 1e12}, path.insulation_Ohm);
  path.fuse.melt_A2s = 0.0;
  if (pack.has("fuse"))
    path.fuse = read_fuse(pack.section("fuse", {"rated", "melting", "resistance"}));
  if (pack.has("breaker"))
    path.breaker =
        read_breaker(pack.section("breaker", {"rated", "resistance", "auxiliary_contact"}));
  if (pack.has("relays"))
    read_relays(
        pack.section("relays", {"precharge", "resistance", "closing", "opening", "welds_above"}),
        path);
  return path;
}

models::HeatPathParameters read_heat_paths(const Section& section, const PackDesign& design) {
  const models::Chemistry& cell = design.chemistry;
  models::HeatPathParameters paths;
  paths.cell_J_per_K = cell.heat_capacity_J_per_K * design.cell_capacity_Ah / cell.capacity_Ah;
  paths.face_W_per_K = section.number("face", kHeatFlow);
  paths.branch_W_per_K = section.number("branch", kHeatFlow, paths.face_W_per_K);
  paths.link_J_per_K = section.number("link", kHeatCapacity, paths.link_J_per_K);
  paths.link_to_cell_W_per_K = section.number("link_to_cell", kHeatFlow);
  paths.terminal_to_case_W_per_K =
      section.number("terminal_to_case", kHeatFlow, paths.terminal_to_case_W_per_K);
  paths.cell_to_case_W_per_K = section.number("cell_to_case", kHeatFlow);
  paths.end_to_case_W_per_K = section.number("end_to_case", kHeatFlow);
  paths.mosfet_J_per_K = section.number("mosfet", kHeatCapacity, paths.mosfet_J_per_K);
  paths.mosfet_to_board_W_per_K =
      section.number("mosfet_to_board", kHeatFlow, paths.mosfet_to_board_W_per_K);
  paths.mosfet_to_case_W_per_K =
      section.number("mosfet_to_case", kHeatFlow, paths.mosfet_to_case_W_per_K);
  paths.board_J_per_K = section.number("board", kHeatCapacity, paths.board_J_per_K);
  paths.board_to_case_W_per_K =
      section.number("board_to_case", kHeatFlow, paths.board_to_case_W_per_K);
  paths.case_J_per_K = section.number("case", kHeatCapacity);
  paths.case_to_ambient_W_per_K = section.number("case_to_ambient", kHeatFlow);
  return paths;
}

// A cell by its number, or a place by its name. Counted from 1 in files, from 0 in the program.
models::Bead read_bead(const YamlNode& node, int cell_count, double tau_s) {
  constexpr std::string_view kPlaces[]{"mosfet", "board", "ambient"};
  constexpr models::BeadPlace kBeadPlaces[]{models::BeadPlace::mosfet, models::BeadPlace::board,
                                            models::BeadPlace::ambient};
  const std::string& text = to_text(node);
  if (!text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0)
    return {kBeadPlaces[to_choice(node, kPlaces)], 0, tau_s};
  const auto cell = static_cast<int>(to_whole(node, 1, cell_count));
  return {models::BeadPlace::cell, cell - 1, tau_s};
}

std::vector<models::Bead> read_beads(const YamlNode& node, int cell_count, double tau_s) {
  std::vector<models::Bead> beads;
  for (const YamlNode& item : to_list(node, 1)) beads.push_back(read_bead(item, cell_count, tau_s));
  if (beads.size() > BMS_MAX_NTCS)
    throw DataError(node.where, fmt::format("found a list of {}, expected at most {} NTCs",
                                            beads.size(), BMS_MAX_NTCS));
  return beads;
}

double read_lag(const Section& section) {
  return section.number("lag", {Dimension::time, 0.1, 1e4});
}

bool has_auxiliary_contact(const YamlNode& breaker) {
  const YamlNode* contact = breaker.find("auxiliary_contact");
  return contact != nullptr && to_yes_or_no(*contact);
}

const models::CellModel* read_cell_model(const YamlNode& node) {
  std::vector<std::string_view> keys;
  for (const models::CellModel* model : models::cell_models()) keys.push_back(model->key);
  return models::cell_models()[to_choice(node, keys)];
}

models::PackParameters read_electrical(const Section& pack, const PackDesign& design) {
  models::PackParameters parameters;
  parameters.series = design.series;
  parameters.parallel = design.parallel;
  parameters.cell_model = read_cell_model(pack.at("cell_model"));
  parameters.link_Ohm = pack.number("link", kContact);
  parameters.bleeder_Ohm = pack.number("bleeder", {Dimension::resistance, 1.0, 1e6});
  parameters.supply_A = pack.number("supply", {Dimension::current, 0.0, 1.0});
  parameters.path = read_path(pack);
  return parameters;
}

}  // namespace

PackDesign read_pack(const YamlNode& node, const std::filesystem::path& data_folder) {
  const Section pack(node, {"cell",
                            "cell_model",
                            "series",
                            "parallel",
                            "capacity",
                            "self_discharge",
                            "spread",
                            "link",
                            "shunt",
                            "terminal",
                            "charge_mosfet",
                            "discharge_mosfet",
                            "loop_inductance",
                            "insulation",
                            "fuse",
                            "breaker",
                            "relays",
                            "bleeder",
                            "supply",
                            "thermal",
                            "ntcs",
                            "mosfet_ntc"});
  PackDesign design;
  const YamlNode cell = read_yaml(locate(pack.at("cell"), kCells, data_folder));
  design.chemistry = read_cell(cell);
  design.cell_sha256 = digest_of(cell);
  design.cell_model = pack.text("cell_model");
  design.series = static_cast<int>(to_whole(pack.at("series"), 1, BMS_MAX_CELLS));
  design.parallel = static_cast<int>(to_whole(pack.at("parallel"), 1, 100));
  design.cell_capacity_Ah = pack.number("capacity", {Dimension::charge, 1.0, 2000.0});
  design.self_discharge_A = pack.number("self_discharge", {Dimension::current, 0.0, 1.0});
  design.spread =
      read_spread(pack.section("spread", {"capacity", "resistance", "self_discharge", "cooling"}));
  const Section thermal = pack.section("thermal", kHeatPathKeys);
  design.heat_paths = read_heat_paths(thermal, design);
  design.beads = read_beads(pack.at("ntcs"), design.cell_count(),
                            thermal.number("ntc_lag", {Dimension::time, 0.1, 1e4}));
  design.has_mosfet_ntc = pack.has("mosfet_ntc");
  if (design.has_mosfet_ntc)
    design.beads.push_back(
        {models::BeadPlace::mosfet, 0, read_lag(pack.section("mosfet_ntc", {"lag"}))});
  design.electrical = read_electrical(pack, design);
  if (const YamlNode* breaker = pack.find("breaker"))
    design.has_breaker_contact = has_auxiliary_contact(*breaker);
  return design;
}

}  // namespace doppelpack::sim
