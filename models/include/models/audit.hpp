// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The pack checks itself while it runs: every tenth of a second (or every longer step) what flowed
// is compared with what is stored, each side counted by other code. A residual beyond its limit is a
// bug or a number that is none; the run cannot be trusted from there on.
#pragma once

#include "models/cell_model.hpp"

namespace doppelpack::models {

enum class Invariant {
  charge,       ///< of each cell: what flowed in = what SOC says [As]
  energy,       ///< of the string: electrical = chemical + heat [J]
  heat,         ///< of the box: produced = stored + lost to ambient [J]
  voltage_law,  ///< positions add up to the stack [V]
  current_law,  ///< at every tap and parallel connection [A]
  soc,          ///< within -20..120 %
  temperature,  ///< within -60..1000 degC
  count
};

/// Name as in result.json: "charge", "energy", ...
const char* name_of(Invariant invariant);

struct Violation {
  Invariant invariant = Invariant::count;  ///< count: none
  int node = -1;                           ///< cell or position, 0-based; -1: the whole pack
  double size = 0.0;
  double limit = 0.0;
};

struct AuditState {
  double worst[static_cast<int>(Invariant::count)] = {};  ///< largest residual, its unit
  double share[static_cast<int>(Invariant::count)] = {};  ///< largest residual over its limit
  long windows = 0;                                       ///< how often it looked
  Violation first;

  // Beginning of the window, and what has gathered since.
  CellArray soc;
  CellArray ocv_V;
  CellArray thermal_V;
  double stored_heat_J = 0.0;
  double electrical_J = 0.0;  ///< into the string at its ends
  double turnover_J = 0.0;    ///< likewise, whichever way it went
  double bleeder_J = 0.0;
  double longest_step_s = 0.0;  ///< of those counted with the voltage at their start

  bool has_failed() const { return first.invariant != Invariant::count; }
};

/// Books one residual against its limit (> 0). Anything that is not a number fails.
void check(Invariant invariant, int node, double residual, double limit, AuditState& state);

}  // namespace doppelpack::models
