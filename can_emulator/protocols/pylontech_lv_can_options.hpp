// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The dialects of Pylontech's low-voltage CAN, as data. Sources as in pylontech_lv_can.cpp.
#pragma once

#include <string_view>

#include "can_emulator/dialect.hpp"

namespace doppelpack::can_emulator::pylontech_lv {

/// In the order of kOptions; the enumerations below in that of the choices.
enum class Option {
  frame_length,
  frames,
  marker,
  state_of_charge,
  measurements,
  voltage,
  limit_sign,
  padding,
  extremes,
  extreme_temperature,
  capacity,
  firmware_upgrade,
};

enum class FrameLength { as_needed, all8 };
inline constexpr std::string_view kFrameLengths[]{"short", "all8"};

enum class Frames { v12, v13 };
inline constexpr std::string_view kFrames[]{"v1.2", "v1.3"};

enum class Marker { pn, py, zero, capacity };
inline constexpr std::string_view kMarkers[]{"PN", "PY", "zero", "capacity"};

enum class StateOfCharge { plain, fine, cells };
inline constexpr std::string_view kStatesOfCharge[]{"plain", "fine", "cells"};

enum class Measurements { plain, cycles, temperatures };
inline constexpr std::string_view kMeasurements[]{"plain", "cycles", "temperatures"};

enum class Voltage { centivolts, decivolts };
inline constexpr std::string_view kVoltages[]{"0.01V", "0.1V"};

enum class LimitSign { positive, negative };
inline constexpr std::string_view kLimitSigns[]{"positive", "negative"};

enum class Padding { blank, nul };
inline constexpr std::string_view kPaddings[]{"blank", "nul"};

enum class Extremes { absent, high_first, low_first };
inline constexpr std::string_view kExtremes[]{"absent", "high-first", "low-first"};

enum class ExtremeTemperature { whole, tenths };
inline constexpr std::string_view kExtremeTemperatures[]{"1degC", "0.1degC"};

enum class Capacity { absent, sent };
inline constexpr std::string_view kCapacities[]{"absent", "sent"};

enum class FirmwareUpgrade { absent, refused };
inline constexpr std::string_view kFirmwareUpgrades[]{"absent", "refused"};

inline constexpr ProtocolOption kOptions[]{
    {"frame_length",
     "bytes of a frame: as many as it needs (Pylontech), or always 8 (most clones; the document of "
     "Sol-Ark takes no other)",
     kFrameLengths},
    {"frames",
     "v1.3: 0x35A and 0x35F in place of 0x359 and 0x35C, 0x355 with 6 bytes (newer US5000, SETF)",
     kFrames},
    {"marker",
     "bytes 5 and 6 of 0x359: PN (Pylontech; Victron takes it for a pack of 15 cells), PY (Pytes), "
     "zero (Dyness BX51100, YAM), capacity in Ah (LUX)",
     kMarkers},
    {"state_of_charge",
     "0x355 from byte 4: nothing, fine: SOC in 0.01 % (YAM, SMA), cells: highest and lowest cell "
     "in mV (LUX)",
     kStatesOfCharge},
    {"measurements",
     "0x356: plain, cycles in bytes 6 and 7 (Sofar, YAM), temperatures: highest and lowest in "
     "place "
     "of the mean (LUX)",
     kMeasurements},
    {"voltage",
     "unit of the pack voltage in 0x356: 0.01 V everywhere but in the document of Sol-Ark and with "
     "Discover AES; Deye raises W31 on 0.1 V",
     kVoltages},
    {"limit_sign",
     "discharge current limit in 0x351: positive in every capture; negative by one reading of the "
     "document (early diyBMS)",
     kLimitSigns},
    {"padding", "of the manufacturer in 0x35E: blank (captures), nul (juamiso/PYLON_EMU)",
     kPaddings},
    {"extremes",
     "0x370 and 0x371, extremes of temperatures and cells and their places: absent (Pylontech), "
     "high-first (JK, Seplos), low-first (Shoto by MIK, who is clear about the cells only)",
     kExtremes},
    {"extreme_temperature", "unit in 0x370: 1 degC (capture of a JK), 0.1 degC (SEPL)",
     kExtremeTemperatures},
    {"capacity", "0x379, the full capacity in Ah: absent (Pylontech), sent (clones)", kCapacities},
    {"firmware_upgrade",
     "a request for an upgrade in an extended frame: absent, or refused (manual of a 6.5 kWh pack)",
     kFirmwareUpgrades},
};

}  // namespace doppelpack::can_emulator::pylontech_lv
