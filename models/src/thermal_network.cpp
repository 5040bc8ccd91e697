// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/thermal_network.hpp"

#include <algorithm>

#include "thermal_nodes.hpp"

namespace doppelpack::models {

namespace {

// One way for heat between two nodes.
template <typename Visit>
void for_each_path(const ThermalNetwork& n, Visit visit) {
  const HeatPathParameters& p = n.paths;
  const ThermalNodes at(n);
  for (int b = 0; b < n.branches; ++b) {
    const Eigen::Index first = static_cast<Eigen::Index>(b) * n.positions;
    for (int i = 0; i < n.positions; ++i) {
      const Eigen::Index cell = first + i;
      visit(cell, at.box, n.cell_to_case_W_per_K[cell]);
      visit(cell, at.cells + i, p.link_to_cell_W_per_K);
      if (i > 0) visit(cell, at.cells + i - 1, p.link_to_cell_W_per_K);
      if (i > 0) visit(cell, cell - 1, p.face_W_per_K);
      if (b > 0) visit(cell, cell - n.positions, p.branch_W_per_K);
    }
  }
  visit(at.mosfet - 1, at.box, p.terminal_to_case_W_per_K);
  visit(at.mosfet, at.board, p.mosfet_to_board_W_per_K);
  visit(at.mosfet, at.box, p.mosfet_to_case_W_per_K);
  visit(at.board, at.box, p.board_to_case_W_per_K);
}

// Gershgorin: no rate exceeds twice the conductance of a node over its capacity.
double rate_bound_per_s(const ThermalNetwork& n) {
  const ThermalNodes at(n);
  CellArray conductance_W_per_K = CellArray::Zero(at.count);
  conductance_W_per_K[at.box] = n.paths.case_to_ambient_W_per_K;
  for_each_path(n, [&](Eigen::Index a, Eigen::Index b, double path_W_per_K) {
    conductance_W_per_K[a] += path_W_per_K;
    conductance_W_per_K[b] += path_W_per_K;
  });
  double most_per_s = 0.0;
  for (Eigen::Index i = 0; i < at.count; ++i)
    most_per_s = std::max(most_per_s, 2.0 * conductance_W_per_K[i] * n.node_K_per_J[i]);
  return most_per_s;
}

CellTable conductances_W_per_K(const ThermalNetwork& n) {
  const ThermalNodes at(n);
  CellTable all = CellTable::Zero(at.count, at.count);
  all(at.box, at.box) = n.paths.case_to_ambient_W_per_K;
  for_each_path(n, [&](Eigen::Index a, Eigen::Index b, double path_W_per_K) {
    all(a, a) += path_W_per_K;
    all(b, b) += path_W_per_K;
    all(a, b) -= path_W_per_K;
    all(b, a) -= path_W_per_K;
  });
  return all;
}

int node_of(const ThermalNetwork& n, const Bead& bead) {
  const ThermalNodes at(n);
  switch (bead.place) {
    case BeadPlace::cell:
      return bead.index;
    case BeadPlace::link:
      return static_cast<int>(at.cells) + bead.index;
    case BeadPlace::mosfet:
      return static_cast<int>(at.mosfet);
    case BeadPlace::board:
      return static_cast<int>(at.board);
    case BeadPlace::ambient:
      break;
  }
  return -1;
}

}  // namespace

ThermalNetwork make_thermal_network(const HeatPathParameters& paths, int branches, int positions,
                                    const CellArray& cell_to_case_factor,
                                    const std::vector<Bead>& beads) {
  ThermalNetwork n;
  n.paths = paths;
  n.branches = branches;
  n.positions = positions;
  n.beads = beads;
  const ThermalNodes at(n);

  n.cell_to_case_W_per_K = CellArray::Constant(at.cells, paths.cell_to_case_W_per_K);
  for (Eigen::Index first = 0; first < at.cells; first += positions) {
    n.cell_to_case_W_per_K[first] += paths.end_to_case_W_per_K;
    n.cell_to_case_W_per_K[first + positions - 1] += paths.end_to_case_W_per_K;
  }
  if (cell_to_case_factor.size() > 0) n.cell_to_case_W_per_K *= cell_to_case_factor;

  n.node_K_per_J = CellArray::Constant(at.count, 1.0 / paths.cell_J_per_K);
  n.node_K_per_J.segment(at.cells, at.links).setConstant(1.0 / paths.link_J_per_K);
  n.node_K_per_J[at.mosfet] = 1.0 / paths.mosfet_J_per_K;
  n.node_K_per_J[at.board] = 1.0 / paths.board_J_per_K;
  n.node_K_per_J[at.box] = 1.0 / paths.case_J_per_K;
  n.fastest_per_s = rate_bound_per_s(n);
  for (const Bead& bead : beads) n.bead_node.push_back(node_of(n, bead));
  return n;
}

void add_modes(ThermalNetwork& n) {
  constexpr Eigen::Index kMostNodes = 128;
  if (ThermalNodes(n).count <= kMostNodes)
    n.modes = make_thermal_modes(conductances_W_per_K(n), n.node_K_per_J);
}

ThermalState make_thermal_state(const ThermalNetwork& network, double T_degC) {
  const ThermalNodes at(network);
  const auto beads = static_cast<Eigen::Index>(network.beads.size());
  ThermalState state;
  state.link_degC = CellArray::Constant(at.links, T_degC);
  state.mosfet_degC = T_degC;
  state.board_degC = T_degC;
  state.case_degC = T_degC;
  state.bead_degC = CellArray::Constant(beads, T_degC);
  for (CellArray* array :
       {&state.owed_K, &state.node_degC, &state.term_K, &state.next_term_K, &state.rise_K})
    array->setZero(at.count);
  for (CellArray* array : {&state.held_bead_share, &state.held_bead_ramp, &state.bead_source_degC})
    array->setZero(beads);
  return state;
}

HeatInput make_heat_input(const ThermalNetwork& network) {
  const ThermalNodes at(network);
  return {CellArray::Zero(at.cells), CellArray::Zero(at.links), 0.0, 0.0, 0.0};
}

void clear(HeatInput& heat) {
  heat.cell_J.setZero();
  heat.link_J.setZero();
  heat.mosfet_J = 0.0;
  heat.board_J = 0.0;
  heat.case_J = 0.0;
}

double stored_J(const ThermalNetwork& network, const CellArray& cell_degC,
                const ThermalState& state) {
  const HeatPathParameters& p = network.paths;
  double cells_K = 0.0;
  double links_K = 0.0;
  for (Eigen::Index i = 0; i < cell_degC.size(); ++i) cells_K += cell_degC[i];
  for (Eigen::Index i = 0; i < state.link_degC.size(); ++i) links_K += state.link_degC[i];
  return p.cell_J_per_K * cells_K + p.link_J_per_K * links_K +
         p.mosfet_J_per_K * state.mosfet_degC + p.board_J_per_K * state.board_degC +
         p.case_J_per_K * state.case_degC;
}

}  // namespace doppelpack::models
