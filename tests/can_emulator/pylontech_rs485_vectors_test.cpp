// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Vectors P1 to P28, but P5 and P7 (pylontech_rs485_stack_test.cpp): frames captured from real devices or printed by their owners, checksums
// recomputed; none was produced by the code under test. Where they come from:
//   PPY  Frankkkkk/python-pylontech, tests and issues     ESS  martiby/ess
//   TOM  Tomcat42/pylontech-python, output and capture    ARD  ardiehl/pylontech
//   SIG  victorstoica114/sigrok-pylon-bms-decoders        DNC  dnc392/rs485-bms-probe
//   FAH  Fahmula/esphome-pylontech-rs485                  PSH  pshirshov/python-pylontech
//   PY33, PY35  Pylontech RS485 documents V3.3 and V3.5
// Captures of 0x42, 0x44 and 0x47 begin with an INFOFLAG of 00, 10 or 11; ours is always 00
// (nothing unread), so where theirs is not, everything after the flag is compared.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pylontech_rs485_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

// ---- 0x42 ---------------------------------------------------------------------------------------

const char* const kP1 =
    "~20024600C06E10020F0C9A0C980C990C980C9A0C9A0C990C9B0C9C0C9A0C9B0C9B0C9B0C9B0C99050B740B550"
    "B570B530B630000BD06190F02C3500084E545";
const char* const kP2 =
    "~20024600F07A11020F0CDD0CDD0CDD0CDD0CDD0CDD0CDC0CDD0CDD0CDD0CDD0CDD0CDD0CDD0CDD050BC30BAF0"
    "BAA0BAF0BBC0000C0F2FFFF04FFFF0000008DA4012110E0F7";
const char* const kP4 =
    "~20024600C06E00020F0D1F0D200D200D200D200D200D210D200D200D210D220D200D220D220D21050BCD0BAF0"
    "BAF0BAF0BAF0015C4E88AAC02C350004FE594";
const char* const kP9 =
    "~20024600D05E1002080D020D020D020D030D000D010D010D03050B7D0B690B690B690B73FFFA680EFFFF04FFF"
    "F00000174E401B198E906";

bms_report_t p1_report() {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3226, 3224, 3225, 3224, 3226, 3226, 3225, 3227, 3228, 3226, 3227, 3227,
                        3227, 3227, 3225});
  set_ntcs_ddegC(report, {201, 170, 172, 168, 184});
  report.current_mA = 0;
  report.pack_mV = 48390;
  report.remaining_mAh = 6415;
  report.full_mAh = 50000;
  report.cycle_count = 132;
  return report;
}

TEST(PylontechRs485Vectors, P1_ESS_analog_values_are_encoded) {
  EXPECT_EQ(info_after_flag(reply_to("~20024642E00202FD33", p1_report())), info_after_flag(kP1));
}

TEST(PylontechRs485Vectors, P1_ESS_analog_values_are_decoded) {
  const BatteryView view = decode(ask_42, kP1);
  ASSERT_EQ(view.cell_V.size(), 15U);
  EXPECT_DOUBLE_EQ(view.cell_V[0], 3.226);
  EXPECT_DOUBLE_EQ(view.cell_V[8], 3.228);
  EXPECT_EQ(view.ntc_degC, (std::vector<double>{20.1, 17.0, 17.2, 16.8, 18.4}));
  EXPECT_DOUBLE_EQ(view.current_A.value(), 0.0);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 48.390);
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 6.415);
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 50.0);
  EXPECT_DOUBLE_EQ(view.soc.value(), 6.415 / 50.0);
  EXPECT_EQ(view.cycle_count.value(), 132U);
  EXPECT_FALSE(view.T_degC.has_value());
}

TEST(PylontechRs485Vectors, P2_PPY_a_large_pack_sends_four_user_items) {
  bms_report_t report = sample_report();
  report.cell_count = 15;
  std::fill_n(report.cell_mV, 15, std::uint16_t{3293});
  report.cell_mV[6] = 3292;
  set_ntcs_ddegC(report, {280, 260, 255, 260, 273});
  report.current_mA = 0;
  report.pack_mV = 49394;
  report.remaining_mAh = 36260;
  report.full_mAh = 74000;
  report.cycle_count = 0;
  EXPECT_EQ(info_after_flag(reply_to("~20024642E00202FD33", report)), info_after_flag(kP2));

  const BatteryView view = decode(ask_42, kP2);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 49.394);
  EXPECT_DOUBLE_EQ(view.remaining_Ah.value(), 36.260);
  EXPECT_DOUBLE_EQ(view.full_Ah.value(), 74.0);
  EXPECT_EQ(view.cycle_count.value(), 0U);
}

TEST(PylontechRs485Vectors, P4_TOM_analog_values_are_the_same_to_the_last_character) {
  EXPECT_EQ(reply_to("~20024642E00202FD33"), kP4);
  const BatteryView view = decode(ask_42, kP4);
  EXPECT_DOUBLE_EQ(view.current_A.value(), 2.1);
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 50.408);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.71);
  EXPECT_EQ(view.cycle_count.value(), 79U);
}

// Sources leave the INFO out: a Dyness bridge (muwlgr/scripts), SIG.
TEST(PylontechRs485Vectors, P4_TOM_analog_values_come_without_a_selector_too) {
  EXPECT_EQ(reply_to("~200246420000FDAC"), kP4);
}

// Request P5 to a single pack: the second byte counts packs.
TEST(PylontechRs485Vectors, P5_TOM_all_packs_are_counted) {
  const std::string reply = reply_to("~20024642E002FFFD09");
  EXPECT_EQ(info_of(reply).substr(0, 4), "0001");
  EXPECT_EQ(info_of(reply).substr(4), info_of(kP4).substr(4));
}

TEST(PylontechRs485Vectors, P9_PPY_eight_cells_discharging) {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3330, 3330, 3330, 3331, 3328, 3329, 3329, 3331});
  set_ntcs_ddegC(report, {210, 190, 190, 190, 200});
  report.current_mA = -600;
  report.pack_mV = 26638;
  report.remaining_mAh = 95460;
  report.full_mAh = 111000;
  report.cycle_count = 0;
  EXPECT_EQ(info_after_flag(reply_to("~20024642E00202FD33", report)), info_after_flag(kP9));

  const BatteryView view = decode(ask_42, kP9);
  EXPECT_EQ(view.cell_V,
            (std::vector<double>{3.330, 3.330, 3.330, 3.331, 3.328, 3.329, 3.329, 3.331}));
  EXPECT_DOUBLE_EQ(view.current_A.value(), -0.6);
  EXPECT_DOUBLE_EQ(view.soc.value(), 95.46 / 111.0);
}
// ---- 0x44 ---------------------------------------------------------------------------------------

TEST(PylontechRs485Vectors, P16_ESS_alarm_information_of_a_healthy_pack) {
  bms_report_t report = p1_report();  // at rest
  EXPECT_EQ(
      info_after_flag(reply_to("~20024644E00202FD31", report)),
      info_after_flag("~20024600A04210020F000000000000000000000000000000050000000000000000000E"
                      "00000000F108"));
  EXPECT_EQ(
      info_after_flag(reply_to("~20034644E00203FD2F", report, at_address(3))),
      info_after_flag("~20034600A04210030F000000000000000000000000000000050000000000000000000E"
                      "00000000F106"));

  const BatteryView view =
      decode(ask_44,
             "~20024600A04210020F000000000000000000000000000000050000000000000000000E00000000F108");
  EXPECT_EQ(view.protections.value(), 0U);
  EXPECT_TRUE(view.is_charge_allowed.value());
  EXPECT_TRUE(view.is_discharge_allowed.value());
}

// ---- 0x47, 0x4F, 0x51 ---------------------------------------------------------------------------

TEST(PylontechRs485Vectors, P12_TOM_system_parameters) {
  BatteryIdentity identity;
  identity.limits.charge_current_mA = 102'000;
  const std::string expected =
      info_after_flag("~20024600B032110E420BEA0B540D0D0A3D03FCD2F0B3B0ADD40D0D0A3DFC18F23D");
  EXPECT_EQ(info_after_flag(reply_to("~200246470000FDA7", sample_report(), identity)), expected);
  EXPECT_EQ(info_after_flag(reply_to("~20024647E00202FD2E", sample_report(), identity)), expected);
}

TEST(PylontechRs485Vectors, P18_ARD_protocol_version) {
  EXPECT_EQ(reply_to("~2002464F0000FD98"), "~200246000000FDB2");
}

// The Axpert scans 4F in version 0 from address 52 down; only the pack that is there answers.
TEST(PylontechRs485Vectors, P27_FAH_scan_of_a_voltronic_inverter) {
  EXPECT_EQ(ask("~0052464F0000FD95").kind, ReplyKind::none);
  EXPECT_EQ(ask("~0012464F0000FD99").kind, ReplyKind::none);
  EXPECT_EQ(reply_to("~0002464F0000FD9A"), "~200246000000FDB2");
}

// Its get_alarm_info() really sends 4F, with an INFO.
TEST(PylontechRs485Vectors, PSH_protocol_version_with_info) {
  EXPECT_EQ(reply_to("~2002464FE002FFFCF5"), "~200246000000FDB2");
}

TEST(PylontechRs485Vectors, P14_ESS_manufacturer) {
  const std::string vector =
      "~20024600C04055533230303043000000010750796C6F6E2D2D2D2D2D2D2D2D2D2D2D2D2D2D2DEFBD";
  BatteryIdentity identity;
  identity.device_name = "US2000C";
  identity.version_major = 1;
  identity.version_minor = 7;
  identity.manufacturer = "Pylon";
  EXPECT_EQ(reply_to("~200246510000FDAC", sample_report(), identity), vector);
  const BatteryView view = decode(ask_51, vector);
  EXPECT_EQ(view.device_name.value(), "US2000C");
  EXPECT_EQ(view.manufacturer.value(), "Pylon");
}

// ---- 0x60 to 0x63 -------------------------------------------------------------------------------

TEST(PylontechRs485Vectors, P26_PY35_system_basics_of_two_modules_both_ways) {
  const std::string vector =
      "~201246006082466F7263655F4C00000050796C6F6E000000000000000000000000000000000902303132333"
      "4353637383961626364656631313233343536373839616263646566E353";
  BatteryIdentity identity = at_address(0x12);
  identity.device_name = "Force_L";
  identity.manufacturer = "Pylon";
  identity.version_major = 0;
  identity.version_minor = 9;
  identity.barcode = "0123456789abcdef";
  identity.member_barcodes = {"1123456789abcdef"};
  const std::vector<bms_report_t> two(2, sample_report());
  EXPECT_EQ(reply_to("~201246600000FDAB", two, identity), vector);

  const BatteryView view = decode(ask_60, vector);
  EXPECT_EQ(view.device_name.value(), "Force_L");
  EXPECT_EQ(view.manufacturer.value(), "Pylon");
  EXPECT_EQ(view.module_count.value(), 2U);
  EXPECT_EQ(view.barcode.value(), "0123456789abcdef");
}

const char* const kP20 =
    "~200246008062DEF30000560000000064640DF100010DED00020BEA0BEC00040BE800020BD60BD600000BD600000BD"
    "60B"
    "D600000BD60000E8C7";

TEST(PylontechRs485Vectors, P20_SIG_system_analog_of_a_JK_pack_is_encoded) {
  bms_report_t report = sample_report();
  set_cells_mV(report, {3569, 3565, 3566, 3566});
  set_ntcs_ddegC(report, {319, 317, 319, 321});
  report.pack_mV = 57075;
  report.current_mA = 0;
  report.soc_permille = 860;
  report.soh_permille = 1000;
  report.cycle_count = 0;
  report.mosfet_ddegC = 299;
  EXPECT_EQ(reply_to("~200246610000FDAB", report), kP20);
}

struct SystemAnalogVector {
  const char* name;
  std::string frame;
  double pack_V, soc, soh, T_degC;
  unsigned cycle_count;
};
const std::vector<SystemAnalogVector> kSystemAnalog{
    {"P20 SIG, JK", kP20, 57.075, 0.86, 1.0, 31.9, 0},
    {"P21 SIG, Seplos",
     "~201246008062D8A40000460000000064640D8E00010D8500010BAE0BB100010BAC00010BB10BB100010BB100010B"
     "AE"
     "0BB100010BAC0001E903",
     55.460, 0.70, 1.0, 25.9, 0},
    {"P24 DNC, two packs",
     "~20024600806266C70000420000000064640CD900010CD800020B540B5400020B5400010B6D0B6D00000B6D00000B"
     "6D"
     "0B6D00000B6D0000E944",
     26.311, 0.66, 1.0, 16.9, 0},
    {"P25",
     "~200246008062C2BF0000550008000864640CFC00020CFB00020BAB0BAC00020BA900020BA80BA800020BA800020B"
     "B0"
     "0BB000020BB00002E8CC",
     49.855, 0.85, 1.0, 25.6, 8},
};

TEST(PylontechRs485Vectors, P20_to_P25_system_analog_is_decoded) {
  for (const SystemAnalogVector& vector : kSystemAnalog) {
    SCOPED_TRACE(vector.name);
    const BatteryView view = decode(ask_61, vector.frame);
    EXPECT_DOUBLE_EQ(view.pack_V.value(), vector.pack_V);
    EXPECT_DOUBLE_EQ(view.current_A.value(), 0.0);
    EXPECT_DOUBLE_EQ(view.soc.value(), vector.soc);
    EXPECT_DOUBLE_EQ(view.soh.value(), vector.soh);
    EXPECT_DOUBLE_EQ(view.T_degC.value(), vector.T_degC);
    EXPECT_EQ(view.cycle_count.value(), vector.cycle_count);
  }
}

TEST(PylontechRs485Vectors, P23_SIG_no_system_alarm) {
  const std::string vector = "~20024600800800000000FC22";
  EXPECT_EQ(reply_to("~200246620000FDAA"), vector);
  const BatteryView view = decode(ask_62, vector);
  EXPECT_EQ(view.warnings.value(), 0U);
  EXPECT_EQ(view.protections.value(), 0U);
}

TEST(PylontechRs485Vectors, P19_SIG_system_charge_management_of_a_JK_pack) {
  const std::string vector = "~20024600D012E100A280017C076CC0F9BC";
  bms_report_t report = sample_report();
  report.cvl_mV = 57'600;
  report.discharge_voltage_limit_mV = 41'600;
  report.ccl_mA = 38'000;
  report.dcl_mA = 190'000;
  EXPECT_EQ(reply_to("~200246630000FDA9", report), vector);
  const BatteryView view = decode(ask_63, vector);
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 57.6);
  EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), 41.6);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 38.0);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 190.0);
  EXPECT_TRUE(view.is_charge_allowed.value());
  EXPECT_TRUE(view.is_discharge_allowed.value());
  EXPECT_FALSE(view.is_charge_forced.value());
  EXPECT_FALSE(view.is_full_charge_requested.value());
}

// ---- 0x92, 0x93, 0x96 ---------------------------------------------------------------------------

TEST(PylontechRs485Vectors, P10_PPY_charge_management) {
  const std::string vector = "~20024600B014026EF05AA0022BFDD5C0F915";
  bms_report_t report = sample_report();
  report.cvl_mV = 28'400;
  report.discharge_voltage_limit_mV = 23'200;
  report.ccl_mA = 55'500;
  report.dcl_mA = 55'500;
  EXPECT_EQ(reply_to("~20024692E00202FD2E", report), vector);
  const BatteryView view = decode(ask_92, vector);
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 28.4);
  EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), 23.2);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 55.5);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 55.5);
  EXPECT_TRUE(view.is_charge_allowed.value());
}

TEST(PylontechRs485Vectors, P15_ESS_serial_number) {
  BatteryIdentity identity;
  identity.barcode = "HPTCR03171112590";
  EXPECT_EQ(reply_to("~20024693E00202FD2D", sample_report(), identity),
            "~20024600C0220248505443523033313731313132353930F6D2");
  EXPECT_EQ(decode(ask_93, "~20024600C0220248505443523033313731313132353930F6D2").barcode.value(),
            "HPTCR03171112590");
  identity = at_address(3);  // P15b
  identity.barcode = "HPTBH02240A01235";
  EXPECT_EQ(reply_to("~20034693E00203FD2B", sample_report(), identity),
            "~20034600C0220348505442483032323430413031323335F6D5");
}

// Its main line version, 00 06 05, is independent of the manufacturer's; ours is the same.
TEST(PylontechRs485Vectors, P17_TOM_firmware) {
  BatteryIdentity identity;
  identity.version_major = 2;
  identity.version_minor = 3;
  const std::string reply = reply_to("~20024696E00202FD2A", sample_report(), identity);
  EXPECT_EQ(reply.substr(0, 21), std::string("~20024600400C020203000605FB49").substr(0, 21));
  EXPECT_EQ(info_of(reply), "020203000203");
}

// ---- return codes -------------------------------------------------------------------------------

// A JK pack refuses 0x42 and answers from its own address. Ours is silent on a foreign address;
// what it sends for a command it does not know is the same frame.
TEST(PylontechRs485Vectors, P28_SIG_unknown_command) {
  const std::string vector = "~200246040000FDAE";
  EXPECT_EQ(ask("~20424642E00242FD2B").kind, ReplyKind::none);
  const Reply reply = ask("~200246640000FDA8");  // shut down
  EXPECT_EQ(reply.kind, ReplyKind::rejection);
  EXPECT_EQ(text_of(reply.bytes), vector);
  BatteryView view;
  for (std::size_t i = 0; i < rs485().request_count; ++i) {
    EXPECT_FALSE(rs485().decode_reply(i, bytes_of(vector), {}, view));
  }
  EXPECT_EQ(view, BatteryView{});
}

// What a JK pack answers to noise, with the zero header, and with the tail of a request as header.
TEST(PylontechRs485Vectors, SIG_stray_frames_are_refused_by_the_inverter_side) {
  BatteryView view;
  for (std::size_t i = 0; i < rs485().request_count; ++i) {
    EXPECT_FALSE(rs485().decode_reply(i, bytes_of("~000000020000FDBE"), {}, view));
    EXPECT_FALSE(rs485().decode_reply(i, bytes_of("~7E0F01020000FD8B"), {}, view));
  }
  EXPECT_EQ(view, BatteryView{});
}

// ---- requests -----------------------------------------------------------------------------------

TEST(PylontechRs485Vectors, requests_are_those_of_real_masters) {
  const std::vector<std::string> expected{
      "~200246610000FDAB",    // P20, SIG
      "~200246630000FDA9",    // P19, SIG
      "~200246620000FDAA",    // P23, SIG
      "~20024642E002FFFD09",  // P5, TOM
      "~20024692E00202FD2E",  // layout of P1 with CID2 92
      "~200246510000FDAC",    // P14, ESS
      "~20024644E002FFFD07",  // layout of P5 with CID2 44
      "~20024693E00202FD2D",  // P15, ESS
      "~200246600000FDAC",    // layout of P26
  };
  ASSERT_EQ(rs485().request_count, expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(text_of(rs485().encode_request(i, 2)), expected[i]);
  }
  EXPECT_TRUE(rs485().encode_request(expected.size(), 2).empty());
}

}  // namespace
}  // namespace doppelpack::can_emulator
