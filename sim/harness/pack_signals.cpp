// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "harness/signal_tables.hpp"

namespace doppelpack::sim {

namespace {

using models::PackState;

// A loop in index order: a vectorised sum would round differently from machine to machine.
double mean_soc(const PackUnit& unit, int /*index*/) {
  const models::CellTable& x = unit.pack.cells.x;
  double sum = 0.0;
  for (Eigen::Index cell = 0; cell < x.rows(); ++cell) sum += x(cell, 0);
  return sum / static_cast<double>(x.rows());
}

constexpr auto kPack = &PackUnit::pack;

constexpr std::array kPackSignals{
    UnitRow{"current_A", Dimension::current, kNumber, "current into the pack, + charges",
            read_field<kPack, &PackState::current_A>},
    UnitRow{"peak_A", Dimension::current, kNumber, "highest magnitude since something switched",
            [](const PackUnit& unit, int) { return unit.pack.path.peak_A; }},
    UnitRow{"terminal_V", Dimension::voltage, kNumber, "voltage at the terminals",
            read_field<kPack, &PackState::terminal_V>},
    UnitRow{"link_V", Dimension::voltage, kNumber, "voltage of the DC link, at the inverter",
            [](const PackUnit& unit, int) { return unit.pack.path.link_V; }},
    UnitRow{"stack_V", Dimension::voltage, kNumber, "voltage of all cells in series",
            read_field<kPack, &PackState::stack_V>},
    UnitRow{"soc", Dimension::none, kNumber, "state of charge, mean of the cells", mean_soc},
    UnitRow{"cell_max_V", Dimension::voltage, kNumber, "highest cell",
            [](const PackUnit& unit, int) { return unit.pack.cell_V.maxCoeff(); }},
    UnitRow{"cell_min_V", Dimension::voltage, kNumber, "lowest cell",
            [](const PackUnit& unit, int) { return unit.pack.cell_V.minCoeff(); }},
    UnitRow{"T_max_degC", Dimension::temperature, kNumber, "hottest cell",
            [](const PackUnit& unit, int) { return unit.pack.cells.T_degC.maxCoeff(); }},
    UnitRow{"T_min_degC", Dimension::temperature, kNumber, "coldest cell",
            [](const PackUnit& unit, int) { return unit.pack.cells.T_degC.minCoeff(); }},
    UnitRow{"case_degC", Dimension::temperature, kNumber, "temperature of the case",
            [](const PackUnit& unit, int) { return unit.pack.thermal.case_degC; }},
    UnitRow{"mosfet_degC", Dimension::temperature, kNumber, "temperature of the MOSFETs",
            [](const PackUnit& unit, int) { return unit.pack.thermal.mosfet_degC; }},
    UnitRow{"board_degC", Dimension::temperature, kNumber, "temperature of the BMS board",
            [](const PackUnit& unit, int) { return unit.pack.thermal.board_degC; }},
    UnitRow{"charge_Ah", Dimension::charge, kNumber, "charged since the start",
            read_field<kPack, &PackState::charge_Ah>},
    UnitRow{"discharge_Ah", Dimension::charge, kNumber, "discharged since the start",
            read_field<kPack, &PackState::discharge_Ah>},
    UnitRow{"is_supply_alive", Dimension::none, kNoYes, "the BMS has a supply",
            read_field<&PackUnit::supply, &models::SupplyRailState::is_alive>},
    UnitRow{"gas_mol", Dimension::none, kNumber, "gas that left through the vents, mol",
            [](const PackUnit& unit, int) {
              double sum_mol = 0.0;
              for (const double mol : unit.pack.runaway.gas_mol) sum_mol += mol;
              return sum_mol;
            }},
    UnitRow{"heat_J", Dimension::heat, kNumber, "heat produced in the box since the start",
            read_field<kPack, &PackState::heat_J>},
};

constexpr std::array kPackCellSignals{
    UnitRow{"voltage_V", Dimension::voltage, kNumber, "voltage at the taps of this cell",
            [](const PackUnit& unit, int cell) {
              return unit.pack.cell_V[cell % unit.pack.cell_V.size()];
            }},
    UnitRow{"soc", Dimension::none, kNumber, "state of charge of this cell",
            [](const PackUnit& unit, int cell) { return unit.pack.cells.x(cell, 0); }},
    UnitRow{"soh", Dimension::none, kNumber, "capacity over that of the new cell",
            [](const PackUnit& unit, int cell) { return unit.pack.cells.capacity_factor[cell]; }},
    UnitRow{"is_vented", Dimension::none, kNoYes, "its vent has opened",
            [](const PackUnit& unit, int cell) {
              return static_cast<double>(
                  unit.pack.runaway.is_vented[static_cast<std::size_t>(cell)]);
            }},
    UnitRow{"T_degC", Dimension::temperature, kNumber, "temperature of this cell",
            [](const PackUnit& unit, int cell) { return unit.pack.cells.T_degC[cell]; }},
};

constexpr std::array kPackNtcSignals{
    UnitRow{"T_degC", Dimension::temperature, kNumber, "temperature of this thermistor's bead",
            [](const PackUnit& unit, int ntc) { return unit.pack.thermal.bead_degC[ntc]; }},
};

}  // namespace

std::span<const UnitRow> pack_signals() {
  return kPackSignals;
}
std::span<const UnitRow> pack_cell_signals() {
  return kPackCellSignals;
}
std::span<const UnitRow> pack_ntc_signals() {
  return kPackNtcSignals;
}

}  // namespace doppelpack::sim
