// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// PACE BMS on Modbus RTU: vectors M9 to M11 (M9, M10 of victorstoica114/sigrok-pylon-bms-decoders,
// M11 of dnc392/rs485-bms-probe), and what follows from the map of the V1.3 document.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "can_emulator/serial_protocol.hpp"
#include "modbus_bench.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator::pace_modbus_test {
namespace {

const char* const kM9 =
    "01 03 1A FF B4 15 DE 00 59 00 64 01 BF 01 F4 01 F4 00 00 00 00 00 00 00 00 0E 00 00 00 CF C7";
const char* const kM10 =
    "01 03 2C 0D AE 0D A9 0D AC 0D AC 0D AC 0D AC 0D A9 0D AA 0D AA 0D AA 0D AC 0D AA 0D AD 0D AC "
    "0D AC 0D AC 01 36 01 34 01 32 01 38 01 20 01 35 99 36";

const SerialProtocol& pace() {
  return *find_serial_protocol("pace-modbus");
}

BatteryIdentity at_1() {
  BatteryIdentity identity;
  identity.serial_address = 1;
  identity.design_mAh = 5000;
  return identity;
}

bms_report_t m9_report() {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3502, 3497, 3500, 3500, 3500, 3500, 3497, 3498, 3498, 3498, 3500, 3498,
                        3501, 3500, 3500, 3500});
  set_ntcs_ddegC(report, {310, 308, 306, 312});
  report.mosfet_ddegC = 288;
  report.current_mA = -760;
  report.pack_mV = 55'980;
  report.soc_permille = 890;
  report.soh_permille = 1000;
  report.remaining_mAh = 4470;
  report.full_mAh = 5000;
  report.cycle_count = 0;
  return report;
}

Reply ask(const std::string& request, Packs packs = m9_report()) {
  return pace().respond(hex(request), packs, at_1());
}

TEST(PaceModbus, M9_SIG_gauge_both_ways) {
  EXPECT_EQ(hex_of(ask("01 03 00 00 00 0D 84 0F").bytes), kM9);
  BatteryView view;
  ASSERT_TRUE(pace().decode_reply(0, hex(kM9), {}, view));
  EXPECT_DOUBLE_EQ(view.current_A.value(), -0.76);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 55.98);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.89);
  EXPECT_DOUBLE_EQ(view.soh.value(), 1.0);
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 4.47);
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 5.0);
  EXPECT_TRUE(view.is_charge_allowed.value());
  EXPECT_TRUE(view.is_discharge_allowed.value());
}

// Its environment, 30.9 degC, is the mean of the cells to 0.1 K.
TEST(PaceModbus, M10_SIG_cells_and_temperatures_both_ways) {
  EXPECT_EQ(hex_of(ask("01 03 00 0F 00 16 F4 07").bytes), kM10);
  BatteryView view;
  ASSERT_TRUE(pace().decode_reply(1, hex(kM10), {}, view));
  ASSERT_EQ(view.cell_V.size(), 16U);
  EXPECT_DOUBLE_EQ(view.cell_V[0], 3.502);
  EXPECT_EQ(view.ntc_degC, (std::vector<double>{31.0, 30.8, 30.6, 31.2, 28.8, 30.9}));
}

TEST(PaceModbus, M11_DNC_one_register_and_an_exception_for_a_gap) {
  bms_report_t report = m9_report();
  report.pack_mV = 26'290;
  EXPECT_EQ(hex_of(ask("01 03 00 01 00 01 D5 CA", report).bytes), "01 03 02 0A 45 7F 17");
  const Reply reply = ask("01 03 00 00 00 31 84 1E");
  EXPECT_EQ(reply.kind, ReplyKind::rejection);
  EXPECT_EQ(hex_of(reply.bytes), "01 83 02 C0 F1");
  for (const char* index : {"0D", "0E", "25", "B4"}) {
    EXPECT_EQ(ask(with_crc(std::string("01 03 00 ") + index + " 00 01")).kind,
              ReplyKind::rejection);
  }
}

TEST(PaceModbus, texts_are_two_characters_per_register) {
  EXPECT_EQ(hex_of(ask(with_crc("01 03 00 A0 00 03")).bytes).substr(9, 17), "44 4F 50 50 45 4C");
  EXPECT_EQ(hex_of(ask(with_crc("01 03 00 96 00 06")).bytes).substr(9, 35),
            "55 53 35 30 30 30 20 31 2E 30 20 20");
}

TEST(PaceModbus, every_pack_answers_at_its_own_address) {
  std::vector<bms_report_t> packs(2, m9_report());
  packs[1].soc_permille = 420;
  const auto soc = [&](const char* request) { return hex_of(ask(with_crc(request), packs).bytes); };
  EXPECT_EQ(word_of(soc("01 03 00 02 00 01"), 0), "00 59");
  EXPECT_EQ(word_of(soc("02 03 00 02 00 01"), 0), "00 2A");
  EXPECT_EQ(soc("03 03 00 02 00 01"), "");
  EXPECT_EQ(soc("00 03 00 02 00 01"), "");
}

TEST(PaceModbus, nothing_can_be_written) {
  EXPECT_EQ(hex_of(ask(with_crc("01 10 00 3C 00 01 02 00 01")).bytes).substr(0, 8), "01 90 02");
}

TEST(PaceModbus, each_rule_sets_its_bit) {
  const struct {
    bms_rule_t rule;
    const char *warning, *protection;
  } rows[] = {
      {BMS_RULE_CELL_OV, "00 01", "00 01"}, {BMS_RULE_CELL_UV, "00 02", "00 02"},
      {BMS_RULE_PACK_OV, "00 04", "00 04"}, {BMS_RULE_PACK_UV, "00 08", "00 08"},
      {BMS_RULE_OCC, "00 10", "00 10"},     {BMS_RULE_OCD, "00 20", "00 20"},
      {BMS_RULE_SCD, "00 00", "00 40"},     {BMS_RULE_OTC, "01 00", "01 00"},
      {BMS_RULE_OTD, "02 00", "02 00"},     {BMS_RULE_UTC, "04 00", "04 00"},
      {BMS_RULE_UTD, "08 00", "08 00"},     {BMS_RULE_MOSFET_OT, "40 00", "10 00"},
      {BMS_RULE_SOC_LOW, "80 00", "00 00"},
  };
  for (const auto& row : rows) {
    bms_report_t report = m9_report();
    report.warnings = BMS_RULE_BIT(row.rule);
    const std::string warned = hex_of(ask(with_crc("01 03 00 09 00 02"), report).bytes);
    EXPECT_EQ(word_of(warned, 0) + "|" + word_of(warned, 1), std::string(row.warning) + "|00 00");
    report.protections = report.warnings;
    report.warnings = 0;
    const std::string tripped = hex_of(ask(with_crc("01 03 00 09 00 02"), report).bytes);
    EXPECT_EQ(word_of(tripped, 0) + "|" + word_of(tripped, 1),
              std::string("00 00|") + row.protection);
  }
}

}  // namespace
}  // namespace doppelpack::can_emulator::pace_modbus_test
