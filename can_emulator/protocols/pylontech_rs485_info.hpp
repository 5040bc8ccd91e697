// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the INFO of each Pylontech RS485 reply holds, in both directions. Sources, by short name:
//   PY33   "RS485-protocol-pylon-low-voltage-V3.3" (2018-08-21), commands 0x42 to 0x96
//   PY35   "RS485-protocol-V3.5" (2019-08-07), the system commands 0x60 to 0x63
//   PPY    Frankkkkk/python-pylontech           ESS  martiby/ess
//   TOM    Tomcat42/pylontech-python            ARD  ardiehl/pylontech
//   SIG    victorstoica114/sigrok-pylon-bms-decoders, inverters with JK and Seplos packs
#pragma once

#include <string_view>

#include "bms/types.h"
#include "can_emulator/battery.hpp"
#include "protocols/ydt1363_frame.hpp"

namespace doppelpack::can_emulator {

/// In the order of SerialProtocol::options.
enum class PylontechOption {
  system_current,
  system_discharge,
  alarm_length,
  system_commands,
  group_addresses,
};
enum class PylontechSystemCurrent { centiampere, deciampere, ampere };
enum class PylontechSystemDischarge { positive, negative };
enum class PylontechAlarmLength { with_extra_byte, as_documented };
enum class PylontechSystemCommands { answered, unanswered };
enum class PylontechGroupAddresses { silent, answered };

/// The packs a reply speaks of; `selector` is what 0x42 and 0x44 repeat of the request: the address
/// of one pack, or the number of packs when all were asked for.
struct Stack {
  Packs packs;
  const BatteryIdentity& identity;
  std::uint8_t selector;
  std::size_t first = 0;  ///< place of the first of them behind the master
};

/// Parts of several replies. Limits round to the safe side; `discharge_sign`: see the callers.
void put_temperature(InfoWriter& info, std::int64_t ddegC);
void put_limits(InfoWriter& info, const bms_report_t& report, int discharge_sign);
std::string_view barcode_of(const BatteryIdentity& identity, std::size_t place);

Bytes encode_analog(const Stack& stack);             // 0x42
Bytes encode_alarms(const Stack& stack);             // 0x44
Bytes encode_system_parameters(const Stack& stack);  // 0x47
Bytes encode_nothing(const Stack& stack);            // 0x4F: VER says it all
Bytes encode_manufacturer(const Stack& stack);       // 0x51
Bytes encode_system_basics(const Stack& stack);      // 0x60
Bytes encode_system_analog(const Stack& stack);      // 0x61
Bytes encode_system_alarms(const Stack& stack);      // 0x62
Bytes encode_system_management(const Stack& stack);  // 0x63
Bytes encode_pack_count(const Stack& stack);         // 0x90, of the RS232 document V2.8
Bytes encode_management(const Stack& stack);         // 0x92
Bytes encode_serial_number(const Stack& stack);      // 0x93
Bytes encode_firmware(const Stack& stack);           // 0x96

/// Each takes over what a well-formed INFO says; false leaves the view in an undefined state.
bool decode_analog(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_alarms(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_manufacturer(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_system_basics(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_system_analog(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_system_alarms(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_system_management(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_management(BytesView bytes, const Choices& choices, BatteryView& view);
bool decode_serial_number(BytesView bytes, const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator
