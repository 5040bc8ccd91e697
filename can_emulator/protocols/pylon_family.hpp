// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Frames that Pylontech's low-voltage CAN and the CAN of SMA and Victron share: 11-bit identifiers,
// little endian. Reports are those of the bank.
#pragma once

#include <cstdint>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "protocols/can_fields.hpp"

namespace doppelpack::can_emulator {

enum PylonFamilyId : std::uint32_t {
  id_heartbeat = 0x305,
  id_limits = 0x351,
  id_state_of_charge = 0x355,
  id_measurements = 0x356,
  id_manufacturer = 0x35E,
  id_battery_type = 0x35F,
  id_installed_capacity = 0x379,
};

/// Limits round to the safe side. The discharge current limit is positive.
FrameBuilder limits_frame(const bms_report_t& report);
/// SOC and SOH in whole percent.
FrameBuilder state_of_charge_frame(const bms_report_t& report);
/// SOC in 0.01 %, as far as the core knows it.
std::int64_t fine_percent(std::uint16_t permille);
/// Voltage in `voltage_step_mV`, current, mean temperature.
FrameBuilder measurements_frame(const bms_report_t& report, std::int64_t voltage_step_mV);
/// Chemistry as two bytes, version, full capacity in Ah.
FrameBuilder battery_type_frame(const bms_report_t& report, const BatteryIdentity& identity,
                                std::uint16_t chemistry);

/// Full capacity in Ah, for 0x379 and others.
std::int64_t full_Ah(const bms_report_t& report);

// The decoders of the same. 0x351 may lack its voltage limit (6 bytes).
void decode_limits(const CanFrame& frame, const Choices& choices, BatteryView& view);
void decode_percents(const CanFrame& frame, BatteryView& view);
void decode_measurements(const CanFrame& frame, double steps_per_V, BatteryView& view);
void decode_manufacturer(const CanFrame& frame, const Choices& choices, BatteryView& view);
void decode_battery_type(const CanFrame& frame, const Choices& choices, BatteryView& view);
void decode_installed_capacity(const CanFrame& frame, const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator
