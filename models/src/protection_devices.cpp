// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/protection_devices.hpp"

#include <algorithm>
#include <limits>

#include "models/exponential.hpp"

namespace doppelpack::models {

namespace {

constexpr double kSlack_s = 1e-9;  // rounding of summed steps, far below any delay
constexpr double kCoolShare = 0.7;

double passed_share(double ratio) {
  return ratio <= 1e-3 ? small_decay(ratio) : 1.0 - exponential(-ratio);
}

// A stuck or welded mechanism stays where it is whatever the coil wants.
bool is_moving(ContactCondition condition, bool coil, const ContactState& state) {
  if (condition != ContactCondition::healthy || state.is_welded) return false;
  return coil != state.is_closed;
}

}  // namespace

BreakerParameters as_it_is(BreakerParameters parameters, const Hardware& hardware) {
  parameters.rated_A *= hardware.breaker_share;
  parameters.is_fitted = parameters.is_fitted && !hardware.is_breaker_jammed;
  return parameters;
}

bool advance(const BreakerParameters& p, double current_A2, double dt_s, BreakerState& state) {
  if (!p.is_fitted) return false;
  const double ratio2 = current_A2 / (p.rated_A * p.rated_A);
  state.theta += (ratio2 - state.theta) * passed_share(dt_s / p.tau_s);
  state.over_s = ratio2 > p.magnetic_ratio * p.magnetic_ratio ? state.over_s + dt_s : 0.0;
  if (state.is_tripped) return false;
  state.is_tripped = state.theta >= p.hold_ratio * p.hold_ratio ||
                     (state.over_s > 0.0 && state.over_s >= p.magnetic_s - kSlack_s);
  return state.is_tripped;
}

bool reset(const BreakerParameters& p, BreakerState& state) {
  if (state.theta > kCoolShare * p.hold_ratio * p.hold_ratio) return false;
  state.is_tripped = false;
  return true;
}

bool is_closed(ContactCondition condition, const ContactState& state) {
  if (condition == ContactCondition::welded) return true;
  if (condition == ContactCondition::stuck_open) return false;
  return state.is_closed;
}

bool advance(const ContactParameters& p, ContactCondition condition, bool coil, double dt_s,
             ContactState& state) {
  const bool was_closed = is_closed(condition, state);
  state.bounce_left_s = std::max(0.0, state.bounce_left_s - dt_s);
  if (state.bounce_left_s < kSlack_s) state.bounce_left_s = 0.0;
  if (!is_moving(condition, coil, state)) {
    state.moving_s = 0.0;
    // A mechanism that is released later must first move from where its fault held it.
    if (condition != ContactCondition::healthy) state.is_closed = was_closed;
    return false;
  }
  state.moving_s += dt_s;
  if (state.moving_s < (coil ? p.close_s : p.open_s) - kSlack_s) return false;
  state.is_closed = coil;
  state.moving_s = 0.0;
  state.bounce_left_s = coil ? p.bounce_s : 0.0;
  return true;
}

double next_change_s(const ContactParameters& p, ContactCondition condition, bool coil,
                     const ContactState& state) {
  double next_s = std::numeric_limits<double>::infinity();
  if (is_moving(condition, coil, state)) next_s = (coil ? p.close_s : p.open_s) - state.moving_s;
  if (state.bounce_left_s > 0.0) next_s = std::min(next_s, state.bounce_left_s);
  return next_s;
}

void strain(const ContactParameters& p, double peak_A, ContactState& state) {
  if (state.bounce_left_s > 0.0 && peak_A > p.weld_A) state.is_welded = true;
}

}  // namespace doppelpack::models
