// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The AFE's hardware comparators on the shunt: they open a MOSFET group without asking the
// firmware.
#pragma once

#include "models/hardware.hpp"

namespace doppelpack::models {

struct ComparatorParameters {
  double threshold_A = 0.0;  ///< magnitude in its direction; not fitted if not above 0
  double delay_s = 0.0;      ///< how long the reading must stay above it without a break
};

/// Threshold and delay steps of real parts: cell_models reference, 6.4.
struct ComparatorBank {
  ComparatorParameters scd{300.0, 200e-6};  ///< short circuit in discharge: opens DSG
  ComparatorParameters ocd;                 ///< over-current in discharge: opens DSG
  ComparatorParameters occ;                 ///< over-current in charge: opens CHG
};

struct ComparatorState {
  double over_s = 0.0;  ///< how long the reading has been above the threshold
  bool is_latched = false;

  bool operator==(const ComparatorState&) const = default;
};

/// Clearing a latch is writing `is_latched = false`; it trips again if the reading is still over.
struct ComparatorBankState {
  ComparatorState scd;
  ComparatorState ocd;
  ComparatorState occ;

  bool holds_discharge() const { return scd.is_latched || ocd.is_latched; }
  bool holds_charge() const { return occ.is_latched; }
  bool operator==(const ComparatorBankState&) const = default;
};

/// Which comparators of a bank are meant.
struct ComparatorSet {
  bool scd = true;
  bool ocd = true;
  bool occ = true;
};

/// What the shunt shows of a true current [A], positive in charge.
inline double shunt_reading_A(const Hardware& hardware, double current_A) {
  if (hardware.is_shunt_stuck) return hardware.shunt_stuck_A;
  const double through_A = hardware.is_shunt_reversed ? -current_A : current_A;
  return through_A * hardware.shunt_gain + hardware.shunt_offset_A;
}

/// What of it reaches the comparators.
inline double comparator_reading_A(const Hardware& hardware, double current_A) {
  return hardware.is_comparator_dead ? 0.0 : shunt_reading_A(hardware, current_A);
}

/// Advance one comparator by dt_s (>= 0) at a constant reading, positive in its own direction.
/// True if it latched just now. The slack is rounding of summed steps, far below any delay.
inline bool watch(const ComparatorParameters& parameters, double reading_A, double dt_s,
                  ComparatorState& state) {
  constexpr double kSlack_s = 1e-9;
  if (!(parameters.threshold_A > 0.0 && reading_A > parameters.threshold_A)) {
    state.over_s = 0.0;
    return false;
  }
  state.over_s += dt_s;
  if (state.is_latched || state.over_s < parameters.delay_s - kSlack_s) return false;
  state.is_latched = true;
  return true;
}

/// Advance all of them by dt_s at a constant shunt reading, positive in charge. True if any latched
/// just now.
inline bool watch(const ComparatorBank& bank, double reading_A, double dt_s,
                  ComparatorBankState& state) {
  const bool is_scd = watch(bank.scd, -reading_A, dt_s, state.scd);
  const bool is_ocd = watch(bank.ocd, -reading_A, dt_s, state.ocd);
  const bool is_occ = watch(bank.occ, reading_A, dt_s, state.occ);
  return is_scd || is_ocd || is_occ;
}

/// Some comparator is over its threshold, but has not latched yet.
bool is_counting(const ComparatorBankState& state);

/// True if a reading asks for the transient: above 90 % of the threshold of a comparator with a delay
/// below 5 ms, or above the whole threshold of a slower one, if it has not latched yet. A slow
/// one's threshold may lie close to the rated current, and a step of 1 ms does not outrun it.
bool needs_transient(const ComparatorBank& bank, double reading_A,
                     const ComparatorBankState& state);

}  // namespace doppelpack::models
