// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/power_stage.hpp"

#include <algorithm>

#include "models/exponential.hpp"

namespace doppelpack::models {

TerminalSource step(const PowerStageParameters& parameters, const PowerStageInputs& inputs,
                    double dt_s, PowerStageState& state) {
  if (!inputs.is_connected) {
    state.current_A = 0.0;
    return {0.0, 0.0, inputs.max_V, inputs.min_V};
  }
  if (inputs.imposed) {
    state.current_A = inputs.imposed->current_A;
    return {state.current_A, inputs.imposed->conductance_S, inputs.imposed->max_V, 0.0};
  }
  if (state.held_dt_s != dt_s) {
    state.held_dt_s = dt_s;
    state.held_share = parameters.lag_s > 0.0 ? 1.0 - exponential(-dt_s / parameters.lag_s) : 1.0;
  }
  const double wanted_A = (inputs.target_A - state.current_A) * state.held_share;
  const bool is_falling = wanted_A * state.current_A < 0.0;
  const double slope_A_per_s = is_falling && parameters.ramp_down_A_per_s > 0.0
                                   ? parameters.ramp_down_A_per_s
                                   : parameters.ramp_A_per_s;
  const double ramp_A = slope_A_per_s * dt_s;
  state.current_A += std::clamp(wanted_A, -ramp_A, ramp_A);
  return {state.current_A, parameters.conductance_S, inputs.max_V, inputs.min_V};
}

}  // namespace doppelpack::models
