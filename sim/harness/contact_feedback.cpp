// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/contact_feedback.hpp"

#include "bms/types.h"

namespace doppelpack::sim {

std::uint32_t closed_contacts(const models::PowerPathParameters& parameters,
                              bool has_breaker_contact, const models::Hardware& hardware,
                              const models::PowerPathState& state) {
  std::uint32_t closed = 0;
  const bool is_breaker_on = !state.breaker.is_tripped && !hardware.is_breaker_off;
  if (has_breaker_contact && is_breaker_on) closed |= BMS_CONTACT_BREAKER;
  if (!parameters.has_relays) return closed;
  if (models::is_closed(hardware.main_relay_1, state.main_1)) closed |= BMS_CONTACT_MAIN_1;
  if (models::is_closed(hardware.main_relay_2, state.main_2)) closed |= BMS_CONTACT_MAIN_2;
  if (models::is_closed(hardware.precharge_relay, state.precharge)) closed |= BMS_CONTACT_PRECHARGE;
  return closed;
}

}  // namespace doppelpack::sim
