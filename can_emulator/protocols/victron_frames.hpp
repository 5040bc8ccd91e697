// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Frames that Victron reads beyond those of SMA; sources as in sma_can.cpp.
#pragma once

#include <cstdint>
#include <optional>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "can_emulator/frame.hpp"

namespace doppelpack::can_emulator {

enum VictronId : std::uint32_t {
  id_force_charge = 0x360,
  id_name_first = 0x370,
  id_name_second = 0x371,
  id_modules = 0x372,
  id_cell_extremes = 0x373,
  id_lowest_cell = 0x374,
  id_highest_cell = 0x375,
  id_coldest_ntc = 0x376,
  id_hottest_ntc = 0x377,
  id_serial_first = 0x380,
  id_serial_second = 0x381,
  id_family = 0x382,
};

// As PeriodicFrame::encode.
std::optional<CanFrame> encode_force_charge(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_name_first(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_name_second(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_modules(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_cell_extremes(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_lowest_cell(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_highest_cell(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_coldest_ntc(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_hottest_ntc(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_victron_capacity(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_serial_first(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_serial_second(const bms_report_t& pack, const BatteryIdentity&);
std::optional<CanFrame> encode_family(const bms_report_t& pack, const BatteryIdentity&);

// As FrameDecoder::decode.
void decode_force_charge(const CanFrame& frame, const Choices& choices, BatteryView& view);
void decode_modules(const CanFrame& frame, const Choices& choices, BatteryView& view);
void decode_cell_extremes(const CanFrame& frame, const Choices& choices, BatteryView& view);
void decode_family(const CanFrame& frame, const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator
