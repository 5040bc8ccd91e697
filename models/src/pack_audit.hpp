// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The invariants of a pack, see models/audit.hpp.
#pragma once

#include "models/pack.hpp"

namespace doppelpack::models {

void start_audit(const PackParameters& parameters, PackState& state);

/// Remembers where the window begins. The OCV in the cells must be that of their SOC.
void open_window(const PackParameters& parameters, PackState& state);

/// Everything electrical over the window, before anything slow changes. Likewise.
void audit_window(const PackParameters& parameters, PackState& state);

/// The box, right after its heat has moved; lost_J: to the ambient.
void audit_heat(const PackParameters& parameters, double lost_J, PackState& state);

}  // namespace doppelpack::models
