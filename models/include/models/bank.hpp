// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The bank: packs in parallel on one busbar, or stacks of them in series.
//
//             +-- cable -- [module 1]-[module 0] --+
//   source ---+-- cable -- [module 3]-[module 2] --+     series = 2, parallel = 3
//    link     +-- cable -- [module 5]-[module 4] --+
//
// Low voltage: series = 1, 2 to 16 packs, each with its own BMS, switches and cable. High voltage:
// parallel = 1 (or more), 5 to 10 modules in one stack, their switch (BDU) in the first of them.
// Each module is a pack as in pack.hpp with its own heat, ageing, damage, audit and comparators;
// the bank alone decides what current each of them carries.
//
// Quasi-static: inductances are short circuits and switching takes no time. What a connection of
// unequal packs drives is dV / (R1 + R2 + cables) at once; in truth it rises with the loop's
// inductance over its resistance (2 (2 + 1) uH / 24 mOhm = 0.25 ms), and the link's capacitor makes
// it ring. So a short-circuit comparator sees the final current from the start: it trips early by
// the rise to its threshold (0.17 ms at twice the threshold), and overshoot it does not see.
// Avalanche and arcs when switches open under current are left out: a current that has no way ends.
// Relay contacts and fuses follow every 0.1 s, or after a longer part; contacts do not weld.
// Comparators trip after their delay, whatever the step.
#pragma once

#include <span>
#include <vector>

#include "models/pack.hpp"

namespace doppelpack::models {

struct BankParameters {
  int series = 1;         ///< modules of each stack
  int parallel = 1;       ///< stacks on the busbar; module index = branch * series + place, 0 at B-
  double link_F = 10e-3;  ///< of the inverter, on the busbar; may be 0
  double clamp_V = 1.6;   ///< as in PowerPathParameters
  double clamp_Ohm = 0.003;

  int module_count() const { return series * parallel; }
};

/// One module of the bank; all of it belongs to the caller. The paths of a stack are in series, too: a
/// module without switches has both gates on and next to no `on_Ohm` (> 0), no fuse and no shunt. Cable
/// resistances of a stack add up; `link_F` and the clamp of a module are not used, nor is the `source`
/// of its inputs. The first module of a branch has its terminals: `is_plugged` of the inputs,
/// `terminal_short_S` and `is_cable_reversed` of the hardware count for the whole branch, those of the
/// others not.
struct BankModule {
  const PackParameters& parameters;
  const Hardware& hardware;  ///< `revision` as for a pack
  const PackInputs& inputs;
  PackState& state;
};

/// One branch as the busbar sees it. Follows from the rest.
struct BranchState {
  PathElements elements;  ///< of all modules in series
  Thevenin stack;
  double cable_Ohm = 0.0;
  double bus_A = 0.0;       ///< out of the busbar into its cable
  double current_A = 0.0;   ///< through its modules, positive in charge
  double terminal_V = 0.0;  ///< on its own side of the cable
};

struct BankState {
  double bus_V = 0.0;     ///< of the link on the busbar
  double source_A = 0.0;  ///< out of the stage, its conductance and the clamp included
  /// Length of the last part, infinite after solve(). The link took (bus_V - the one before) link_F
  /// / elapsed_s.
  double elapsed_s = 0.0;
  std::vector<BranchState> branches;  ///< shape (parallel)
  std::vector<Thevenin> stacks;       ///< per module, at the start of the last part
};

/// The link empty. The modules start as packs do, gates open.
BankState make_bank_state(const BankParameters& parameters);

/// Advance by dt_s (> 0, at most 60 s), in equal parts of at most 1 s, or shorter where a
/// comparator would trip within. In each part the bus is at the voltage at which all currents into
/// it cancel to rounding (backward Euler for the link), found exactly: every branch is monotone and
/// piecewise linear. Then each module follows its own current. modules: shape (module_count); source:
/// the inverter's stage, on the busbar.
void step(const BankParameters& parameters, std::span<const BankModule> modules,
          const TerminalSource& source, double dt_s, BankState& state);

/// Puts the bus where it comes to rest with the cells as they are. No time passes for anything
/// else.
void solve(const BankParameters& parameters, std::span<const BankModule> modules,
           const TerminalSource& source, BankState& state);

}  // namespace doppelpack::models
