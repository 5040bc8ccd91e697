// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <cstdlib>

#include "protocols/pylontech_rs485_bits.hpp"
#include "protocols/pylontech_rs485_info.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {
namespace {

double to_degC(unsigned raw) {
  return (static_cast<int>(raw) - 2731) / 10.0;
}

struct StackTotals {
  int pack_count = 0;
  double pack_V = 0;  // sum over packs
  double current_A = 0;
  double remaining_Ah = 0;
  double full_Ah = 0;
  unsigned cycle_count = 0;  // highest
};

void read_pack(InfoReader& info, StackTotals& totals, BatteryView& view) {
  for (unsigned left = info.u8(); left > 0 && info.is_good(); --left) {
    view.cell_V.push_back(info.u16() / 1000.0);
  }
  for (unsigned left = info.u8(); left > 0 && info.is_good(); --left) {
    view.ntc_degC.push_back(to_degC(info.u16()));
  }
  totals.current_A += info.s16() / 10.0;
  totals.pack_V += info.u16() / 1000.0;
  unsigned remaining_mAh = info.u16();
  const unsigned item_count = info.u8();
  unsigned full_mAh = info.u16();
  totals.cycle_count = std::max(totals.cycle_count, info.u16());
  if (item_count > 2) {
    remaining_mAh = info.u24();
    full_mAh = info.u24();
  }
  totals.remaining_Ah += remaining_mAh / 1000.0;
  totals.full_Ah += full_mAh / 1000.0;
  ++totals.pack_count;
}

// The sign of the discharge limit differs between packs, so its magnitude counts.
void read_limits(InfoReader& info, BatteryView& view) {
  view.cvl_V = info.u16() / 1000.0;
  view.discharge_voltage_limit_V = info.u16() / 1000.0;
  view.ccl_A = std::max(info.s16(), 0) / 10.0;
  view.dcl_A = std::abs(info.s16()) / 10.0;
}

void take_status(unsigned status, unsigned forced_bits, unsigned full_charge_bit,
                 BatteryView& view) {
  view.is_charge_allowed = (status & 0x80) != 0;
  view.is_discharge_allowed = (status & 0x40) != 0;
  view.is_charge_forced = (status & forced_bits) != 0;
  view.is_full_charge_requested = (status & full_charge_bit) != 0;
}

}  // namespace

// Takes every pack in the reply: the second byte counts packs or repeats an address, which cannot
// be told apart, so the blocks must fill the INFO exactly.
bool decode_analog(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  info.skip(2);
  view.cell_V.clear();
  view.ntc_degC.clear();
  StackTotals totals;
  while (info.has_more()) read_pack(info, totals, view);
  if (totals.pack_count == 0 || !info.is_good()) return false;

  view.pack_V = totals.pack_V / totals.pack_count;
  view.current_A = totals.current_A;
  view.remaining_Ah = totals.remaining_Ah;
  view.full_Ah = totals.full_Ah;
  view.cycle_count = totals.cycle_count;
  if (totals.full_Ah > 0) view.soc = totals.remaining_Ah / totals.full_Ah;
  return true;
}

// The alarm bits of a stack are those of any pack; the switches are the last one's.
bool decode_alarms(BytesView bytes, const Choices& choices, BatteryView& view) {
  const bool has_extra_byte =
      choice_of<PylontechAlarmLength>(choices, PylontechOption::alarm_length) ==
      PylontechAlarmLength::with_extra_byte;
  InfoReader info(bytes);
  info.skip(2);
  unsigned protections = 0;
  bool is_any = false;
  while (info.has_more()) {
    info.skip(info.u8());      // cells
    info.skip(info.u8() + 3);  // temperatures; charge current, voltage, discharge current
    protections |= info.u8();
    const unsigned switches = info.u8();
    view.is_discharge_allowed = (switches & 0x04) != 0;
    view.is_charge_allowed = (switches & 0x02) != 0;
    info.skip(has_extra_byte ? 4 : 3);
    is_any = true;
  }
  view.protections = protections;
  return is_any && info.is_good();
}

bool decode_manufacturer(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  view.device_name = from_text_field(info.text(10), " ");
  info.skip(2);
  view.manufacturer = from_text_field(info.text(20), " -");
  return info.is_exhausted();
}

bool decode_system_analog(BytesView bytes, const Choices& choices, BatteryView& view) {
  const auto scale = choice_of<PylontechSystemCurrent>(choices, PylontechOption::system_current);
  const double scale_A = scale == PylontechSystemCurrent::ampere       ? 1.0
                         : scale == PylontechSystemCurrent::deciampere ? 0.1
                                                                       : 0.01;
  InfoReader info(bytes);
  view.pack_V = info.u16() / 1000.0;
  view.current_A = info.s16() * scale_A;
  view.soc = info.u8() / 100.0;
  view.cycle_count = info.u16();
  info.skip(2);
  view.soh = info.u8() / 100.0;
  info.skip(1 + 8);  // lowest SOH; highest and lowest cell with their places
  view.T_degC = to_degC(info.u16());
  info.skip(8 + 10 + 10);  // highest and lowest temperature; MOSFETs; board
  return info.is_exhausted();
}

// The barcode is that of the first module.
bool decode_system_basics(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  view.device_name = from_text_field(info.text(10), " ");
  view.manufacturer = from_text_field(info.text(20), " -");
  info.skip(2);  // version
  const unsigned count = info.u8();
  view.module_count = count;
  if (count > 0) view.barcode = from_text_field(info.text(16), " ");
  for (unsigned left = count; left > 1 && info.is_good(); --left) info.skip(16);
  return info.is_exhausted();
}

bool decode_system_alarms(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  const unsigned warnings = info.u8();
  view.warnings = warnings | info.u8() << 8;
  const unsigned protections = info.u8();
  take_protections(kSystemBits, protections | info.u8() << 8, kSystemFaultProtection, view);
  return info.is_exhausted();
}

bool decode_system_management(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  read_limits(info, view);
  take_status(info.u8(), 0x20, 0x10, view);
  return info.is_exhausted();
}

bool decode_management(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  info.skip(1);  // address
  read_limits(info, view);
  take_status(info.u8(), 0x30, 0x08, view);
  return info.is_exhausted();
}

bool decode_serial_number(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  info.skip(1);  // address
  view.barcode = from_text_field(info.text(16), " ");
  return info.is_exhausted();
}

}  // namespace doppelpack::can_emulator
