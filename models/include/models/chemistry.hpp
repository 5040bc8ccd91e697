// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What a kind of cell is: tabulated data of one design, with its sources in the data file.
#pragma once

#include <string>
#include <vector>

#include "models/ageing_parameters.hpp"

namespace doppelpack::models {

/// A value over SOC. `soc` rises strictly; 0..1 with a little beyond on both sides for OCV.
struct SocTable {
  std::vector<double> soc;
  std::vector<double> value;
};

/// One RC pair at 25 degC, 50 % SOC, in the direction of discharge.
struct RcPair {
  double r_Ohm = 0.0;
  double tau_s = 1.0;
  double activation_J_per_mol = 0.0;  ///< Arrhenius, R(T) = R25 exp(Ea/R (1/T - 1/298.15 K))
};

/// Reference data for a cell of `capacity_Ah`. Other sizes scale by R * Q = constant, tau unchanged
/// (cell_models reference, 2.1).
struct Chemistry {
  std::string key;
  std::string title;
  double capacity_Ah = 100.0;
  SocTable ocv_V;         ///< mean of charge and discharge branch at 25 degC
  SocTable hysteresis_V;  ///< half gap M(z) between the branches
  double hysteresis_gamma = 40.0;
  double hysteresis_instant_V = 0.001;  ///< M0, changes sign with the current at once
  /// The gap grows by this share per kelvin below 25 degC, at most 1.8 times (cell_models 1.3).
  double hysteresis_per_K = 0.0;
  SocTable entropic_V_per_K;  ///< dU/dT
  double r0_Ohm = 0.0005;
  double r0_activation_J_per_mol = 10e3;
  RcPair rc1;
  RcPair rc2;
  SocTable rc_factor_discharge;  ///< applied to both RC pairs
  SocTable rc_factor_charge;
  double heat_capacity_J_per_K = 2080.0;
  double coulombic_efficiency = 0.999;
  /// Share of the capacity out of reach per kelvin below 25 degC; comes back with warmth
  /// (cell_models 2.3: 0.004 where higher resistance alone is too optimistic).
  double cold_capacity_per_K = 0.0;
  AgeingParameters ageing;  ///< none by default
};

}  // namespace doppelpack::models
