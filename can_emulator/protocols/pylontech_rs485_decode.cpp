// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <cstdlib>

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
bool decode_analog(BytesView bytes, BatteryView& view) {
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

bool decode_manufacturer(BytesView bytes, BatteryView& view) {
  InfoReader info(bytes);
  view.device_name = from_text_field(info.text(10), " ");
  info.skip(2);
  view.manufacturer = from_text_field(info.text(20), " -");
  return info.is_exhausted();
}

bool decode_system_analog(BytesView bytes, BatteryView& view) {
  InfoReader info(bytes);
  view.pack_V = info.u16() / 1000.0;
  view.current_A = info.s16() / 100.0;  // the scale is disputed, see encode_system_analog
  view.soc = info.u8() / 100.0;
  view.cycle_count = info.u16();
  info.skip(2);
  view.soh = info.u8() / 100.0;
  info.skip(1 + 8);  // lowest SOH; highest and lowest cell with their places
  view.T_degC = to_degC(info.u16());
  info.skip(8 + 10 + 10);  // highest and lowest temperature; MOSFETs; board
  return info.is_exhausted();
}

bool decode_system_alarms(BytesView bytes, BatteryView& view) {
  InfoReader info(bytes);
  const unsigned warnings = info.u8();
  view.warnings = warnings | info.u8() << 8;
  const unsigned protections = info.u8();
  view.protections = protections | info.u8() << 8;
  return info.is_exhausted();
}

bool decode_system_management(BytesView bytes, BatteryView& view) {
  InfoReader info(bytes);
  read_limits(info, view);
  take_status(info.u8(), 0x20, 0x10, view);
  return info.is_exhausted();
}

bool decode_management(BytesView bytes, BatteryView& view) {
  InfoReader info(bytes);
  info.skip(1);  // address
  read_limits(info, view);
  take_status(info.u8(), 0x30, 0x08, view);
  return info.is_exhausted();
}

}  // namespace doppelpack::can_emulator
