// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The power stage of an inverter or charger seen from its DC terminals: a current source with a
// first-order lag and a ramp, inside a voltage window. What current to ask for is decided
// elsewhere.
#pragma once

#include <optional>

#include "models/pack.hpp"

namespace doppelpack::models {

struct PowerStageParameters {
  double lag_s = 0.05;
  double ramp_A_per_s = 200.0;
  double ramp_down_A_per_s = 0.0;  ///< towards no current; 0: the same
  double conductance_S = 0.001;    ///< input filter and standby load
};

/// A current that is known, not asked for: measured at a real power stage.
struct ImposedCurrent {
  double current_A = 0.0;  ///< positive charges the pack
  double max_V = 60.0;     ///< as in TerminalSource; the lower edge is 0 V
  double conductance_S = 0.0;

  bool operator==(const ImposedCurrent&) const = default;
};

struct PowerStageInputs {
  double target_A = 0.0;  ///< positive charges the pack
  double max_V = 60.0;    ///< constant-voltage limit in charge
  double min_V = 0.0;     ///< stops drawing here
  bool is_connected = true;
  std::optional<ImposedCurrent> imposed{};  ///< in place of target, lag, ramp and conductance
};

struct PowerStageState {
  double current_A = 0.0;
  double held_dt_s = 0.0;  ///< the step for which held_share was computed
  double held_share = 0.0;
};

/// Advance the lag by dt_s (> 0) and return the source the pack sees during that step: the current
/// it reaches at its end. Disconnected: no current, no conductance, and the lag starts again from
/// 0.
TerminalSource step(const PowerStageParameters& parameters, const PowerStageInputs& inputs,
                    double dt_s, PowerStageState& state);

}  // namespace doppelpack::models
