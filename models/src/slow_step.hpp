// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What happens ten times a second, or in every longer step: the audit of what has gathered, then
// damage, reactions, heat and ageing, and all coefficients that depend on them.
#pragma once

#include "models/pack.hpp"

namespace doppelpack::models {

/// Sizes what it keeps and opens the first window. The string must have been refreshed.
void start_slow_steps(const PackParameters& parameters, PackState& state);

/// Over state.waiting_s, which starts again from 0.
void slow_step(const PackParameters& parameters, const Hardware& hardware, const PackInputs& inputs,
               PackState& state);

}  // namespace doppelpack::models
