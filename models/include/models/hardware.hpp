// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Every way a part of the pack can be imperfect: as-built tolerances and what a fault did to it.
// A scenario writes it, the physics reads it; what physics itself destroys lives in PackState.
#pragma once

#include <vector>

namespace doppelpack::models {

enum class MosfetCondition { healthy, stuck_closed, stuck_open };

enum class WireCondition { intact, open, shorted };

/// One thermistor and its two wires.
struct NtcCondition {
  WireCondition wire = WireCondition::intact;
  double offset_K = 0.0;  ///< drift of the bead: it behaves as if it were this much warmer

  bool operator==(const NtcCondition&) const = default;
};

struct Hardware {
  std::vector<double> cell_short_S;    ///< conductance of a short inside each cell, 0 = none
  std::vector<double> link_extra_Ohm;  ///< added to the busbar on the positive side of each cell
  std::vector<NtcCondition> ntcs;
  MosfetCondition charge_mosfet = MosfetCondition::healthy;
  MosfetCondition discharge_mosfet = MosfetCondition::healthy;
  double shunt_gain = 1.0;        ///< reading over true current
  double shunt_offset_A = 0.0;    ///< reading at zero current, positive in charge
  double terminal_short_S = 0.0;  ///< conductance bridging the pack terminals, 0 = none

  bool operator==(const Hardware&) const = default;
};

/// A flawless pack of that size.
Hardware flawless_hardware(int cell_count, int ntc_count);

}  // namespace doppelpack::models
