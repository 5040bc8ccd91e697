// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The link between the packs of a bank: a chain of cables from each pack to the next. What one BMS
// tells arrives at the others with their next pass, if all cables between them are in.
//
// Messages are handed over as the link's drivers pack and unpack them; the link's own wire (CAN or
// RS485 inside the bank, of which no source gives the bytes) is not simulated.
#pragma once

#include <span>

#include "sim/pack_unit.hpp"

namespace doppelpack::sim {

/// After every pass of the firmware: takes the messages of those that have a supply, and hands each
/// firmware up to BMS_LINK_INBOX of those that wait for it. Up to two of each other pack can wait.
void exchange_link_messages(std::span<PackUnit> units);

}  // namespace doppelpack::sim
