// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// One step of minutes or hours. Within it a cell's inner voltage moves, and where the source is
// stiff, or cells are in parallel, this moves current. So the step takes each cell as what it is
// on average over the step, a voltage behind a resistance that includes RC pairs and the slope of
// the OCV curve: of second order in the step, and stable at any length.
#pragma once

#include "models/adaptive.hpp"

namespace doppelpack::models {

/// Advance by dt_s (> 0) in normal operation. The changes of hardware and inputs must have been
/// noticed, with nothing fast going on. False if the step is too long to find the current that
/// flows: it must be taken back, for two halves may be wrong by the same.
bool long_step(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
               double dt_s, LongStepWork& work, PackState& state);

}  // namespace doppelpack::models
