// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The circuit outside the cells: what lies between the stack and the terminals, and the point where
// pack and source agree.
#pragma once

#include "models/pack.hpp"

namespace doppelpack::models {

/// A voltage behind a resistance.
struct Thevenin {
  double emf_V = 0.0;
  double r_Ohm = 0.0;
};

/// What the current meets between the stack and the terminals, and whether it may flow at all.
struct Path {
  double r_Ohm = 0.0;
  double diode_V = 0.0;  ///< added to the stack as the source sees it; negative in discharge
  bool can_charge = false;
  bool can_discharge = false;
};

Path make_path(const PackParameters& parameters, const Hardware& hardware, bool charge_gate,
               bool discharge_gate);

struct OperatingPoint {
  double current_A = 0.0;
  double terminal_V = 0.0;
};

/// Source, path and stack together; no current against a diode.
OperatingPoint operating_point(const TerminalSource& source, const Thevenin& stack,
                               const Path& path);

}  // namespace doppelpack::models
