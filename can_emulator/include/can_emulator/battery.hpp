// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the two ends of a wire know of each other: the identity a battery announces, and the view an
// inverter or monitor gains by decoding frames. A view never holds more than what was on the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "can_emulator/dialect.hpp"

namespace doppelpack::can_emulator {

/// Limits a product announces as constants, for display. The limits to obey are in bms_report_t.
/// Defaults: a US2000B (python-pylontech capture), with the 100 A of a US5000.
struct ProductLimits {
  std::uint32_t cell_high_mV = 3650;
  std::uint32_t cell_low_mV = 3050;    ///< warning
  std::uint32_t cell_under_mV = 2900;  ///< protection
  std::uint32_t pack_high_mV = 54000;
  std::uint32_t pack_low_mV = 46000;    ///< warning
  std::uint32_t pack_under_mV = 44500;  ///< protection
  std::int32_t charge_high_ddegC = 610;
  std::int32_t charge_low_ddegC = -110;
  std::int32_t discharge_high_ddegC = 610;
  std::int32_t discharge_low_ddegC = -110;
  std::uint32_t charge_current_mA = 100000;  ///< magnitudes
  std::uint32_t discharge_current_mA = 100000;
};

/// What a pack says about itself; constant for a product and its switch settings.
struct BatteryIdentity {
  std::string manufacturer = "PYLON";        ///< ASCII; protocols cut it to their field
  std::string device_name = "US5000";        ///< ASCII
  std::string barcode = "DOPPELPACK000001";  ///< ASCII, 16 characters
  std::vector<std::string> member_barcodes;  ///< of the packs behind the master, in their order
  std::uint32_t design_mAh = 50000;          ///< capacity on the label
  std::uint8_t version_major = 1;
  std::uint8_t version_minor = 0;
  std::uint8_t module_count = 1;
  std::uint8_t serial_address = 2;  ///< ADR of the master pack on RS485
  Choices can_choices{};            ///< among CanProtocol::options
  Choices serial_choices{};         ///< among SerialProtocol::options
  ProductLimits limits;
};

/// SI units; positive current charges the pack. Empty: not heard yet, or not in this protocol.
struct BatteryView {
  std::optional<double> cvl_V;
  std::optional<double> discharge_voltage_limit_V;
  std::optional<double> ccl_A;
  std::optional<double> dcl_A;
  std::optional<double> soc;  ///< 0..1
  std::optional<double> soh;
  std::optional<double> pack_V;
  std::optional<double> current_A;
  std::optional<double> T_degC;
  std::optional<bool> is_charge_allowed;
  std::optional<bool> is_discharge_allowed;
  std::optional<bool> is_charge_forced;
  std::optional<bool> is_full_charge_requested;
  std::optional<bool> is_charge_protected;  ///< a protection bit against charging is set
  std::optional<bool> is_discharge_protected;
  std::optional<std::uint32_t> protections;  ///< raw bits of the protocol, for the record
  std::optional<std::uint32_t> warnings;
  std::optional<std::uint32_t> protected_rules;  ///< sets of BMS_RULE_BIT: what these bits may mean
  std::optional<std::uint32_t> warned_rules;
  std::optional<bool> is_faulty;  ///< says that something in it is broken
  std::optional<std::string> manufacturer;
  std::optional<std::string> device_name;
  std::optional<std::string> barcode;
  std::optional<std::string> family;  ///< whose kind of pack it says to be: "PN" of Pylontech
  std::optional<unsigned> module_count;
  std::optional<unsigned> cycle_count;
  std::optional<double> remaining_Ah;
  std::optional<double> full_Ah;
  std::optional<double> highest_cell_V;
  std::optional<double> lowest_cell_V;
  std::optional<double> hottest_degC;
  std::optional<double> coldest_degC;
  std::optional<unsigned> highest_cell;  ///< position, counted from 1; 0: not told
  std::optional<unsigned> lowest_cell;
  std::optional<unsigned> hottest_ntc;
  std::optional<unsigned> coldest_ntc;
  std::vector<double> cell_V;
  std::vector<double> ntc_degC;

  bool operator==(const BatteryView&) const = default;
};

}  // namespace doppelpack::can_emulator
