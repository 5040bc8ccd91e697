// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A product and a state made by hand, for tests of what only looks at them.
#pragma once

#include "can_emulator/can_protocol.hpp"
#include "sim/bench_state.hpp"
#include "sim/product.hpp"

namespace doppelpack::sim {

inline constexpr int kCells = 16;
inline constexpr int kNtcs = 4;

/// 16 cells, 4 NTCs, both buses.
inline Product small_product() {
  static const can_emulator::CanProtocol kCan{};
  static const can_emulator::SerialProtocol kSerial{};
  Product product;
  product.pack.series = kCells;
  for (const int cell : {0, 5, 10, 15})
    product.pack.beads.push_back({models::BeadPlace::cell, cell});
  product.bms.cell_count = kCells;
  product.bms.ntc_count = kNtcs;
  product.can = &kCan;
  product.rs485 = &kSerial;
  return product;
}

/// At 25 degC, half full, 3.3 V per cell, in truth and in the report alike.
inline BenchState small_state() {
  BenchState state;
  state.units.resize(1);
  state.units[0].condition.hardware = models::flawless_hardware(kCells, kNtcs);
  state.units[0].pack.cells.x = models::CellTable::Constant(kCells, 1, 0.5);
  state.units[0].pack.cells.T_degC = models::CellArray::Constant(kCells, 25.0);
  state.units[0].pack.thermal.bead_degC = models::CellArray::Constant(kNtcs, 25.0);
  state.units[0].pack.cells.capacity_factor = models::CellArray::Ones(kCells);
  state.units[0].pack.runaway = models::make_runaway_state(kCells);
  state.units[0].pack.cell_V = models::CellArray::Constant(kCells, 3.3);
  state.units[0].pack.stack_V = 52.8;
  state.units[0].pack.terminal_V = 52.8;
  bms_report_t& report = state.units[0].bms_outputs.report;
  report.cell_count = kCells;
  report.ntc_count = kNtcs;
  for (int i = 0; i < kCells; ++i) report.cell_mV[i] = 3300;
  for (int i = 0; i < kNtcs; ++i) report.ntc_ddegC[i] = 250;
  report.pack_mV = 52800;
  report.terminal_mV = 52800;
  report.soc_permille = 500;
  report.soh_permille = 1000;
  report.state = BMS_STATE_STANDBY;
  return state;
}

}  // namespace doppelpack::sim
