// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Vectors M1 to M8 of Growatt batteries on Modbus RTU.
//   EG4SN  notes on an EG4 3000EHV-48; payloads as printed, CRC recomputed (the printed one does not
//          fit the printed payload)
//   DNC    dnc392/rs485-bms-probe
//   SIG    victorstoica114/sigrok-pylon-bms-decoders, a Growatt inverter with JK and Seplos packs
// Cell 1 is in register 0x71 by GRO and from the Seplos; from the JK, in 0x70.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "can_emulator/serial_protocol.hpp"
#include "modbus_bench.hpp"
#include "sample_report.hpp"

namespace doppelpack::can_emulator::growatt_rs485_vectors_test {
namespace {

const SerialProtocol& growatt() {
  return *find_serial_protocol("growatt-rs485");
}

enum Question : std::size_t {
  ask_10_27,
  ask_70_17,
  ask_1_15,
  ask_13_17,
  ask_71_16,
  ask_10_15,
  ask_15_1
};
enum OptionPlace : std::size_t { cell_1, system_status, error_valid };
constexpr std::uint8_t kAt0x70 = 1, kNone = 1, kAlways = 1;

const char* const kM1 =
    "01 03 22 04 65 00 00 00 60 14 C5 00 00 00 17 0D 04 4A 38 4E 20 01 01 00 00 01 84 00 00 00 5D "
    "16 A8 00 00 00 00 C5 98";
const char* const kM2 =
    "01 03 22 0C 67 00 00 00 60 14 C5 FF 9A 00 17 0D 04 4A 38 4E 20 01 01 00 00 01 84 00 00 00 5D "
    "16 A8 00 00 00 00 80 35";
const char* const kM4 =
    "01 03 22 0D F1 0D ED 0D EF 0D EF 0D F1 0D F1 0D EE 0D EE 0D EF 0D EE 0D EE 0D EE 0D EE 0D EF "
    "0D F1 0D F1 00 00 50 9A";
const char* const kM5 =
    "01 03 36 00 00 00 00 02 0B 04 69 00 00 00 56 16 4B 00 00 00 20 0E D8 01 AE 01 F4 01 01 00 00 "
    "00 00 00 00 00 64 16 80 00 00 4A 38 00 00 0D F1 0D EE 00 01 00 07 00 00 00 00 F1 71";
const char* const kM6 =
    "01 03 20 0D 8E 0D 88 0D 8D 0D 8C 0D 8C 0D 8F 0D 8C 0D 8F 0D 90 0D 8E 0D 90 0D 92 0D 91 0D 8A "
    "0D 8E 0D 8D 45 EA";
const char* const kM7 =
    "01 03 1E 00 00 00 00 00 00 00 69 00 00 00 46 15 B0 00 00 00 1A 46 50 36 D8 4E 20 00 00 00 00 "
    "00 00 B0 35";

BatteryIdentity growatt_identity() {
  BatteryIdentity identity;
  identity.serial_address = 1;
  identity.version_major = 1;
  identity.version_minor = 1;
  return identity;
}

std::string reply_to(const std::string& request, const bms_report_t& report,
                     const BatteryIdentity& identity) {
  const Reply reply = growatt().respond(hex(request), report, identity);
  EXPECT_EQ(reply.kind, ReplyKind::answer) << reply.problem;
  return hex_of(reply.bytes);
}

BatteryView decode(Question question, const std::string& reply, const Choices& choices = {}) {
  BatteryView view;
  EXPECT_TRUE(growatt().decode_reply(question, hex(reply), choices, view)) << reply;
  return view;
}

/// EG4SN prints no limit for the discharge current and no difference between cells.
bms_report_t m1_report() {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3323, 3323, 3323, 3323});
  set_ntcs_ddegC(report, {230, 230});
  report.current_mA = 0;
  report.soc_permille = 960;
  report.soh_permille = 930;
  report.pack_mV = 53170;
  report.remaining_mAh = 190'000;
  report.full_mAh = 200'000;
  report.cycle_count = 388;
  report.cvl_mV = 58'000;
  report.ccl_mA = 33'320;
  report.dcl_mA = 0;
  return report;
}

TEST(GrowattRs485Vectors, M1_EG4SN_both_ways_with_the_error_bit_always_valid) {
  BatteryIdentity identity = growatt_identity();
  identity.serial_choices[error_valid] = kAlways;
  EXPECT_EQ(reply_to("01 03 00 13 00 11 74 03", m1_report(), identity), kM1);

  const BatteryView view = decode(ask_13_17, kM1);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.96);
  EXPECT_DOUBLE_EQ(view.soh.value(), 0.93);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 53.17);
  EXPECT_DOUBLE_EQ(view.current_A.value(), 0.0);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), 23.0);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 33.32);
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 190.0);
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 200.0);
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 58.0);
  EXPECT_EQ(view.cycle_count.value(), 388U);
  EXPECT_TRUE(view.is_charge_allowed.value());
  EXPECT_TRUE(view.is_discharge_allowed.value());
}

TEST(GrowattRs485Vectors, M2_EG4SN_a_negative_current_discharges_both_ways) {
  BatteryIdentity identity = growatt_identity();
  identity.serial_choices[error_valid] = kAlways;
  bms_report_t report = m1_report();
  report.current_mA = -1020;
  EXPECT_EQ(reply_to("01 03 00 13 00 11 74 03", report, identity), kM2);
  EXPECT_DOUBLE_EQ(decode(ask_13_17, kM2).current_A.value(), -1.02);
}

TEST(GrowattRs485Vectors, M3_DNC_one_register_both_ways) {
  bms_report_t report = sample_report();
  report.soc_permille = 660;
  const std::string vector = "01 03 02 00 42 38 75";
  EXPECT_EQ(reply_to("01 03 00 15 00 01 95 CE", report, growatt_identity()), vector);
  EXPECT_DOUBLE_EQ(decode(ask_15_1, vector).soc.value(), 0.66);
}

bms_report_t jk_report() {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3569, 3565, 3567, 3567, 3569, 3569, 3566, 3566, 3567, 3566, 3566, 3566,
                        3566, 3567, 3569, 3569});
  return report;
}

TEST(GrowattRs485Vectors, M4_SIG_cells_of_a_JK_from_register_70_on_both_ways) {
  BatteryIdentity identity = growatt_identity();
  identity.serial_choices[cell_1] = kAt0x70;
  EXPECT_EQ(reply_to("01 03 00 70 00 11 84 1D", jk_report(), identity), kM4);
  const BatteryView view = decode(ask_70_17, kM4, identity.serial_choices);
  ASSERT_EQ(view.cell_V.size(), 16U);
  EXPECT_DOUBLE_EQ(view.cell_V[0], 3.569);
  EXPECT_DOUBLE_EQ(view.cell_V[1], 3.565);
  EXPECT_DOUBLE_EQ(view.cell_V[15], 3.569);
}

// Not compared: 0x12 (clock), bit 3 of 0x13 (balancing), 0x1D (cell difference) and 0x29 (cells),
// where the JK has other values than our report gives.
TEST(GrowattRs485Vectors, M5_SIG_gauge_of_a_JK_both_ways) {
  bms_report_t report = jk_report();
  std::fill_n(report.cell_mV, 16, std::uint16_t{3567});
  report.cell_mV[0] = 3569;
  report.cell_mV[6] = 3566;
  set_ntcs_ddegC(report, {319, 321});
  report.current_mA = 0;
  report.soc_permille = 860;
  report.soh_permille = 1000;
  report.pack_mV = 57'070;
  report.remaining_mAh = 4300;
  report.full_mAh = 5000;
  report.cycle_count = 0;
  report.cvl_mV = 57'600;
  report.ccl_mA = 38'000;
  report.dcl_mA = 190'000;
  const std::string reply = reply_to("01 03 00 10 00 1B 04 04", report, growatt_identity());
  EXPECT_EQ(word_of(reply, 0x13 - 0x10), "04 61");
  EXPECT_EQ(word_of(reply, 0x1D - 0x10), "00 03");
  EXPECT_EQ(word_of(reply, 0x29 - 0x10), "00 10");
  for (const std::size_t index :
       {0x10, 0x11, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1E,
        0x1F, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2A}) {
    EXPECT_EQ(word_of(reply, index - 0x10), word_of(kM5, index - 0x10)) << std::hex << index;
  }

  const BatteryView view = decode(ask_10_27, kM5);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.86);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 57.07);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), 32.0);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 38.0);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 190.0);
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 57.6);
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 4.3);
  EXPECT_TRUE(view.cell_V.empty());
}

TEST(GrowattRs485Vectors, M6_SIG_cells_of_a_Seplos_from_register_71_on_both_ways) {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3470, 3464, 3469, 3468, 3468, 3471, 3468, 3471, 3472, 3470, 3472, 3474,
                        3473, 3466, 3470, 3469});
  EXPECT_EQ(reply_to("01 03 00 71 00 10 14 1D", report, growatt_identity()), kM6);
  const BatteryView view = decode(ask_71_16, kM6);
  ASSERT_EQ(view.cell_V.size(), 16U);
  EXPECT_DOUBLE_EQ(view.cell_V[0], 3.470);
  EXPECT_DOUBLE_EQ(view.cell_V[11], 3.474);
}

// Not compared: bit 3 of 0x13 (balancing) and 0x1D (cell difference).
TEST(GrowattRs485Vectors, M7_SIG_gauge_of_a_Seplos_without_a_system_status_both_ways) {
  BatteryIdentity identity = growatt_identity();
  identity.version_major = identity.version_minor = 0;
  identity.serial_choices[system_status] = kNone;
  bms_report_t report = sample_report();
  set_ntcs_ddegC(report, {260});
  report.current_mA = 0;
  report.soc_permille = 700;
  report.pack_mV = 55'520;
  report.ccl_mA = 180'000;
  report.remaining_mAh = 140'400;
  report.full_mAh = 200'000;
  report.cycle_count = 0;
  std::string reply = reply_to("01 03 00 10 00 0F 04 0B", report, identity);
  EXPECT_EQ(word_of(reply, 0x13 - 0x10), "00 61");
  reply.replace(9 + 6 * 3, 5, "00 69");
  reply.replace(9 + 6 * 0x0D, 5, "00 00");
  EXPECT_EQ(with_crc(reply.substr(0, reply.size() - 6)), kM7);

  const BatteryView view = decode(ask_10_15, kM7);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.7);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 55.52);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), 26.0);
}

// A Seplos refuses this reading, and the inverter goes on. Ours has these registers.
TEST(GrowattRs485Vectors, M8_SIG_an_exception_leaves_the_view_alone) {
  BatteryView view;
  for (std::size_t i = 0; i < growatt().request_count; ++i) {
    EXPECT_FALSE(growatt().decode_reply(i, hex("01 83 01 80 F0"), {}, view));
  }
  EXPECT_EQ(view, BatteryView{});
  EXPECT_EQ(growatt().respond(hex("01 03 00 20 00 0B 05 C7"), m1_report(), growatt_identity()).kind,
            ReplyKind::answer);
}

TEST(GrowattRs485Vectors, requests_are_those_of_real_masters) {
  const std::vector<std::string> expected{"01 03 00 10 00 1B 04 04",     "01 03 00 70 00 11 84 1D",
                                          with_crc("01 03 00 01 00 0F"), "01 03 00 13 00 11 74 03",
                                          "01 03 00 71 00 10 14 1D",     "01 03 00 10 00 0F 04 0B",
                                          "01 03 00 15 00 01 95 CE"};
  ASSERT_EQ(growatt().request_count, expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(hex_of(growatt().encode_request(i, 1)), expected[i]);
  }
  EXPECT_TRUE(growatt().encode_request(expected.size(), 1).empty());
}

}  // namespace
}  // namespace doppelpack::can_emulator::growatt_rs485_vectors_test
