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
    SignalRow{"terminal_V", Dimension::voltage, kNumber, "voltage at the terminals",
              read_field<kPack, &PackState::terminal_V>},
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
              read_field<kPack, &PackState::case_degC>},
    SignalRow{"charge_Ah", Dimension::charge, kNumber, "charged since the start",
              read_field<kPack, &PackState::charge_Ah>},
    SignalRow{"discharge_Ah", Dimension::charge, kNumber, "discharged since the start",
              read_field<kPack, &PackState::discharge_Ah>},
    SignalRow{"heat_J", Dimension::heat, kNumber, "heat produced in the box since the start",
              read_field<kPack, &PackState::heat_J>},
};

constexpr std::array kPackCellSignals{
    SignalRow{"voltage_V", Dimension::voltage, kNumber, "voltage at the taps of this cell",
              [](const BenchState& state, int cell) { return state.pack.cell_V[cell]; }},
    SignalRow{"soc", Dimension::none, kNumber, "state of charge of this cell",
              [](const BenchState& state, int cell) { return state.pack.cells.x(cell, 0); }},
    SignalRow{"T_degC", Dimension::temperature, kNumber, "temperature of this cell",
              [](const BenchState& state, int cell) { return state.pack.cells.T_degC[cell]; }},
};

constexpr std::array kPackNtcSignals{
    SignalRow{"T_degC", Dimension::temperature, kNumber, "temperature of this thermistor's bead",
              [](const BenchState& state, int ntc) { return state.pack.ntc_degC[ntc]; }},
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
