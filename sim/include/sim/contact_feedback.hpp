// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Auxiliary contacts: what the firmware is told of relays and breaker.
#pragma once

#include <cstdint>

#include "models/power_path.hpp"

namespace doppelpack::sim {

/// The set of bms_contact_t that is closed. The auxiliary contact is forced by the main contact, so
/// it follows a welded one, too (mirror contact, IEC 60947-4-1 annex F). A breaker tells where its
/// lever stands, if it has such a contact.
std::uint32_t closed_contacts(const models::PowerPathParameters& parameters,
                              bool has_breaker_contact, const models::Hardware& hardware,
                              const models::PowerPathState& state);

}  // namespace doppelpack::sim
