// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The holding registers of a Growatt battery, in both directions. Sources: growatt_rs485.cpp.
#pragma once

#include <cstdint>
#include <span>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/modbus_rtu.hpp"

namespace doppelpack::can_emulator {

/// In the order of SerialProtocol::options.
enum class GrowattOption { cell_1, system_status, error_valid };
enum class GrowattCell1 { at_0x71, at_0x70 };
enum class GrowattSystemStatus { told, none };
enum class GrowattErrorValid { with_an_error, always };

/// What the first pack tells of itself and of the bank.
class GrowattRegisters {
 public:
  GrowattRegisters(Packs packs, const BatteryIdentity& identity);

  ModbusRegister read(unsigned index) const;

 private:
  std::uint16_t value_of(unsigned index) const;
  std::uint16_t status() const;
  std::uint16_t cell_of(unsigned index, std::size_t pack) const;

  Packs packs_;
  const BatteryIdentity& identity_;
  bms_report_t told_;  ///< the first pack with the values of the bank
};

/// Takes over those of the registers from `first` on that the view has a place for.
void take_growatt_registers(unsigned first, std::span<const std::uint16_t> words,
                            const Choices& choices, BatteryView& view);

}  // namespace doppelpack::can_emulator
