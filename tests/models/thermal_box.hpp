// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A thermal network with constant power at its nodes, for tests.
#pragma once

#include <cmath>
#include <vector>

#include "models/thermal_network.hpp"

namespace doppelpack::models::testing {

/// No path conducts: a test opens those it is about.
inline HeatPathParameters isolated_nodes() {
  HeatPathParameters p;
  for (double* conductance :
       {&p.face_W_per_K, &p.branch_W_per_K, &p.link_to_cell_W_per_K, &p.terminal_to_case_W_per_K,
        &p.cell_to_case_W_per_K, &p.end_to_case_W_per_K, &p.mosfet_to_board_W_per_K,
        &p.mosfet_to_case_W_per_K, &p.board_to_case_W_per_K, &p.case_to_ambient_W_per_K})
    *conductance = 0.0;
  return p;
}

/// A network, its state and constant power.
struct Box {
  ThermalNetwork network;
  ThermalState state;
  CellArray cell_degC;
  HeatInput power_W;  // per second
  HeatInput heat;
  double ambient_degC = 25.0;
  double to_ambient_J = 0.0;

  explicit Box(const HeatPathParameters& paths, int branches = 1, int positions = 16,
               const std::vector<Bead>& beads = {}, const CellArray& factor = {})
      : network(make_thermal_network(paths, branches, positions, factor, beads)),
        state(make_thermal_state(network, 25.0)),
        cell_degC(CellArray::Constant(static_cast<Eigen::Index>(branches) * positions, 25.0)),
        power_W(make_heat_input(network)),
        heat(power_W) {}

  void run(double seconds, double dt_s) {
    heat.cell_J = power_W.cell_J * dt_s;
    heat.link_J = power_W.link_J * dt_s;
    heat.mosfet_J = power_W.mosfet_J * dt_s;
    heat.board_J = power_W.board_J * dt_s;
    heat.case_J = power_W.case_J * dt_s;
    const long steps = std::lround(seconds / dt_s);
    for (long i = 0; i < steps; ++i)
      to_ambient_J += advance_heat(network, heat, ambient_degC, dt_s, cell_degC, state);
  }
  double total_W() const {
    return power_W.cell_J.sum() + power_W.link_J.sum() + power_W.mosfet_J + power_W.board_J +
           power_W.case_J;
  }
  double held_J() const { return stored_J(network, cell_degC, state); }
};

/// Something different at every node.
inline void heat_unevenly(Box& box) {
  for (Eigen::Index i = 0; i < box.cell_degC.size(); ++i)
    box.power_W.cell_J[i] = 1.0 + 0.3 * std::sin(static_cast<double>(3 * i));
  box.power_W.link_J[box.power_W.link_J.size() / 3] = 10.0;
  box.power_W.mosfet_J = 6.0;
  box.power_W.board_J = 2.5;
  box.power_W.case_J = 1.0;
}

}  // namespace doppelpack::models::testing
