// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Vectors L1 to L38 (the refused ones and the heartbeat are in pylontech_lv_can_test.cpp): bytes
// seen on real buses, in logs, or worked out from a document by hand; none was produced by the code
// under test. Where they come from:
//   SETF      setfirelabs/Pylontech_emoncms, captures of US5000 stacks
//   ODTU      hoylabs/OpenDTU-OnBattery pull request 1213, capture
//   AJ        ArminJo/JK-BMSToPylontechCAN, log
//   AIR       ai-republic/bms-to-inverter, TestPylonBmsCANProcessor.java
//   SIG       victorstoica114/sigrok-pylon-bms-decoders, captures of a JK pack
//   yambms    Sleeper85/esphome-yambms, issue 168, logs
//   PY12      CAN-Bus-protocol-PYLON-low-voltage-V1.2; "computed" means by hand from its layout
//   DEYE33    PCS CAN-Bus-protocol-DY-low-voltage V3.3

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "pylontech_lv_can_bench.hpp"

namespace doppelpack::can_emulator {
namespace {

// ---- 0x351 --------------------------------------------------------------------------------------

struct LimitsVector {
  const char* name;
  std::vector<int> bytes;
  double cvl_V, ccl_A, dcl_A, discharge_voltage_limit_V;
};
const std::vector<LimitsVector> kLimits{
    {"L1 SETF", {0x14, 0x02, 0xC0, 0x12, 0xC0, 0x12, 0xC2, 0x01}, 53.2, 480.0, 480.0, 45.0},
    {"L6 SETF V1.3", {0x10, 0x02, 0xC0, 0x12, 0xC0, 0x12, 0xC2, 0x01}, 52.8, 480.0, 480.0, 45.0},
    {"L14 AJ", {0x28, 0x02, 0xF4, 0x01, 0x20, 0x03, 0xE0, 0x01}, 55.2, 50.0, 80.0, 48.0},
    {"L18 AIR", {0x34, 0x02, 0xD0, 0x07, 0xA0, 0x0F, 0xB0, 0x01}, 56.4, 200.0, 400.0, 43.2},
    {"L22 yambms", {0x28, 0x02, 0x00, 0x00, 0x00, 0x00, 0xC0, 0x01}, 55.2, 0.0, 0.0, 44.8},
    {"L24 computed", {0x0D, 0x02, 0xE4, 0x02, 0xE4, 0x02, 0xC2, 0x01}, 52.5, 74.0, 74.0, 45.0},
    {"L25 computed", {0x14, 0x02, 0x00, 0x00, 0x72, 0x01, 0xC2, 0x01}, 53.2, 0.0, 37.0, 45.0},
};

TEST(PylontechLvCanVectors, limits_match_the_vectors_in_both_directions) {
  for (const LimitsVector& vector : kLimits) {
    SCOPED_TRACE(vector.name);
    const CanFrame frame = frame_of(0x351, vector.bytes);
    const BatteryView view = decode(frame);
    EXPECT_DOUBLE_EQ(view.cvl_V.value(), vector.cvl_V);
    EXPECT_DOUBLE_EQ(view.ccl_A.value(), vector.ccl_A);
    EXPECT_DOUBLE_EQ(view.dcl_A.value(), vector.dcl_A);
    EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), vector.discharge_voltage_limit_V);

    bms_report_t report = sample_report();
    report.cvl_mV = static_cast<std::uint32_t>(std::lround(vector.cvl_V * 1000));
    report.ccl_mA = static_cast<std::uint32_t>(std::lround(vector.ccl_A * 1000));
    report.dcl_mA = static_cast<std::uint32_t>(std::lround(vector.dcl_A * 1000));
    report.discharge_voltage_limit_mV =
        static_cast<std::uint32_t>(std::lround(vector.discharge_voltage_limit_V * 1000));
    EXPECT_EQ(text_of(encode(0x351, report)), text_of(frame));
  }
}

TEST(PylontechLvCanVectors, limits_without_the_voltage_limit_come_from_old_firmware_and_are_taken) {
  const BatteryView view = decode(frame_of(0x351, {0x14, 0x02, 0xC0, 0x12, 0xC0, 0x12}));
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 480.0);
  EXPECT_FALSE(view.discharge_voltage_limit_V.has_value());
}

// An early diyBMS and the DBC of juamiso/PYLON_EMU have it negative.
TEST(PylontechLvCanVectors,
     discharge_limit_counts_by_its_magnitude_and_a_negative_charge_limit_is_none) {
  const BatteryView view =
      decode(frame_of(0x351, {0x14, 0x02, 0xF6, 0xFF, 0x8E, 0xFE, 0xC2, 0x01}));
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 37.0);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 0.0);
}

TEST(PylontechLvCanVectors, limits_are_never_announced_wider_than_they_are) {
  bms_report_t report = sample_report();
  report.cvl_mV = 55'299;
  report.ccl_mA = 50'099;
  report.dcl_mA = 80'099;
  report.discharge_voltage_limit_mV = 47'901;
  const BatteryView view = decode(encode(0x351, report));
  EXPECT_DOUBLE_EQ(view.cvl_V.value(), 55.2);
  EXPECT_DOUBLE_EQ(view.ccl_A.value(), 50.0);
  EXPECT_DOUBLE_EQ(view.dcl_A.value(), 80.0);
  EXPECT_DOUBLE_EQ(view.discharge_voltage_limit_V.value(), 48.0);
}

// ---- 0x355 --------------------------------------------------------------------------------------

TEST(PylontechLvCanVectors, L2_SETF_state_of_charge) {
  const CanFrame frame = frame_of(0x355, {0x58, 0x00, 0x5E, 0x00});
  const BatteryView view = decode(frame);
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.88);
  EXPECT_DOUBLE_EQ(view.soh.value(), 0.94);
  bms_report_t report = sample_report();
  report.soc_permille = 880;
  report.soh_permille = 940;
  EXPECT_EQ(text_of(encode(0x355, report)), text_of(frame));
}

// "V1.3" firmware lengthens the frame; the two bytes more are not ours to send.
TEST(PylontechLvCanVectors, L7_SETF_longer_state_of_charge_is_decoded) {
  const BatteryView view = decode(frame_of(0x355, {0x54, 0x00, 0x60, 0x00, 0x00, 0x00}));
  EXPECT_DOUBLE_EQ(view.soc.value(), 0.84);
  EXPECT_DOUBLE_EQ(view.soh.value(), 0.96);
}

TEST(PylontechLvCanVectors, state_of_charge_rounds_to_the_nearest_percent_and_ends_at_100) {
  bms_report_t report = sample_report();
  for (const auto& [permille, percent] : std::vector<std::pair<int, int>>{
           {0, 0}, {4, 0}, {5, 1}, {994, 99}, {995, 100}, {1000, 100}, {65535, 100}}) {
    report.soc_permille = static_cast<std::uint16_t>(permille);
    EXPECT_EQ(encode(0x355, report).data[0], percent) << permille;
    EXPECT_EQ(encode(0x355, report).data[1], 0) << permille;
  }
}

// ---- 0x356 --------------------------------------------------------------------------------------

struct MeasurementVector {
  const char* name;
  std::vector<int> bytes;
  double pack_V, current_A, T_degC;
};
const std::vector<MeasurementVector> kMeasurements{
    {"L3 SETF", {0x7A, 0x13, 0xF2, 0xFE, 0x6B, 0x01}, 49.86, -27.0, 36.3},
    {"L8 SETF V1.3", {0x7B, 0x13, 0xE9, 0xFE, 0x6B, 0x01}, 49.87, -27.9, 36.3},
    {"L15 AJ", {0x6C, 0x14, 0x04, 0x00, 0xDC, 0x00}, 52.28, 0.4, 22.0},
    {"L17 AIR", {0x63, 0x14, 0x0F, 0xFF, 0xEB, 0x00}, 52.19, -24.1, 23.5},
    {"L26 computed", {0xC0, 0x12, 0x18, 0xFC, 0xCC, 0xFF}, 48.00, -100.0, -5.2},
    {"L27 computed", {0xA1, 0x13, 0x7B, 0x00, 0xFB, 0x00}, 50.25, 12.3, 25.1},
    {"L28 computed", {0x19, 0x15, 0xFF, 0xFF, 0x38, 0xFF}, 54.01, -0.1, -20.0},
};

TEST(PylontechLvCanVectors, measurements_match_the_vectors_in_both_directions) {
  for (const MeasurementVector& vector : kMeasurements) {
    SCOPED_TRACE(vector.name);
    const CanFrame frame = frame_of(0x356, vector.bytes);
    const BatteryView view = decode(frame);
    EXPECT_DOUBLE_EQ(view.pack_V.value(), vector.pack_V);
    EXPECT_DOUBLE_EQ(view.current_A.value(), vector.current_A);
    EXPECT_DOUBLE_EQ(view.T_degC.value(), vector.T_degC);

    bms_report_t report = sample_report();
    report.pack_mV = static_cast<std::uint32_t>(std::lround(vector.pack_V * 1000));
    report.current_mA = static_cast<std::int32_t>(std::lround(vector.current_A * 1000));
    set_ntcs_ddegC(report, {static_cast<std::int16_t>(std::lround(vector.T_degC * 10))});
    EXPECT_EQ(text_of(encode(0x356, report)), text_of(frame));
  }
}

// A clone whose sensor is missing (yambms): what a pack with all its NTCs open sends here too. Its
// two bytes more are a cycle count, which the V1.2 document does not have.
TEST(PylontechLvCanVectors, a_missing_sensor_reads_minus_150_degC) {
  const BatteryView view =
      decode(frame_of(0x356, {0xB9, 0x14, 0x35, 0x01, 0x24, 0xFA, 0x02, 0x00}));
  EXPECT_DOUBLE_EQ(view.pack_V.value(), 53.05);
  EXPECT_DOUBLE_EQ(view.current_A.value(), 30.9);
  EXPECT_DOUBLE_EQ(view.T_degC.value(), -150.0);

  bms_report_t report = sample_report();
  set_ntcs_ddegC(report, {BMS_NTC_INVALID_DDEGC, BMS_NTC_INVALID_DDEGC});
  EXPECT_DOUBLE_EQ(decode(encode(0x356, report)).T_degC.value(), -150.0);
  report.ntc_count = 0;
  EXPECT_DOUBLE_EQ(decode(encode(0x356, report)).T_degC.value(), -150.0);
}

TEST(PylontechLvCanVectors, temperature_is_the_mean_of_the_sensors_that_work) {
  bms_report_t report = sample_report();
  set_ntcs_ddegC(report, {250, BMS_NTC_INVALID_DDEGC, 301, -101});
  EXPECT_DOUBLE_EQ(decode(encode(0x356, report)).T_degC.value(), 15.0);
}

// ---- 0x359 --------------------------------------------------------------------------------------

struct AlarmVector {
  const char* name;
  std::vector<int> bytes;
  std::uint32_t protections, warnings;  // rules
  unsigned module_count;
};
const std::vector<AlarmVector> kAlarms{
    {"L4 SETF", {0x00, 0x00, 0x00, 0x00, 0x06, 0x50, 0x4E}, 0, 0, 6},
    {"L13 SETF", {0x00, 0x00, 0x00, 0x00, 0x0A, 0x50, 0x4E}, 0, 0, 10},
    {"L29 computed",
     {0x02, 0x00, 0x02, 0x00, 0x04, 0x50, 0x4E},
     BMS_RULE_BIT(BMS_RULE_CELL_OV),
     BMS_RULE_BIT(BMS_RULE_PACK_OV),
     4},
    {"L30 computed",
     {0x04, 0x00, 0x04, 0x00, 0x04, 0x50, 0x4E},
     BMS_RULE_BIT(BMS_RULE_PACK_UV),
     BMS_RULE_BIT(BMS_RULE_CELL_UV),
     4},
    {"L31 computed",
     {0x10, 0x00, 0x10, 0x00, 0x01, 0x50, 0x4E},
     BMS_RULE_BIT(BMS_RULE_UTC),
     BMS_RULE_BIT(BMS_RULE_UTD),
     1},
    {"L32 computed",
     {0x80, 0x00, 0x80, 0x00, 0x01, 0x50, 0x4E},
     BMS_RULE_BIT(BMS_RULE_OCD2),
     BMS_RULE_BIT(BMS_RULE_OCD),
     1},
    {"L33 computed",
     {0x00, 0x01, 0x00, 0x01, 0x01, 0x50, 0x4E},
     BMS_RULE_BIT(BMS_RULE_OCC),
     BMS_RULE_BIT(BMS_RULE_OCC),
     1},
};

TEST(PylontechLvCanVectors, alarms_match_the_vectors_in_both_directions) {
  for (const AlarmVector& vector : kAlarms) {
    SCOPED_TRACE(vector.name);
    const CanFrame frame = frame_of(0x359, vector.bytes);
    const BatteryView view = decode(frame);
    EXPECT_EQ(view.protections.value(), vector.bytes[0] | vector.bytes[1] << 8);
    EXPECT_EQ(view.warnings.value(), vector.bytes[2] | vector.bytes[3] << 8);
    EXPECT_EQ(view.module_count.value(), vector.module_count);

    bms_report_t report = sample_report();
    report.protections = vector.protections;
    report.warnings = vector.warnings;
    BatteryIdentity identity;
    identity.module_count = static_cast<std::uint8_t>(vector.module_count);
    EXPECT_EQ(text_of(encode(0x359, report, identity)), text_of(frame));
  }
}

TEST(PylontechLvCanVectors, L34_computed_system_error_is_one_that_keeps_something_open) {
  bms_report_t report = sample_report();
  report.failures = BMS_FAILURE_BIT(BMS_FAILURE_AFE_SILENT);
  EXPECT_EQ(decode(encode(0x359, report)).protections.value(), 0U);
  report.is_charge_allowed = false;
  const BatteryView view = decode(encode(0x359, report));
  EXPECT_EQ(view.protections.value(), 0x0800U);
  EXPECT_EQ(view.warnings.value(), 0x0800U) << "internal communication";
  report.failures = BMS_FAILURE_BIT(BMS_FAILURE_SHUNT);
  EXPECT_EQ(decode(encode(0x359, report)).protections.value(), 0x0800U);
  EXPECT_EQ(decode(encode(0x359, report)).warnings.value(), 0U);
}

constexpr unsigned kSystemError = 0x0800;

TEST(PylontechLvCanVectors, each_rule_sets_one_bit_of_its_level_and_nothing_else) {
  // Byte 0 (2 for warnings) in the low byte, byte 1 (3) in the high byte; PY12.
  const std::vector<std::pair<bms_rule_t, unsigned>> expected{
      {BMS_RULE_CELL_OV, 0x0002},
      {BMS_RULE_CELL_UV, 0x0004},
      {BMS_RULE_PACK_OV, 0x0002},
      {BMS_RULE_PACK_UV, 0x0004},
      {BMS_RULE_OCC, 0x0100},
      {BMS_RULE_OCD, 0x0080},
      {BMS_RULE_OCD2, 0x0080},
      {BMS_RULE_SCD, 0x0080},
      {BMS_RULE_OTC, 0x0008},
      {BMS_RULE_OTD, 0x0008},
      {BMS_RULE_UTC, 0x0010},
      {BMS_RULE_UTD, 0x0010},
      {BMS_RULE_CELL_FAILURE_HIGH, kSystemError},
      {BMS_RULE_CELL_FAILURE_LOW, kSystemError},
      {BMS_RULE_CELL_ZERO, kSystemError},
      {BMS_RULE_SPREAD, 0},
      {BMS_RULE_SPREAD_FAILURE, kSystemError},
      {BMS_RULE_T_SPREAD, 0},
      {BMS_RULE_MOSFET_OT, 0x0008},
      {BMS_RULE_INSULATION, kSystemError},
      {BMS_RULE_SOC_LOW, 0}};
  ASSERT_EQ(expected.size(), std::size_t{BMS_RULE_COUNT});
  for (const auto& [rule, bits] : expected) {
    bms_report_t report = sample_report();
    report.protections = BMS_RULE_BIT(rule);
    BatteryView view = decode(encode(0x359, report));
    EXPECT_EQ(view.protections.value(), bits) << rule;
    EXPECT_EQ(view.warnings.value(), 0U) << rule;
    report.protections = 0;
    report.warnings = BMS_RULE_BIT(rule);
    view = decode(encode(0x359, report));
    EXPECT_EQ(view.protections.value(), 0U) << rule;
    EXPECT_EQ(view.warnings.value(), bits == kSystemError ? 0 : bits) << rule;
  }
}

TEST(PylontechLvCanVectors, L19_SIG_padded_frames_have_8_bytes) {
  BatteryIdentity identity;
  identity.can_choices = {1};  // frame_length: all8
  const CanFrame frame = frame_of(0x359, {0x00, 0x00, 0x00, 0x00, 0x01, 0x50, 0x4E, 0x00});
  EXPECT_EQ(text_of(encode(0x359, sample_report(), identity)), text_of(frame));
  EXPECT_EQ(decode(frame).module_count.value(), 1U);
  for (const CanFrame& sent : encode_every(lv_can(), sample_report(), identity)) {
    EXPECT_EQ(sent.dlc, 8);
  }
  EXPECT_EQ(decode_all(sample_report(), identity), decode_all(sample_report()));
}

// ---- 0x35C, 0x35E -------------------------------------------------------------------------------

struct RequestVector {
  const char* name;
  int flags;
  bool is_charge_allowed, is_discharge_allowed;
  std::uint32_t requests;
};
const std::vector<RequestVector> kRequests{
    {"L5 SETF, ODTU", 0xC0, true, true, 0},
    {"L35 computed, force charge I", 0xA0, true, false, BMS_REQUEST_FORCE_CHARGE},
    {"L35 computed, force charge II", 0xD0, true, true, BMS_REQUEST_FORCE_CHARGE2},
    {"L35 computed, full charge", 0xC8, true, true, BMS_REQUEST_FULL_CHARGE},
    {"Shoto near full, mikaabra/pylontech-bms-mqtt", 0x40, false, true, 0},
    {"nothing", 0x00, false, false, 0},
};

TEST(PylontechLvCanVectors, requests_match_the_vectors_in_both_directions) {
  for (const RequestVector& vector : kRequests) {
    SCOPED_TRACE(vector.name);
    const CanFrame frame = frame_of(0x35C, {vector.flags, 0x00});
    const BatteryView view = decode(frame);
    EXPECT_EQ(view.is_charge_allowed.value(), vector.is_charge_allowed);
    EXPECT_EQ(view.is_discharge_allowed.value(), vector.is_discharge_allowed);
    const std::uint32_t forcing = BMS_REQUEST_FORCE_CHARGE | BMS_REQUEST_FORCE_CHARGE2;
    EXPECT_EQ(view.is_charge_forced.value(), (vector.requests & forcing) != 0);
    EXPECT_EQ(view.is_full_charge_requested.value(), vector.requests == BMS_REQUEST_FULL_CHARGE);

    bms_report_t report = sample_report();
    report.is_charge_allowed = vector.is_charge_allowed;
    report.is_discharge_allowed = vector.is_discharge_allowed;
    report.requests = vector.requests;
    EXPECT_EQ(text_of(encode(0x35C, report)), text_of(frame));
  }
}

TEST(PylontechLvCanVectors, L36_SETF_manufacturer) {
  const CanFrame frame = frame_of(0x35E, {0x50, 0x59, 0x4C, 0x4F, 0x4E, 0x20, 0x20, 0x20});
  EXPECT_EQ(text_of(encode(0x35E, sample_report())), text_of(frame));
  EXPECT_EQ(decode(frame).manufacturer.value(), "PYLON");
  // padded with NUL: the DBC of juamiso/PYLON_EMU
  EXPECT_EQ(decode(frame_of(0x35E, {'P', 'Y', 'L', 'O', 'N', 0, 0, 0})).manufacturer.value(),
            "PYLON");
}

TEST(PylontechLvCanVectors, manufacturer_is_cut_to_8_printable_characters) {
  BatteryIdentity identity;
  identity.manufacturer = "Bj\xC3\xB6rnsBatteries";
  EXPECT_EQ(decode(encode(0x35E, sample_report(), identity)).manufacturer.value(), "Bj??rnsB");
  identity.manufacturer = "";
  EXPECT_EQ(decode(encode(0x35E, sample_report(), identity)).manufacturer.value(), "");
  EXPECT_EQ(decode(frame_of(0x35E, {0xFF, 7, 'A', ' ', 'B', 0, 'C', ' '})).manufacturer.value(),
            "??A B");
}

}  // namespace
}  // namespace doppelpack::can_emulator
