// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The interface of a cell model. To the pack every model is a Thevenin source per cell: an inner
// voltage and a resistance. New models are one file in models/cells/ and one word in its list.
#pragma once

#include <Eigen/Core>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "models/chemistry.hpp"

namespace doppelpack::models {

using CellArray = Eigen::ArrayXd;   ///< one value per cell
using CellTable = Eigen::ArrayXXd;  ///< one row per cell, one column per state of the model

/// A uniform look-up table built once from a SocTable; linear between points, flat outside.
struct UniformTable {
  double first = 0.0;
  double per_step = 1.0;  ///< 1 / spacing
  std::vector<double> value;
};

/// All cells of one string: shared data as tables, per-cell data as arrays of shape (cell_count).
/// The tables over SOC share one grid, so do the tables over temperature: a model searches once.
/// Beyond its data the OCV goes on along its outermost segment for another 5 % SOC, then it is
/// flat.
struct CellParameters {
  UniformTable ocv_V;
  UniformTable hysteresis_V;
  UniformTable entropic_V_per_K;
  UniformTable rc_factor_discharge;
  UniformTable rc_factor_charge;
  UniformTable r0_temperature_factor;  ///< over degC
  UniformTable rc1_temperature_factor;
  UniformTable rc2_temperature_factor;
  double hysteresis_gamma = 40.0;
  double hysteresis_instant_V = 0.0;
  double tau1_s = 15.0;
  double tau2_s = 150.0;
  double coulombic_efficiency = 1.0;
  CellArray capacity_Ah;
  CellArray r0_Ohm;  ///< at 25 degC
  CellArray r1_Ohm;
  CellArray r2_Ohm;
};

/// State of all cells. Columns of `x` are named by the model; column 0 is always SOC (0..1, may
/// leave that range by a little: over-charge and over-discharge).
struct CellState {
  CellTable x;
  CellArray T_degC;

  // What the model keeps to be fast; follows from the rest and means nothing outside.
  CellTable held;
  std::array<double, 3> held_decay{};  ///< factors of the last dt_s, first among them
};

struct CellModel {
  std::string_view key;
  std::string_view title;
  std::span<const std::string_view> state_names;

  /// Rested cells at the given SOC and temperature.
  void (*initialise)(const CellParameters&, const CellArray& soc, double T_degC, CellState&);

  /// Thevenin equivalent at this instant: cell voltage = emf_V + current * r_Ohm.
  /// `direction` is +1 in charge, -1 in discharge: the branch of direction-dependent terms.
  void (*thevenin)(const CellParameters&, const CellState&, double direction, CellArray& emf_V,
                   CellArray& r_Ohm);

  /// Advance by dt_s > 0 at constant current (A, per cell, positive in charge). Writes the heat
  /// (W, reversible and irreversible) each cell produced. Temperature is advanced by the pack.
  void (*advance)(const CellParameters&, const CellArray& current_A, double dt_s, CellState&,
                  CellArray& heat_W);
};

/// Every cell model compiled in.
std::span<const CellModel* const> cell_models();

/// The model with that key, or nullptr.
const CellModel* find_cell_model(std::string_view key);

/// Tables and arrays for a string of cells of one chemistry. Shapes: both arrays (cell_count).
/// Tables are monotone cubics through the data. Resistances are those of the chemistry times
/// chemistry capacity / capacity of the cell times the factor. Needs non-empty tables.
CellParameters make_cell_parameters(const Chemistry& chemistry, const CellArray& capacity_Ah,
                                    const CellArray& resistance_factor);

}  // namespace doppelpack::models
