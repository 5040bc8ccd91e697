// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Fuse, breaker and relay contacts: what opens or closes the power path mechanically or by melting.
// Each is parameters, a plain state and one function that lets time pass at a constant current.
#pragma once

#include "models/hardware.hpp"

namespace doppelpack::models {

/// The melting integral above a continuous rating: opens when the integral of i^2 - rated_A^2
/// (never below 0, so it falls again under light load) reaches melt_A2s. True to the adiabatic
/// range; between one and two times its rating a real fuse takes longer. Class-T of 150 A needs
/// more than 10 kA2s (cell_models reference, 6.2).
struct FuseParameters {
  double rated_A = 150.0;
  double melt_A2s = 12e3;  ///< not above 0: no fuse, 0 Ohm
  double r_Ohm = 0.3e-3;   ///< estimate
};

struct FuseState {
  double heat_A2s = 0.0;
  bool is_open = false;

  bool operator==(const FuseState&) const = default;
};

/// Advance by dt_s at i^2 = current_A2. True if it opened just now.
inline bool advance(const FuseParameters& p, double current_A2, double dt_s, FuseState& state) {
  if (state.is_open || !(p.melt_A2s > 0.0)) return false;
  const double heat_A2s = state.heat_A2s + (current_A2 - p.rated_A * p.rated_A) * dt_s;
  state.heat_A2s = heat_A2s > 0.0 ? heat_A2s : 0.0;
  state.is_open = state.heat_A2s >= p.melt_A2s;
  return state.is_open;
}

/// Thermal-magnetic. Bimetal: theta' = ((i/rated)^2 - theta) / tau trips at theta = hold_ratio^2,
/// so from cold after tau ln(x^2 / (x^2 - hold_ratio^2)) at x times the rating. Magnet: trips once
/// |i| has been above magnetic_ratio times the rating for magnetic_s. Figures: estimate, middle of
/// the C-curve band of miniature breakers (no trip at 1.13, trip at 1.45 times; magnet 5 to 10
/// times).
struct BreakerParameters {
  bool is_fitted = false;
  double rated_A = 125.0;
  double hold_ratio = 1.25;
  double tau_s = 120.0;
  double magnetic_ratio = 7.5;
  double magnetic_s = 4e-3;
  double r_Ohm = 0.4e-3;
};

struct BreakerState {
  double theta = 0.0;  ///< heat of the bimetal, 1 at rated current for ever
  double over_s = 0.0;
  bool is_tripped = false;

  bool operator==(const BreakerState&) const = default;
};

/// The breaker with what a fault did to it; one that is jammed never trips.
BreakerParameters as_it_is(BreakerParameters parameters, const Hardware& hardware);

/// Advance by dt_s (>= 0) at i^2 = current_A2. True if it tripped just now.
bool advance(const BreakerParameters& parameters, double current_A2, double dt_s,
             BreakerState& state);

/// Push the lever back. False and still tripped while the bimetal is above its trip point's 70 %
/// (estimate).
bool reset(const BreakerParameters& parameters, BreakerState& state);

/// A relay's main contact.
struct ContactParameters {
  double close_s = 0.015;  ///< from coil on to contact closed; estimate, as all of these
  double open_s = 0.008;
  double r_Ohm = 0.2e-3;
  double weld_A = 1000.0;  ///< a contact that bounces at more than this welds
  double bounce_s = 2e-3;  ///< for so long after closing
};

struct ContactState {
  bool is_closed = false;  ///< where the mechanism stands
  bool is_welded = false;  ///< by a current of its own; for good
  double moving_s = 0.0;   ///< how long the coil has wanted the other position
  double bounce_left_s = 0.0;

  bool operator==(const ContactState&) const = default;
};

/// Whether the contact conducts: also what a mirror contact reports.
bool is_closed(ContactCondition condition, const ContactState& state);

/// Let dt_s (>= 0) pass. True if is_closed() changed.
bool advance(const ContactParameters& parameters, ContactCondition condition, bool coil,
             double dt_s, ContactState& state);

/// The time [s] until advance() changes something by itself: the contact arrives or stops bouncing.
/// Infinite if it is at rest.
double next_change_s(const ContactParameters& parameters, ContactCondition condition, bool coil,
                     const ContactState& state);

/// Tell a contact the highest current magnitude since the last advance(): a bouncing one may weld.
void strain(const ContactParameters& parameters, double peak_A, ContactState& state);

}  // namespace doppelpack::models
