// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The inner loops over cells, compiled once per vector width and chosen at run time. They see raw
// columns only, so that no inline function of a library is ever compiled for a wider processor and
// then taken by the linker for all of them.
#pragma once

#include <cstddef>

#include "models/vector_level.hpp"

namespace doppelpack::models {

/// Columns of the ecm-2rc model, each `cell_count` long.
struct EcmColumns {
  std::ptrdiff_t cell_count = 0;
  // state
  double* soc = nullptr;
  double* v1_V = nullptr;
  double* v2_V = nullptr;
  double* hysteresis = nullptr;
  double* sign = nullptr;
  double* charged_As = nullptr;
  double* discharged_As = nullptr;
  double* heat_J = nullptr;
  double* ocv_V = nullptr;
  // held: the segment of the OCV curve, and what changes slowly
  const double* stretch = nullptr;
  const double* segment_soc = nullptr;  ///< left end, on the stretched axis
  const double* segment_V = nullptr;
  const double* segment_slope_V = nullptr;
  const double* gap_V = nullptr;
  const double* thermal_V = nullptr;  ///< T dU/dT
  const double* charge_factor = nullptr;
  const double* discharge_factor = nullptr;
  const double* r0_Ohm = nullptr;
  const double* r1_Ohm = nullptr;
  const double* r2_Ohm = nullptr;
  const double* per_As = nullptr;       ///< SOC per ampere-second
  const double* threshold_A = nullptr;  ///< currents below do not turn the instant hysteresis
};

struct EcmConstants {
  double segment_width = 0.0;
  double instant_V = 0.0;
  double gamma = 0.0;
  double inefficiency = 0.0;
  double keep1 = 0.0;  ///< share of an RC voltage left after the step
  double keep2 = 0.0;
  double dt_s = 0.0;
};

/// What lies between the cells and their taps; arrays per cell, or per position where it says so.
/// Cell index = branch * position_count + position.
struct TapColumns {
  std::ptrdiff_t position_count = 0;
  std::ptrdiff_t branch_count = 1;
  const double* emf_V = nullptr;        ///< per cell, of the bare cell
  const double* leak_A = nullptr;       ///< per cell, self-discharge
  const double* leak_V = nullptr;       ///< per cell, r leak
  const double* short_S = nullptr;      ///< per cell
  const double* per_divider = nullptr;  ///< per cell, 1 / (1 + r short)
  const double* inner_S = nullptr;      ///< per cell, 1 / resistance seen from its terminals
  const double* group_Ohm = nullptr;    ///< per position, of the cells in parallel
  const double* link_Ohm = nullptr;     ///< per position
  const double* bleeder_S = nullptr;    ///< per position
  const double* per_bleed = nullptr;    ///< per position, 1 / (1 + bleeder (group + link))
  const double* tap_Ohm = nullptr;      ///< per position, what the string sees
  double* inner_V = nullptr;            ///< per cell, behind the terminals, written by fold
  double* tap_emf_V = nullptr;          ///< per position, written by fold
  double* tap_V = nullptr;              ///< per position, written by spread
  double* link_A = nullptr;             ///< per position
  double* cell_A = nullptr;             ///< per cell
  double* passive_J = nullptr;          ///< per cell: heat of short and self-discharge, added to
  double* link_J = nullptr;             ///< per position, heat of the link, added to
};

struct Lanes {
  VectorLevel level;
  /// Writes ocv_V and `emf_V`; false when a cell has left its segment: hold anew and repeat.
  bool (*ecm_thevenin)(const EcmConstants&, const EcmColumns&, double* emf_V);
  void (*ecm_advance)(const EcmConstants&, const EcmColumns&, const double* current_A);
  /// Cells to taps: writes inner_V and tap_emf_V.
  void (*fold)(const TapColumns&);
  /// The current between the taps back to the cells, over dt_s.
  void (*spread)(const TapColumns&, double tap_A, double dt_s);
  /// spread, ecm_advance, ecm_thevenin and fold in one pass, for a single branch; no emf_V.
  bool (*ecm_step)(const EcmConstants&, const EcmColumns&, const TapColumns&, double tap_A);
};

/// Level must be available.
const Lanes& find_lanes(VectorLevel level);

extern const Lanes lanes_baseline;
#ifdef DOPPELPACK_HAS_AVX2_LANES
extern const Lanes lanes_avx2;
#endif

}  // namespace doppelpack::models
