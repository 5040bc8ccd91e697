// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/firmware_upgrade.hpp"

#include "protocols/can_fields.hpp"

namespace doppelpack::can_emulator {

std::optional<CanFrame> refuse_upgrade(const CanFrame& request, const bms_report_t& report) {
  const bool is_asked = request.id == kUpgradeRequestId && request.is_extended &&
                        !request.is_remote && request.dlc > 0;
  if (!is_asked) return {};
  const bool is_open = !report.is_charge_allowed && !report.is_discharge_allowed;
  const bool is_idle = report.state == BMS_STATE_STANDBY || is_open;
  const UpgradeAnswer answer = is_idle ? UpgradeAnswer::unsupported : UpgradeAnswer::busy;
  return FrameBuilder(kUpgradeAnswerId, true)
      .byte(request.data[0])
      .byte(static_cast<std::uint8_t>(answer))
      .padded_to(8);
}

}  // namespace doppelpack::can_emulator
