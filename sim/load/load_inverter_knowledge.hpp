// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The part of an inverter's file about what it makes of what it hears: its own readings, what it
// refuses or misses, packs it believes to know, and how it looks for one on RS485.
#pragma once

#include "load/section.hpp"
#include "sim/inverter_design.hpp"

namespace doppelpack::sim {

/// Reads `reads`, `accepts`, `misses`, `corrections` and `rs485_scan`, each if it is there. Throws
/// DataError at the place of what is wrong.
void read_knowledge(const Section& file, InverterDesign& design);

}  // namespace doppelpack::sim
