// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The byte in which a pack of Pylontech's family says what it allows and wants: 0x35C on CAN, 0x92 on
// RS485, and with fewer bits elsewhere.
#pragma once

#include <cstdint>

#include "bms/types.h"
#include "can_emulator/battery.hpp"

namespace doppelpack::can_emulator {

enum RequestFlag : std::uint8_t {
  flag_charge_allowed = 0x80,
  flag_discharge_allowed = 0x40,
  flag_force_charge1 = 0x20,  // at once: the pack is about to shut down
  flag_force_charge2 = 0x10,  // before the pack has to shut down
  flag_full_charge = 0x08,
};

inline unsigned request_flags(const bms_report_t& report) {
  unsigned flags = 0;
  if (report.is_charge_allowed) flags |= flag_charge_allowed;
  if (report.is_discharge_allowed) flags |= flag_discharge_allowed;
  if ((report.requests & BMS_REQUEST_FORCE_CHARGE) != 0) flags |= flag_force_charge1;
  if ((report.requests & BMS_REQUEST_FORCE_CHARGE2) != 0) flags |= flag_force_charge2;
  if ((report.requests & BMS_REQUEST_FULL_CHARGE) != 0) flags |= flag_full_charge;
  return flags;
}

/// All but the wish for a full charge, which not every protocol has.
inline void take_permissions(unsigned flags, BatteryView& view) {
  view.is_charge_allowed = (flags & flag_charge_allowed) != 0;
  view.is_discharge_allowed = (flags & flag_discharge_allowed) != 0;
  view.is_charge_forced = (flags & (flag_force_charge1 | flag_force_charge2)) != 0;
}

inline void take_request_flags(unsigned flags, BatteryView& view) {
  take_permissions(flags, view);
  view.is_full_charge_requested = (flags & flag_full_charge) != 0;
}

}  // namespace doppelpack::can_emulator
