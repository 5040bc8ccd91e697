// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The pack: cells in series, busbars, shunt, charge and discharge MOSFETs with their body diodes,
// terminals. Parameters never change after loading, state is copyable data, and step() is the only
// way time passes.
//
//   B- --[shunt]--[DSG]--[CHG]-- P-      cells and links in series between B- and P+
//
// DSG off blocks discharge (its body diode still lets charge current pass); CHG off blocks charge.
#pragma once

#include <cstdint>

#include "models/cell_model.hpp"
#include "models/hardware.hpp"

namespace doppelpack::models {

/// One direction of the back-to-back switch, all parallel devices together.
struct MosfetParameters {
  double on_Ohm = 0.0004;
  double diode_V = 0.722;      ///< knee; with diode_Ohm fits 0.75 V at 10 A and 1.0 V at 100 A
  double diode_Ohm = 0.00278;  ///< (cell_models reference, 6.3)
};

struct ThermalParameters {
  double cell_J_per_K = 2080.0;
  double neighbour_W_per_K = 0.8;     ///< face and busbar together
  double cell_to_case_W_per_K = 0.4;  ///< every cell
  double end_to_case_W_per_K = 0.5;   ///< in addition, first and last cell
  double case_J_per_K = 4000.0;
  double case_to_ambient_W_per_K = 6.0;
  double ntc_tau_s = 40.0;
};

struct PackParameters {
  int cell_count = 16;
  const CellModel* cell_model = nullptr;  ///< never null after loading
  CellParameters cells;
  CellArray self_discharge_A;  ///< drain of each cell, magnitude
  double link_Ohm = 60e-6;     ///< busbar per cell
  double shunt_Ohm = 0.00025;
  double terminal_Ohm = 0.0005;  ///< terminals and the cable inside the box, both poles
  MosfetParameters charge_mosfet;
  MosfetParameters discharge_mosfet;
  double bleeder_Ohm = 68.0;
  double supply_A = 0.012;  ///< what the BMS itself takes from the whole string
  ThermalParameters thermal;
  std::vector<int> ntc_cell;  ///< which cell each NTC sits on, 0-based
};

/// What hangs on the terminals, as one linear source with a voltage window:
/// current into the pack = current_A - conductance_S * terminal_V, but the active part (current_A)
/// never drives the terminals above max_V in charge nor below min_V in discharge.
struct TerminalSource {
  double current_A = 0.0;
  double conductance_S = 0.0;
  double max_V = 60.0;
  double min_V = 0.0;
};

struct PackInputs {
  bool charge_gate = false;
  bool discharge_gate = false;
  std::uint32_t bleeders = 0;  ///< bit i: bleeder of cell i on
  double ambient_degC = 25.0;
  TerminalSource source;
};

struct PackState {
  // Advanced by step().
  CellState cells;
  double case_degC = 25.0;
  CellArray ntc_degC;         ///< temperature of each bead, lagging its cell
  double charge_Ah = 0.0;     ///< throughput since the start, charge direction
  double discharge_Ah = 0.0;  ///< likewise, magnitude
  double heat_J = 0.0;        ///< produced inside the box since the start, what waits not included

  // Heat produced but not yet in the temperatures, which advance every 0.1 s or every longer step.
  CellArray waiting_J;
  double case_waiting_J = 0.0;
  double waiting_s = 0.0;

  // The electrical solution of the last step: what an instrument would read now.
  double current_A = 0.0;  ///< through shunt and MOSFETs, positive in charge
  double stack_V = 0.0;    ///< B- to the positive end of the cells
  double terminal_V = 0.0;
  CellArray cell_V;  ///< at the AFE taps, links included

  // Work arrays of step(), kept here so that stepping never allocates.
  CellArray emf_V;
  CellArray r_Ohm;
  CellArray cell_current_A;
  CellArray heat_W;
  CellArray bleeder_S;  ///< conductance across the taps
  CellArray passive_W;  ///< heat of link, internal short and self-discharge
  CellArray flow_W;     ///< heat arriving from neighbours and case
};

/// Rested pack, all at one temperature, gates open. soc: shape (cell_count), 0..1.
PackState make_pack_state(const PackParameters& parameters, const CellArray& soc, double T_degC);

/// Advance by dt_s (> 0, at most 60 s). A step above 1 s is taken in equal parts of at most 1 s:
/// the cells themselves are exact at any length, but a stiff source closes a loop through their
/// voltage. Order in each part: electrical solution with the state at its start, then cells, then
/// heat; temperatures follow as soon as the heat of 0.1 s has gathered.
///
/// Where things sit: link i (and its extra resistance) is on the positive side of cell i inside the
/// taps of that cell, so cell_V[i] contains its drop; the bleeder is across the taps; the short
/// inside a cell is across its terminals. The BMS supply is drawn from the whole stack at constant
/// current. Link, short and self-discharge heat their cell; everything else heats the case.
void step(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
          double dt_s, PackState& state);

/// The electrical solution only, for an instrument that reads right after something switched:
/// no time passes, only the instrument fields (and work arrays) of `state` change.
///
/// One channel off leaves its body diode, which stays intact whatever the condition of the MOSFET:
/// current flows in one direction only. If none flows the terminals show what the source does
/// alone: max_V or current_A / conductance_S, whichever is less, in charge; 0 V otherwise. The
/// terminal short adds to the source's conductance and knows no voltage window.
void solve(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
           PackState& state);

}  // namespace doppelpack::models
