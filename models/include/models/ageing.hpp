// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Ageing of cells under stress that changes all the time. A law y = k x^p is kept as the state
// Y = y^(1/p), for dY = k^(1/p) dx: additive, exact for piecewise constant stress, the same for any
// step and any order of stresses (cell_models reference, 4.3). Losses of the laws add up.
//
// The depth of a cycle is known only as it goes. So what passes between two turning points of SOC is
// kept apart, weighted with current and temperature, and counts with the depth reached so far; at
// the turning point it becomes final. Each SOC swing below 1 % is part of the one around it.
#pragma once

#include <vector>

#include "models/ageing_parameters.hpp"
#include "models/cell_model.hpp"

namespace doppelpack::models {

/// Equivalent full cycles, plain and weighted with (rate k without depth)^(1/p) of both cycle laws.
struct CycleThroughput {
  double full_cycles = 0.0;
  double capacity = 0.0;
  double resistance = 0.0;

  bool operator==(const CycleThroughput&) const = default;
};

/// The swing of SOC a cell is in.
struct HalfCycle {
  double start = 0.0;      ///< SOC of the last turning point
  double extreme = 0.0;    ///< SOC reached, the next turning point if SOC turns now
  double direction = 0.0;  ///< +1 rising, -1 falling, 0 not yet known
  CycleThroughput to_extreme;
  CycleThroughput since_extreme;  ///< of this or of the next half cycle

  bool operator==(const HalfCycle&) const = default;
};

/// One cell. Only doubles, and the last three follow from the others.
struct CellAgeing {
  double calendar_capacity = 0.0;  ///< loss^(1/p), the same below
  double calendar_resistance = 0.0;
  double cycle_capacity = 0.0;  ///< of finished half cycles
  double cycle_resistance = 0.0;
  double cold_charge = 0.0;
  double full_cycles = 0.0;  ///< of finished half cycles
  HalfCycle half_cycle;

  double capacity_factor = 1.0;  ///< SOH, capacity over that of the new cell, at least 0.05
  double resistance_factor_r0 =
      1.0;  ///< grows half as much as the one of the RC pairs, an estimate
  double resistance_factor_rc = 1.0;

  bool operator==(const CellAgeing&) const = default;
};

/// All cells of a string, shape (cell_count).
struct AgeingState {
  std::vector<CellAgeing> cells;

  bool operator==(const AgeingState&) const = default;
};

/// New cells at that SOC, shape (cell_count).
AgeingState make_ageing_state(const CellArray& soc);

/// Advance by dt_s > 0, seconds to hours: meant for once a minute, not for every step of the pack.
/// All arrays have the shape (cell_count). Each cell took charge_Ah and gave discharge_Ah, both >= 0,
/// and ends at `soc`; T_degC (-60..100) is that of the whole step; capacity_Ah > 0 is that of the new
/// cell and stays what it is. To run ageing alone faster, multiply dt_s, charge_Ah and discharge_Ah
/// alike. Allocates nothing.
void age(const AgeingParameters& parameters, const Eigen::Ref<const CellArray>& soc,
         const CellArray& T_degC, const CellArray& charge_Ah, const CellArray& discharge_Ah,
         const CellArray& capacity_Ah, double dt_s, AgeingState& state);

/// Shares of the new capacity lost so far, >= 0: by time, by cycling, by charging in the cold.
double calendar_loss(const AgeingParameters& parameters, const CellAgeing& cell);
double cycle_loss(const AgeingParameters& parameters, const CellAgeing& cell);
double cold_charge_loss(const CellAgeing& cell);

/// Growth of the resistance of the RC pairs, 0 when new.
double resistance_increase(const AgeingParameters& parameters, const CellAgeing& cell);

/// Charge plus discharge so far over twice the new capacity.
double equivalent_full_cycles(const CellAgeing& cell);

}  // namespace doppelpack::models
