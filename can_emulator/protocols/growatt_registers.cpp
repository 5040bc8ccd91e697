// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "protocols/growatt_registers.hpp"

#include <algorithm>
#include <array>

#include "protocols/report_summary.hpp"
#include "protocols/rule_bits.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {
namespace {

constexpr unsigned kLastGaugeRegister = 0x002A;  // a Growatt inverter reads up to here
constexpr unsigned kFirstCellBlock = 0x0070;
constexpr unsigned kLastCellBlock = 0x0080;
constexpr unsigned kSecondPack = 0x0081;  // cells of the second pack, up to 0x90
constexpr unsigned kCellsPerPack = 16;

constexpr std::array kErrorBits{
    RuleBit{BMS_RULE_BIT(BMS_RULE_OCD) | BMS_RULE_BIT(BMS_RULE_OCD2), 1 << 0},
    RuleBit{BMS_RULE_BIT(BMS_RULE_SCD), 1 << 1},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_OV) | BMS_RULE_BIT(BMS_RULE_PACK_OV), 1 << 2},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_UV) | BMS_RULE_BIT(BMS_RULE_PACK_UV), 1 << 3},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTD), 1 << 4},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTC), 1 << 5},
    RuleBit{BMS_RULE_BIT(BMS_RULE_UTD), 1 << 6},
    RuleBit{BMS_RULE_BIT(BMS_RULE_UTC), 1 << 7},
    RuleBit{BMS_RULE_BIT(BMS_RULE_SPREAD) | BMS_RULE_BIT(BMS_RULE_SPREAD_FAILURE), 1 << 10},
    RuleBit{kChargeOverCurrent, 1 << 11},
    RuleBit{BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 1 << 12},
};
constexpr unsigned kSoftStartError = 1 << 8;
constexpr unsigned kPermanentError = 1 << 9;

constexpr std::array kWarningBits{
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_OV), 1 << 0},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_UV), 1 << 1},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_OV), 1 << 2},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_UV), 1 << 3},
    RuleBit{kDischargeOverCurrent, 1 << 4},
    RuleBit{kChargeOverCurrent, 1 << 5},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTD), 1 << 6},
    RuleBit{BMS_RULE_BIT(BMS_RULE_UTD), 1 << 7},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTC), 1 << 8},
    RuleBit{BMS_RULE_BIT(BMS_RULE_UTC), 1 << 9},
    RuleBit{BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 1 << 10},
    RuleBit{BMS_RULE_BIT(BMS_RULE_SOC_LOW), 1 << 13},
};

unsigned error_of(const bms_report_t& report) {
  return bits_of(kErrorBits, report.protections) |
         flag((report.failures & kPrechargeFailures) != 0, kSoftStartError) |
         flag(has_system_fault(report), kPermanentError);
}

unsigned extended_error_of(const bms_report_t& report) {
  const auto fails = [&](bms_failure_t failure) {
    return (report.failures & BMS_FAILURE_BIT(failure)) != 0;
  };
  return flag(fails(BMS_FAILURE_ADDRESS), 1 << 0) | flag(fails(BMS_FAILURE_VERSION), 1 << 1) |
         flag(fails(BMS_FAILURE_SERIAL), 1 << 2) | flag(fails(BMS_FAILURE_MASTER_LOST), 1 << 3) |
         flag(fails(BMS_FAILURE_MEMBER_LOST), 1 << 4);
}

// Bits 0 and 1 of the status, and again bits 10 and 11 for the whole system.
unsigned activity_of(const bms_report_t& report) {
  if (report.state == BMS_STATE_PRECHARGE) return 0;
  return report.current_mA > 0 ? 2 : report.current_mA < 0 ? 3 : 1;
}

constexpr std::uint16_t word(std::int64_t value) {
  return saturate<std::uint16_t>(value);
}
std::uint16_t signed_word(std::int64_t value) {
  return static_cast<std::uint16_t>(saturate<std::int16_t>(value));
}
std::int64_t percent(std::uint16_t permille) {
  return std::min<std::int64_t>(divide_nearest(permille, 10), 100);
}

}  // namespace

GrowattRegisters::GrowattRegisters(Packs packs, const BatteryIdentity& identity)
    : packs_(packs), identity_(identity), told_(of_bank(packs.front())) {}

ModbusRegister GrowattRegisters::read(unsigned index) const {
  if (index >= 1 && index <= kLastGaugeRegister) return value_of(index);
  if (index >= kFirstCellBlock && index <= kLastCellBlock) {
    const auto start = choice_of<GrowattCell1>(identity_.serial_choices, GrowattOption::cell_1);
    const unsigned cell_1 = start == GrowattCell1::at_0x71 ? 0x0071 : 0x0070;
    return index < cell_1 ? 0 : cell_of(index - cell_1, 0);  // 0x70: pack id
  }
  if (index >= kSecondPack && index < kSecondPack + kCellsPerPack && packs_.size() > 1) {
    return cell_of(index - kSecondPack, 1);
  }
  return std::nullopt;
}

std::uint16_t GrowattRegisters::cell_of(unsigned index, std::size_t pack) const {
  const auto cells = cells_mV(packs_[pack]);
  return index < cells.size() && index < kCellsPerPack ? cells[index] : std::uint16_t{0};
}

// GRO's bits 8 and 9, parallel or single, follow the number of packs that count.
std::uint16_t GrowattRegisters::status() const {
  const auto system =
      choice_of<GrowattSystemStatus>(identity_.serial_choices, GrowattOption::system_status);
  const auto valid =
      choice_of<GrowattErrorValid>(identity_.serial_choices, GrowattOption::error_valid);
  const bool is_error_valid = valid == GrowattErrorValid::always || error_of(told_) != 0;
  const unsigned activity = activity_of(told_);
  const unsigned forced = BMS_REQUEST_FORCE_CHARGE | BMS_REQUEST_FORCE_CHARGE2;
  unsigned bits = activity | flag(is_error_valid, 1 << 2);
  bits |= flag(told_.state == BMS_STATE_STORAGE, 1 << 4);
  bits |= flag(told_.is_discharge_allowed, 1 << 5) | flag(told_.is_charge_allowed, 1 << 6);
  bits |= flag(told_.members > 1, 1 << 8);
  if (system == GrowattSystemStatus::told) bits |= activity << 10;
  bits |= flag((told_.requests & forced) != 0, 1 << 12);
  return word(bits);
}

// The current of 0x17 charges when positive: GROTCP's SPH3620 and EG4SN agree. RM and FCC are those
// of the bank (EG4SN saw them halve with one of two packs). Limits round to the safe side.
std::uint16_t GrowattRegisters::value_of(unsigned index) const {
  const Spread cell = cell_spread_mV(packs_.front());
  const std::int64_t T_degC = divide_nearest(ntc_spread_ddegC(packs_.front()).mean, 10);
  switch (index) {
    case 0x0001:
    case 0x000E:
      return word(identity_.version_major * 256 + identity_.version_minor);
    case 0x000F:
      return word(divide_nearest(identity_.design_mAh, 10));
    case 0x0010:
      return signed_word(divide_nearest(packs_.front().current_mA, 10));
    case 0x0013:
      return status();
    case 0x0014:
      return word(error_of(told_));
    case 0x0015:
      return word(percent(told_.soc_permille));
    case 0x0016:
      return word(divide_nearest(told_.pack_mV, 10));
    case 0x0017:
      return signed_word(divide_nearest(told_.current_mA, 10));
    case 0x0018:
      return signed_word(T_degC);
    case 0x0019:
      return word(divide_down(told_.ccl_mA, 10));
    case 0x001A:
      return word(divide_nearest(told_.remaining_mAh, 10));
    case 0x001B:
      return word(divide_nearest(told_.full_mAh, 10));
    case 0x001C:
      return word(identity_.version_major * 256 + identity_.version_minor);
    case 0x001D:
      return word(cell.highest - cell.lowest);
    case 0x001E:
      return told_.cycle_count;
    case 0x0020:
      return word(percent(told_.soh_permille));
    case 0x0021:
      return word(divide_down(told_.cvl_mV, 10));
    case 0x0022:
      return word(bits_of(kWarningBits, told_.warnings));
    case 0x0023:
      return word(divide_down(told_.dcl_mA, 10));
    case 0x0024:
      return word(extended_error_of(told_));
    case 0x0025:
      return word(cell.highest);
    case 0x0026:
      return word(cell.lowest);
    case 0x0027:
      return cell.highest_position;
    case 0x0028:
      return cell.lowest_position;
    case 0x0029:
      return word(static_cast<std::int64_t>(cells_mV(packs_.front()).size()));
    default:
      return 0;  // 0x1F, the ids of box and battery, is 0 in every capture
  }
}

// ---- inverter side ------------------------------------------------------------------------------

namespace {

void take_status(unsigned status, BatteryView& view) {
  view.is_discharge_allowed = (status & (1U << 5)) != 0;
  view.is_charge_allowed = (status & (1U << 6)) != 0;
  view.is_charge_forced = (status & (1U << 12)) != 0;
}

void take_register(unsigned index, std::uint16_t value, BatteryView& view) {
  const auto number = static_cast<std::int16_t>(value);
  switch (index) {
    case 0x0013:
      return take_status(value, view);
    case 0x0014:
      return take_protections(kErrorBits, value, kSoftStartError | kPermanentError, view);
    case 0x0015:
      view.soc = value / 100.0;
      return;
    case 0x0016:
      view.pack_V = value / 100.0;
      return;
    case 0x0017:
      view.current_A = number / 100.0;
      return;
    case 0x0018:
      view.T_degC = number;
      return;
    case 0x0019:
      view.ccl_A = value / 100.0;
      return;
    case 0x001A:
      view.remaining_Ah = value / 100.0;
      return;
    case 0x001B:
      view.full_Ah = value / 100.0;
      return;
    case 0x001E:
      view.cycle_count = value;
      return;
    case 0x0020:
      view.soh = (value & 0x7F) / 100.0;
      return;
    case 0x0021:
      view.cvl_V = value / 100.0;
      return;
    case 0x0022:
      view.warnings = value;
      return;
    case 0x0023:
      view.dcl_A = value / 100.0;
      return;
    default:
      return;
  }
}

}  // namespace

void take_growatt_registers(unsigned first, std::span<const std::uint16_t> words,
                            const Choices& choices, BatteryView& view) {
  const auto start = choice_of<GrowattCell1>(choices, GrowattOption::cell_1);
  const unsigned cell_1 = start == GrowattCell1::at_0x71 ? 0x0071 : 0x0070;
  if (first >= kFirstCellBlock) view.cell_V.clear();
  for (unsigned i = 0; i < words.size(); ++i) {
    const unsigned index = first + i;
    take_register(index, words[i], view);
    const bool is_cell = index >= cell_1 && index < cell_1 + kCellsPerPack;
    if (is_cell) view.cell_V.push_back(words[i] / 1000.0);
  }
  // Registers behind the last cell are 0.
  while (!view.cell_V.empty() && view.cell_V.back() == 0) view.cell_V.pop_back();
}

}  // namespace doppelpack::can_emulator
