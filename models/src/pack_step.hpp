// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

#include "models/pack.hpp"

namespace doppelpack::models {

/// The longest step of step(). A stiff source sees the RC pairs and the steep ends of the OCV curve as
/// resistance that grows with the length of a step: 1 s keeps it below the true one down to
/// -20 degC and 0 % SOC.
inline constexpr double kLongestPart_s = 1.0;

/// What the BMS takes from the string as it stands.
inline double supply_A(const PackParameters& parameters, const PackState& state) {
  return state.seen.is_supplied ? parameters.supply_A : parameters.off_A;
}

/// Takes over what has changed outside since the last step; a switch begins a transient.
void notice_inputs(const PackParameters& parameters, const Hardware& hardware,
                   const PackInputs& inputs, PackState& state);

/// The instruments at this instant, with the link following over dt_s. No time passes for anything
/// else.
void look(const PackParameters& parameters, const PackInputs& inputs, double dt_s,
          PackState& state);

/// The first half of a step: whatever the current of dt_s does to path and cells, with the string
/// as folded into `stack`.
void pass_current(const PackParameters& parameters, const Hardware& hardware,
                  const PackInputs& inputs, const Thevenin& stack, double dt_s, PackState& state);

/// The second half: what is slow, once 0.1 s has gathered.
void finish_part(const PackParameters& parameters, const Hardware& hardware,
                 const PackInputs& inputs, PackState& state);

/// One step of dt_s in normal operation, the string frozen as it is at the start. The changes of
/// hardware and inputs must have been noticed, and nothing fast may be going on.
void step_part(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
               double dt_s, PackState& state);

// A pack whose current others decide, in three parts: the bank (bank.cpp) settles the paths of all
// its modules together. Nothing is transient in it.

/// Takes over what has changed outside. What the string is now, seen from the power path.
Thevenin join(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
              PackState& state);

/// The instruments and every cell at the currents and voltages in state.path. No time passes.
void show(const PackParameters& parameters, const Thevenin& stack, PackState& state);

/// A step of dt_s (> 0) at them, right after join(). A comparator that trips acts from the next one
/// on.
void follow(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
            const Thevenin& stack, double dt_s, PackState& state);

}  // namespace doppelpack::models
