// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The interface of a cell model. To the pack every model is a Thevenin source per cell: an inner
// voltage and a resistance. New models are one file in models/cells/ and one word in its list.
#pragma once

#include <Eigen/Core>
#include <array>
#include <span>
#include <string_view>

#include "models/chemistry.hpp"
#include "models/table.hpp"
#include "models/vector_level.hpp"

namespace doppelpack::models {

using CellArray = Eigen::ArrayXd;   ///< one value per cell
using CellTable = Eigen::ArrayXXd;  ///< one row per cell, one column per state of the model

struct Lanes;
struct TapColumns;

/// All cells of one pack: shared data as curves, per-cell data as arrays of shape (cell_count).
struct CellParameters {
  const Lanes* lanes = nullptr;  ///< the inner loops, never null after make_cell_parameters()
  MonotoneCubic ocv_V;           ///< goes on along its ends for another 5 % SOC, then flat
  MonotoneCubic hysteresis_V;
  MonotoneCubic entropic_V_per_K;
  MonotoneCubic rc_factor_discharge;
  MonotoneCubic rc_factor_charge;
  double r0_activation_J_per_mol = 0.0;
  double rc1_activation_J_per_mol = 0.0;
  double rc2_activation_J_per_mol = 0.0;
  double hysteresis_gamma = 40.0;
  double hysteresis_instant_V = 0.0;
  double hysteresis_per_K = 0.0;  ///< growth of the gap per kelvin below 25 degC, up to 1.8 times
  double tau1_s = 15.0;
  double tau2_s = 150.0;
  double coulombic_efficiency = 1.0;
  double cold_capacity_per_K =
      0.0;  ///< share of the capacity out of reach per kelvin below 25 degC
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

  // What ageing and damage have done so far, relative to the parameters. Call refresh() after a
  // change of these or of T_degC.
  CellArray capacity_factor;
  CellArray r0_factor;
  CellArray rc_factor;

  // Throughput since the caller last took it away; heat likewise. advance() adds to them.
  CellArray charged_As;
  CellArray discharged_As;
  CellArray heat_J;

  CellArray r_Ohm;      ///< the resistance in thevenin(), by refresh()
  CellArray thermal_V;  ///< T dU/dT, by refresh(): times current the reversible heat
  CellArray ocv_V;      ///< open-circuit voltage without hysteresis, by thevenin()

  // What the model keeps to be fast; follows from the rest and means nothing outside.
  CellTable held;
  std::array<double, 3> held_decay{};  ///< factors of the last dt_s, first among them
};

struct CellModel {
  std::string_view key;
  std::string_view title;
  std::span<const std::string_view> state_names;

  /// Rested cells at the given SOC and temperature. Sizes every array of the state.
  void (*initialise)(const CellParameters&, const CellArray& soc, double T_degC, CellState&);

  /// Takes over temperature, capacity_factor and the other factors; computes r_Ohm. The pack calls
  /// it ten times a second, or in every longer step.
  void (*refresh)(const CellParameters&, CellState&);

  /// Thevenin equivalent at this instant: cell voltage = emf_V + current * state.r_Ohm.
  void (*thevenin)(const CellParameters&, CellState&, CellArray& emf_V);

  /// Advance by dt_s > 0 at constant current (A, per cell, positive in charge), right after
  /// thevenin(). Adds throughput and heat (J, reversible and irreversible) to the state.
  /// Temperature is advanced by the pack.
  void (*advance)(const CellParameters&, const CellArray& current_A, double dt_s, CellState&);

  /// Optional, for speed: what the pack does between two electrical solutions in one pass, for cells
  /// that are not in parallel: tap current to cells, advance, thevenin, cells to taps. False when
  /// the last two have to be repeated by thevenin(). Same bits as one after the other.
  bool (*advance_taps)(const CellParameters&, const TapColumns&, double tap_A, double dt_s,
                       CellState&) = nullptr;
};

/// Every cell model compiled in.
std::span<const CellModel* const> cell_models();

/// The model with that key, or nullptr.
const CellModel* find_cell_model(std::string_view key);

/// Curves and arrays for the cells of one chemistry. Shapes: both arrays (cell_count). Curves are
/// monotone cubics through the data. Resistances are those of the chemistry times chemistry
/// capacity / capacity of the cell times the factor. Needs non-empty tables; the vector level must
/// be available.
CellParameters make_cell_parameters(const Chemistry& chemistry, const CellArray& capacity_Ah,
                                    const CellArray& resistance_factor,
                                    VectorLevel level = VectorLevel::automatic);

}  // namespace doppelpack::models
