// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The pack: cells in series and parallel, busbars, bleeders, power path, heat, ageing, damage.
// Parameters never change after loading, state is copyable data, and step() is the only way time
// passes.
//
//   B- --[cell and link]-- ... --[cell and link]-- power path (power_path.hpp) -- cable, DC link
//
// Link p (and its extra resistance) is on the positive side of position p inside its taps, so
// cell_V[p] contains its drop; the bleeder is across the taps; the short inside a cell is across
// its terminals. The BMS supply is drawn from the whole stack at constant current, while it is on.
#pragma once

#include <cstdint>

#include "models/ageing.hpp"
#include "models/audit.hpp"
#include "models/cell_model.hpp"
#include "models/damage.hpp"
#include "models/hardware.hpp"
#include "models/power_path.hpp"
#include "models/runaway.hpp"
#include "models/terminal_source.hpp"
#include "models/thermal_network.hpp"
#include "models/transient.hpp"

namespace doppelpack::models {

struct PackParameters {
  int series = 16;   ///< positions, each between two taps
  int parallel = 1;  ///< cells at each position; cell index = branch * series + position
  const CellModel* cell_model = nullptr;  ///< never null after loading
  CellParameters cells;
  CellArray self_discharge_A;  ///< drain of each cell at 25 degC, magnitude; doubles every 10 K
  double link_Ohm = 60e-6;     ///< busbar per position
  double bleeder_Ohm = 68.0;
  double supply_A = 0.012;  ///< what the BMS itself takes from the whole string
  double off_A = 20e-6;     ///< likewise when it is off: wake circuit and leakage (estimate)
  PowerPathParameters path;
  ComparatorBank comparators;
  ThermalNetwork thermal;
  RunawayParameters runaway;
  AgeingParameters ageing;
  DamageParameters damage;

  int cell_count() const { return series * parallel; }
};

struct PackInputs {
  bool charge_gate = false;
  bool discharge_gate = false;
  bool main_1 = false;  ///< relay coils, of packs that have relays
  bool main_2 = false;
  bool precharge = false;
  bool is_plugged = true;      ///< the cable to the inverter is on the terminals
  bool is_supplied = true;     ///< the BMS is on and takes its current
  std::uint32_t bleeders = 0;  ///< bit p: bleeder of position p on
  double ambient_degC = 25.0;
  TerminalSource source;  ///< the inverter's stage, at its own terminals
};

/// What lies between cells and taps. It follows from the rest; kept so that it is computed only when
/// it changes and stepping never allocates.
struct StringState {
  double stack_Ohm = 0.0;
  bool is_folded = false;  ///< tap_emf_V is that of this instant
  bool is_any_bleeding = false;
  // per cell
  CellArray emf_V;
  CellArray leak_A;
  CellArray leak_V;
  CellArray short_S;
  CellArray per_divider;
  CellArray inner_S;
  CellArray inner_V;
  CellArray passive_J;  ///< heat of short and self-discharge since the last slow step
  // per position
  CellArray group_Ohm;
  CellArray link_Ohm;
  CellArray bleeder_S;
  CellArray per_bleed;
  CellArray tap_Ohm;
  CellArray tap_emf_V;
  CellArray link_A;
  CellArray link_J;  ///< heat of the links since the last slow step
};

/// Throughput and temperature of each cell since ageing last looked.
struct AgeingWindow {
  CellArray cell_degC_s;
  CellArray charged_Ah;
  CellArray discharged_Ah;
  double since_s = 0.0;
};

struct PackState {
  // Advanced by step().
  CellState cells;
  ThermalState thermal;
  PowerPathState path;
  RunawayState runaway;
  AgeingState ageing;
  DamageState damage;
  double charge_Ah = 0.0;     ///< throughput since the start, charge direction
  double discharge_Ah = 0.0;  ///< likewise, magnitude
  double heat_J = 0.0;        ///< produced inside the box since the start, what waits not included
  double to_ambient_J = 0.0;  ///< of that, given to the ambient
  double vented_J = 0.0;      ///< heat of reactions that left through the vents
  bool is_transient = false;  ///< microsecond steps: something fast is going on

  // What waits for the next slow step, beside what the cells gathered.
  PathHeat path_heat;
  double supply_J = 0.0;  ///< used up by the BMS
  double waiting_s = 0.0;
  double owed_s = 0.0;  ///< by which the transient lags: less than a microsecond
  AgeingWindow ageing_window;

  // The electrical solution of the last step: what an instrument would read now.
  double current_A = 0.0;  ///< through shunt and MOSFETs, positive in charge
  double stack_V = 0.0;    ///< B- to the positive end of the cells
  double terminal_V = 0.0;
  CellArray cell_V;          ///< per position, at the AFE taps, links included
  CellArray cell_current_A;  ///< per cell, positive in charge

  AuditState audit;

  // Follows from the rest.
  PackInputs seen;  ///< the inputs that the elements were made for
  std::uint64_t seen_revision = 0;
  PathElements elements;
  StringState string;
  HeatInput heat;
};

/// Rested pack, all at one temperature, gates open, the DC link at the voltage of the stack.
/// soc: shape (cell_count), 0..1.
PackState make_pack_state(const PackParameters& parameters, const CellArray& soc, double T_degC);

/// Advance by dt_s (> 0, at most 60 s).
///
/// In normal operation it takes one step of dt_s, or equal parts of at most 1 s: the cells
/// themselves are exact at any length, but a stiff source closes a loop through their voltage.
/// Order in each part: electrical solution with the state at its start, then cells, then what is
/// slow (heat, ageing, damage, audit), every 0.1 s. After something has switched, and while the
/// current is near a comparator's threshold, the power path runs in microseconds instead, with the
/// cells in steps of 100 us; a comparator that trips opens its gate within the step.
///
/// For runs of hours and years see adaptive.hpp.
void step(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
          double dt_s, PackState& state);

/// Puts the power path to the point where it comes to rest with the cells as they are: where a run
/// begins. No time passes for anything else.
void solve(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
           PackState& state);

/// Releases latched comparators of the front end.
void clear_comparators(PackState& state, const ComparatorSet& which = {});

/// Capacity over that of the new cells (SOH), of the weakest position, 0..1.
double state_of_health(const PackParameters& parameters, const PackState& state);

}  // namespace doppelpack::models
