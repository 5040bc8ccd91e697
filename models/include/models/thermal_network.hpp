// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Heat in the box as a network of nodes: every cell, every busbar link, the MOSFETs, the board with
// the BMS and the shunt, and the case, which alone cools to the ambient.
//
//   cell p --face-- cell p+1     in each branch; neighbouring branches touch at every position
//       \          /
//        link p ---              on the positive side of position p; the last one is the terminal
//   cells, last link, MOSFETs, board --- case --- ambient;  MOSFETs --- board
//
// All paths are linear, so with constant heat T' = A T + b has an exact solution, which is what
// advance_heat() computes: a step may have any length.
#pragma once

#include <vector>

#include "models/cell_model.hpp"
#include "models/thermal_modes.hpp"

namespace doppelpack::models {

/// Heat capacities and conductances of the box. All > 0 except conductances, which may be 0.
/// Sources: cell_models reference 3.2, 3.3; "estimate" is an engineering estimate of ours.
struct HeatPathParameters {
  double cell_J_per_K = 2080.0;           ///< 1.98 kg at 1050 J/kg/K (3.1)
  double face_W_per_K = 0.45;             ///< between neighbours in series, face to face
  double branch_W_per_K = 0.45;           ///< between neighbouring branches; estimate, as face
  double link_J_per_K = 20.0;             ///< 18 g of copper, its bolts and terminals; estimate
  double link_to_cell_W_per_K = 0.7;      ///< each cell; two in series are the 0.35 of section 0
  double terminal_to_case_W_per_K = 0.3;  ///< last link, through its bushing; estimate
  double cell_to_case_W_per_K = 0.4;      ///< every cell
  double end_to_case_W_per_K = 0.5;       ///< in addition, first and last cell of a branch
  double mosfet_J_per_K = 120.0;          ///< devices and their heat spreader; estimate
  double mosfet_to_board_W_per_K = 0.5;   ///< through the copper of the board; estimate
  double mosfet_to_case_W_per_K = 1.5;    ///< through an insulating pad; estimate
  double board_J_per_K = 150.0;           ///< 0.15 kg; estimate
  double board_to_case_W_per_K = 0.5;     ///< stand-offs and air; estimate
  double case_J_per_K = 4000.0;
  double case_to_ambient_W_per_K = 6.0;
};

enum class BeadPlace { cell, link, mosfet, board, ambient };

/// Where an NTC sits: `index` is the cell (branch * positions + position) or link, else unused.
/// tau_s >= 0: 10-20 s on a terminal, 30-60 s on a face, 60-150 s in air (reference 3.4).
struct Bead {
  BeadPlace place = BeadPlace::cell;
  int index = 0;
  double tau_s = 40.0;
};

/// The network of one pack; constant after make_thermal_network().
struct ThermalNetwork {
  HeatPathParameters paths;
  int branches = 1;   ///< strings in parallel
  int positions = 1;  ///< cells in series
  std::vector<Bead> beads;

  // Follow from the above.
  CellArray cell_to_case_W_per_K;  ///< shape (cells), end plates and position factor included
  CellArray node_K_per_J;          ///< shape (nodes): cells, links, MOSFETs, board, case
  std::vector<int> bead_node;      ///< -1: ambient
  double fastest_per_s = 0.0;      ///< bound of the rates: the largest row sum of |A|
  ThermalModes modes;              ///< empty without add_modes()
};

/// `cell_to_case_factor`, shape (branches * positions) or empty for all 1: how well each cell sits,
/// multiplies its way to the case, end plate included.
ThermalNetwork make_thermal_network(const HeatPathParameters& paths, int branches, int positions,
                                    const CellArray& cell_to_case_factor,
                                    const std::vector<Bead>& beads);

/// Finds the modes of the network, for runs of hours and years: 20 kB for sixteen cells. Does
/// nothing above 128 nodes, where finding them (third power) and using them (second) cost more than
/// they save.
void add_modes(ThermalNetwork& network);

/// Temperatures other than those of the cells, which belong to CellState.
struct ThermalState {
  CellArray link_degC;  ///< shape (positions)
  double mosfet_degC = 25.0;
  double board_degC = 25.0;
  double case_degC = 25.0;
  CellArray bead_degC;  ///< shape (beads)

  /// Shape (nodes): what rounding withheld from each temperature so far, below one ulp of it. The
  /// increments of short steps repeat, so their rounding errors would add up, to 1e-10 of the heat.
  CellArray owed_K;

  // How to take a step of length held_dt_s; follows from that length, held to save time.
  double held_dt_s = 0.0;
  int held_parts = 1;
  bool is_held_by_modes = false;
  int held_order = 0;
  CellArray held_bead_share;  ///< of its distance to the source a bead covers
  CellArray held_bead_ramp;   ///< likewise, of what the source moves

  // Work arrays of advance_heat().
  CellArray node_degC;
  CellArray term_K;
  CellArray next_term_K;
  CellArray rise_K;
  CellArray bead_source_degC;
};

/// Everything at one temperature.
ThermalState make_thermal_state(const ThermalNetwork& network, double T_degC);

/// Heat produced during a step, evenly over it.
struct HeatInput {
  CellArray cell_J;  ///< shape (cells)
  CellArray link_J;  ///< shape (positions)
  double mosfet_J = 0.0;
  double board_J = 0.0;  ///< shunt, BMS supply, bleeders
  double case_J = 0.0;
};

HeatInput make_heat_input(const ThermalNetwork& network);
void clear(HeatInput& heat);

/// Advance all temperatures by dt_s > 0 with constant heat and ambient. Exact to 1e-12 of the
/// change, whatever dt_s: the Taylor series of T(t + h) = T + h (1 + hA/2 + (hA)^2/6 + ...) T',
/// whose order depends on dt_s and the network only; beads are exact for a source that moves
/// linearly. A step of more than two time constants of the fastest node (14 s in the default box)
/// takes equal parts, or the modes where there are any, beads included. Cost: about six passes over
/// the nodes for 0.1 s, nine per time constant for long steps in parts, two products with a matrix
/// of all nodes for any long step by modes.
///
/// Returns the heat (J) that left for the ambient, integrated from the case temperature by a series
/// of its own: it and the heat stored balance the input only if no path loses or invents heat.
/// cell_degC: shape (cells), index branch * positions + position.
double advance_heat(const ThermalNetwork& network, const HeatInput& heat, double ambient_degC,
                    double dt_s, CellArray& cell_degC, ThermalState& state);

/// Heat held by all nodes (J), relative to all of them at 0 degC. For audits, not for stepping.
double stored_J(const ThermalNetwork& network, const CellArray& cell_degC,
                const ThermalState& state);

}  // namespace doppelpack::models
