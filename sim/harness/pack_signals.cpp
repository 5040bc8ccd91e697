// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "harness/signal_tables.hpp"

namespace doppelpack::sim {

namespace {

using models::PackState;

// A loop in index order: a vectorised sum would round differently from machine to machine.
double mean_soc(const BenchState& state, int /*index*/) {
  const models::CellTable& x = state.pack.cells.x;
  double sum = 0.0;
  for (Eigen::Index cell = 0; cell < x.rows(); ++cell) sum += x(cell, 0);
  return sum / static_cast<double>(x.rows());
}

constexpr auto kPack = &BenchState::pack;

constexpr std::array kPackSignals{
    SignalRow{"current_A", Dimension::current, kNumber, "current into the pack, + charges",
              read_field<kPack, &PackState::current_A>},
    SignalRow{"peak_A", Dimension::current, kNumber, "highest magnitude since something switched",
              [](const BenchState& state, int) { return state.pack.path.peak_A; }},
    SignalRow{"terminal_V", Dimension::voltage, kNumber, "voltage at the terminals",
              read_field<kPack, &PackState::terminal_V>},
    SignalRow{"link_V", Dimension::voltage, kNumber, "voltage of the DC link, at the inverter",
              [](const BenchState& state, int) { return state.pack.path.link_V; }},
    SignalRow{"stack_V", Dimension::voltage, kNumber, "voltage of all cells in series",
              read_field<kPack, &PackState::stack_V>},
    SignalRow{"soc", Dimension::none, kNumber, "state of charge, mean of the cells", mean_soc},
    SignalRow{"cell_max_V", Dimension::voltage, kNumber, "highest cell",
              [](const BenchState& state, int) { return state.pack.cell_V.maxCoeff(); }},
    SignalRow{"cell_min_V", Dimension::voltage, kNumber, "lowest cell",
              [](const BenchState& state, int) { return state.pack.cell_V.minCoeff(); }},
    SignalRow{"T_max_degC", Dimension::temperature, kNumber, "hottest cell",
              [](const BenchState& state, int) { return state.pack.cells.T_degC.maxCoeff(); }},
    SignalRow{"T_min_degC", Dimension::temperature, kNumber, "coldest cell",
              [](const BenchState& state, int) { return state.pack.cells.T_degC.minCoeff(); }},
    SignalRow{"case_degC", Dimension::temperature, kNumber, "temperature of the case",
              [](const BenchState& state, int) { return state.pack.thermal.case_degC; }},
    SignalRow{"mosfet_degC", Dimension::temperature, kNumber, "temperature of the MOSFETs",
              [](const BenchState& state, int) { return state.pack.thermal.mosfet_degC; }},
    SignalRow{"board_degC", Dimension::temperature, kNumber, "temperature of the BMS board",
              [](const BenchState& state, int) { return state.pack.thermal.board_degC; }},
    SignalRow{"charge_Ah", Dimension::charge, kNumber, "charged since the start",
              read_field<kPack, &PackState::charge_Ah>},
    SignalRow{"discharge_Ah", Dimension::charge, kNumber, "discharged since the start",
              read_field<kPack, &PackState::discharge_Ah>},
    SignalRow{"is_supply_alive", Dimension::none, kNoYes, "the BMS has a supply",
              read_field<&BenchState::supply, &models::SupplyRailState::is_alive>},
    SignalRow{"gas_mol", Dimension::none, kNumber, "gas that left through the vents, mol",
              [](const BenchState& state, int) {
                double sum_mol = 0.0;
                for (const double mol : state.pack.runaway.gas_mol) sum_mol += mol;
                return sum_mol;
              }},
    SignalRow{"heat_J", Dimension::heat, kNumber, "heat produced in the box since the start",
              read_field<kPack, &PackState::heat_J>},
};

constexpr std::array kPackCellSignals{
    SignalRow{"voltage_V", Dimension::voltage, kNumber, "voltage at the taps of this cell",
              [](const BenchState& state, int cell) {
                return state.pack.cell_V[cell % state.pack.cell_V.size()];
              }},
    SignalRow{"soc", Dimension::none, kNumber, "state of charge of this cell",
              [](const BenchState& state, int cell) { return state.pack.cells.x(cell, 0); }},
    SignalRow{
        "soh", Dimension::none, kNumber, "capacity over that of the new cell",
        [](const BenchState& state, int cell) { return state.pack.cells.capacity_factor[cell]; }},
    SignalRow{"is_vented", Dimension::none, kNoYes, "its vent has opened",
              [](const BenchState& state, int cell) {
                return static_cast<double>(
                    state.pack.runaway.is_vented[static_cast<std::size_t>(cell)]);
              }},
    SignalRow{"T_degC", Dimension::temperature, kNumber, "temperature of this cell",
              [](const BenchState& state, int cell) { return state.pack.cells.T_degC[cell]; }},
};

constexpr std::array kPackNtcSignals{
    SignalRow{"T_degC", Dimension::temperature, kNumber, "temperature of this thermistor's bead",
              [](const BenchState& state, int ntc) { return state.pack.thermal.bead_degC[ntc]; }},
};

}  // namespace

std::span<const SignalRow> pack_signals() {
  return kPackSignals;
}
std::span<const SignalRow> pack_cell_signals() {
  return kPackCellSignals;
}
std::span<const SignalRow> pack_ntc_signals() {
  return kPackNtcSignals;
}

}  // namespace doppelpack::sim
