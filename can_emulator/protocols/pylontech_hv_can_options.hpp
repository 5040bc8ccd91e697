// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The dialects of Pylontech's high-voltage CAN, as data. Sources as in pylontech_hv_can.cpp.
#pragma once

#include <string_view>

#include "can_emulator/dialect.hpp"

namespace doppelpack::can_emulator::pylontech_hv {

/// In the order of kOptions; the enumerations below in that of the choices.
enum class Option {
  answer_address,
  byte_order,
  discharge_limit,
  module_voltage,
  module_total,
  energy_frame,
};

enum class AnswerAddress { one, zero };
inline constexpr std::string_view kAnswerAddresses[]{"1", "0"};

enum class ByteOrder { little, big };
inline constexpr std::string_view kByteOrders[]{"little", "big"};

enum class DischargeLimit { negative, positive };
inline constexpr std::string_view kDischargeLimits[]{"negative", "positive"};

enum class ModuleVoltage { millivolts, centivolts };
inline constexpr std::string_view kModuleVoltages[]{"1mV", "10mV"};

enum class ModuleTotal { modules, cells };
inline constexpr std::string_view kModuleTotals[]{"modules", "cells"};

enum class EnergyFrame { absent, sent };
inline constexpr std::string_view kEnergyFrames[]{"absent", "sent"};

inline constexpr ProtocolOption kOptions[]{
    {"answer_address",
     "added to the identifiers of answers: the address of the stack, 1 (HV118), or 0 (several "
     "inverters and packs)",
     kAnswerAddresses},
    {"byte_order", "of words: little (HV118), or big (some inverters, BE)", kByteOrders},
    {"discharge_limit",
     "0x4220 gives the discharge current limit below the offset (HV118) or above it (some packs)",
     kDischargeLimits},
    {"module_voltage",
     "unit in 0x4260: 1 mV (HV118), or 10 mV, as modules above 65.5 V need (estimate)",
     kModuleVoltages},
    {"module_total", "bytes 0 and 1 of 0x7320: modules (HV118), or cells (Dyness by BE)",
     kModuleTotals},
    {"energy_frame",
     "0x18FF9A6E with the remaining and total energy, unasked: absent, or sent (Dyness by BE)",
     kEnergyFrames},
};

}  // namespace doppelpack::can_emulator::pylontech_hv
