// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>

#include "protocols/pace_rs485_bits.hpp"
#include "protocols/pace_rs485_info.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {
namespace {

struct Totals {
  int pack_count = 0;
  double pack_V = 0;  // sum over packs
  double current_A = 0;
  double remaining_Ah = 0;
  double full_Ah = 0;
  unsigned cycle_count = 0;  // highest
};

void read_pack(InfoReader& info, int zero_ddegC, Totals& totals, BatteryView& view) {
  for (unsigned left = info.u8(); left > 0 && info.is_good(); --left) {
    view.cell_V.push_back(info.u16() / 1000.0);
  }
  for (unsigned left = info.u8(); left > 0 && info.is_good(); --left) {
    view.ntc_degC.push_back((static_cast<int>(info.u16()) - zero_ddegC) / 10.0);
  }
  totals.current_A += info.s16() / 100.0;
  totals.pack_V += info.u16() / 1000.0;
  totals.remaining_Ah += info.u16() / 100.0;
  const unsigned variant = info.u8();
  totals.full_Ah += info.u16() / 100.0;
  totals.cycle_count = std::max(totals.cycle_count, info.u16());
  info.skip(2);  // design capacity
  if (variant == 9) info.skip(14);
  ++totals.pack_count;
}

struct Warnings {
  unsigned protections = 0;
  unsigned warnings = 0;
  unsigned instruction = 0;  // of the last pack
};

void read_warnings(InfoReader& info, Warnings& found) {
  info.skip(info.u8());      // cells
  info.skip(info.u8() + 3);  // temperatures; charge current, voltage, discharge current
  const unsigned protection1 = info.u8();
  const unsigned protection2 = info.u8();
  found.instruction = info.u8();
  info.skip(1);  // control
  const unsigned fault = info.u8();
  found.protections |= protection1 | protection2 << 8 | fault << 16;
  info.skip(2);  // balance
  const unsigned warning1 = info.u8();
  found.warnings |= warning1 | info.u8() << 8;
}

}  // namespace

// The second byte counts packs or repeats a number, which cannot be told apart, so the blocks must
// fill the INFO exactly. TER has heard of a flag byte between two packs; nobody captured one.
bool decode_pace_analog(BytesView bytes, const Choices& choices, BatteryView& view) {
  const auto offset = choice_of<PaceOffset>(choices, PaceOption::temperature_offset);
  InfoReader info(bytes);
  info.skip(2);
  view.cell_V.clear();
  view.ntc_degC.clear();
  Totals totals;
  while (info.has_more()) {
    read_pack(info, offset == PaceOffset::at_2730 ? 2730 : 2731, totals, view);
  }
  if (totals.pack_count == 0 || !info.is_good()) return false;

  view.pack_V = totals.pack_V / totals.pack_count;
  view.current_A = totals.current_A;
  view.remaining_Ah = totals.remaining_Ah;
  view.full_Ah = totals.full_Ah;
  view.cycle_count = totals.cycle_count;
  if (totals.full_Ah > 0) view.soc = totals.remaining_Ah / totals.full_Ah;
  return true;
}

bool decode_pace_warnings(BytesView bytes, const Choices& choices, BatteryView& view) {
  const bool is_p9 = choice_of<PaceVariant>(choices, PaceOption::variant) == PaceVariant::p9;
  InfoReader info(bytes);
  info.skip(2);
  Warnings found;
  bool is_any = false;
  while (info.has_more()) {
    read_warnings(info, found);
    if (is_p9) info.skip(1);
    is_any = true;
  }
  if (!is_any || !info.is_good()) return false;
  constexpr unsigned kFull = 0x8000;  // among the protections, and none
  view.protections = found.protections & ~kFull;
  view.warnings = found.warnings;
  view.protected_rules = rules_of(kPaceProtection1, found.protections) |
                         rules_of(kPaceCellTemperatures, found.protections >> 8U);
  view.warned_rules = rules_of(kPaceWarning1, found.warnings) |
                      rules_of(kPaceCellTemperatures, found.warnings >> 8U);
  view.is_faulty = found.protections >> 16U != 0;
  view.is_discharge_allowed = (found.instruction & 0x04) != 0;
  view.is_charge_allowed = (found.instruction & 0x02) != 0;
  return true;
}

bool decode_pace_pack_count(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  view.module_count = info.u8();
  return info.is_exhausted();
}

bool decode_pace_capacity(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  view.remaining_Ah = info.u16() / 100.0;
  view.full_Ah = info.u16() / 100.0;
  info.skip(2);  // design capacity
  return info.is_exhausted();
}

bool decode_pace_version(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  view.device_name = from_text_field(info.text(20), " ");
  return info.is_exhausted();
}

// 20 characters, or 40 with the pack's own number behind the board's.
bool decode_pace_serial(BytesView bytes, const Choices& /*choices*/, BatteryView& view) {
  InfoReader info(bytes);
  view.barcode = from_text_field(info.text(20), " ");
  if (info.has_more()) info.skip(20);
  return info.is_exhausted();
}

}  // namespace doppelpack::can_emulator
