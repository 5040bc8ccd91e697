// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// PACE BMS as a Modbus RTU slave: "PACE-BMS-Modbus-Protocol-for-RS485-V1.3" (2017-06-27), whose
// register numbers are decimal, and captures of victorstoica114/sigrok-pylon-bms-decoders (SIG). The
// parameters, registers 60 to 114, are not there; a captured pack refuses what lies in the gaps too.

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "can_emulator/serial_protocol.hpp"
#include "protocols/modbus_rtu.hpp"
#include "protocols/report_summary.hpp"
#include "protocols/rule_bits.hpp"
#include "protocols/wire_values.hpp"

namespace doppelpack::can_emulator {

extern const SerialProtocol pace_modbus;

namespace {

constexpr unsigned kFirstCell = 15;
constexpr unsigned kCells = 16;
constexpr unsigned kFirstTemperature = 31;  // four cells, then MOSFETs and environment
constexpr unsigned kMosfet = 35;
constexpr unsigned kEnvironment = 36;
constexpr unsigned kVersion = 150;  // 10 registers of text each
constexpr unsigned kSerial = 160;
constexpr unsigned kPackSerial = 170;
constexpr unsigned kTextRegisters = 10;

// Register 9, and 10 up to bit 5 and from bit 8 to 12.
constexpr std::array kAlarmBits{
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_OV), 1 << 0},
    RuleBit{BMS_RULE_BIT(BMS_RULE_CELL_UV), 1 << 1},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_OV), 1 << 2},
    RuleBit{BMS_RULE_BIT(BMS_RULE_PACK_UV), 1 << 3},
    RuleBit{kChargeOverCurrent, 1 << 4},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OCD) | BMS_RULE_BIT(BMS_RULE_OCD2), 1 << 5},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTC), 1 << 8},
    RuleBit{BMS_RULE_BIT(BMS_RULE_OTD), 1 << 9},
    RuleBit{BMS_RULE_BIT(BMS_RULE_UTC), 1 << 10},
    RuleBit{BMS_RULE_BIT(BMS_RULE_UTD), 1 << 11},
};
constexpr std::array kWarningBits{
    RuleBit{BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 1 << 14},
    RuleBit{BMS_RULE_BIT(BMS_RULE_SOC_LOW), 1 << 15},
};
constexpr std::array kProtectionBits{
    RuleBit{BMS_RULE_BIT(BMS_RULE_SCD), 1 << 6},
    RuleBit{BMS_RULE_BIT(BMS_RULE_MOSFET_OT), 1 << 12},
};

std::uint16_t word(std::int64_t value) {
  return saturate<std::uint16_t>(value);
}
std::uint16_t signed_word(std::int64_t value) {
  return static_cast<std::uint16_t>(saturate<std::int16_t>(value));
}

// Bits 8 and 9 charging and discharging, 10 and 11 the MOSFETs: vector M9.
std::uint16_t status_of(const bms_report_t& report) {
  const auto fails = [&](std::initializer_list<bms_failure_t> any_of) {
    return std::any_of(any_of.begin(), any_of.end(), [&](bms_failure_t failure) {
      return (report.failures & BMS_FAILURE_BIT(failure)) != 0;
    });
  };
  return word(
      flag(fails({BMS_FAILURE_CHARGE_MOSFET_CLOSED, BMS_FAILURE_CHARGE_MOSFET_OPEN}), 1 << 0) |
      flag(fails({BMS_FAILURE_DISCHARGE_MOSFET_CLOSED, BMS_FAILURE_DISCHARGE_MOSFET_OPEN}),
           1 << 1) |
      flag(fails({BMS_FAILURE_NTC_BROKEN, BMS_FAILURE_NTC_STUCK, BMS_FAILURE_NTCS_DEAD}), 1 << 2) |
      flag((report.protections & kBroken) != 0, 1 << 4) |
      flag(fails({BMS_FAILURE_SENSE_WIRE, BMS_FAILURE_SUM, BMS_FAILURE_AFE_SILENT,
                  BMS_FAILURE_AFE_CORRUPT}),
           1 << 5) |
      flag(report.current_mA > 0, 1 << 8) | flag(report.current_mA < 0, 1 << 9) |
      flag(report.is_charge_allowed, 1 << 10) | flag(report.is_discharge_allowed, 1 << 11));
}

std::uint16_t temperature_of(std::int16_t ddegC) {
  return signed_word(is_ntc_valid(ddegC) ? ddegC : kNoSensor_ddegC);
}

ModbusRegister read_temperature(unsigned index, const bms_report_t& report) {
  const auto ntcs = ntcs_ddegC(report);
  if (index == kMosfet) return temperature_of(report.mosfet_ddegC);
  // There is no sensor for the environment: the mean of the cells.
  if (index == kEnvironment) return signed_word(ntc_spread_ddegC(report).mean);
  const std::size_t place = (index - kFirstTemperature) * ntcs.size() / 4;  // four, evenly spread
  return ntcs.empty() ? signed_word(kNoSensor_ddegC) : temperature_of(ntcs[place]);
}

std::uint16_t text_word(const std::string& text, unsigned index) {
  const std::string field = to_text_field(text, 2 * kTextRegisters, ' ');
  const auto character = [&](unsigned i) { return static_cast<unsigned char>(field[i]); };
  return word(character(2 * index) << 8 | character(2 * index + 1));
}

std::uint16_t read_gauge(unsigned index, const bms_report_t& report,
                         const BatteryIdentity& identity) {
  switch (index) {
    case 0:
      return signed_word(divide_nearest(report.current_mA, 10));
    case 1:
      return word(divide_nearest(report.pack_mV, 10));
    case 2:
      return word(divide_nearest(report.soc_permille, 10));
    case 3:
      return word(divide_nearest(report.soh_permille, 10));
    case 4:
      return word(divide_nearest(report.remaining_mAh, 10));
    case 5:
      return word(divide_nearest(report.full_mAh, 10));
    case 6:
      return word(divide_nearest(identity.design_mAh, 10));
    case 7:
      return report.cycle_count;
    case 9:
      return word(bits_of(kAlarmBits, report.warnings) | bits_of(kWarningBits, report.warnings));
    case 10:
      return word(bits_of(kAlarmBits, report.protections) |
                  bits_of(kProtectionBits, report.protections));
    case 11:
      return status_of(report);
    default:
      return 0;  // 12: cells being balanced, which the report does not tell
  }
}

ModbusRegister read_register(unsigned index, const bms_report_t& report,
                             const BatteryIdentity& identity) {
  if (index <= 12) return read_gauge(index, report, identity);
  if (index >= kFirstCell && index < kFirstCell + kCells) {
    const auto cells = cells_mV(report);
    return index - kFirstCell < cells.size() ? cells[index - kFirstCell] : std::uint16_t{0};
  }
  if (index >= kFirstTemperature && index <= kEnvironment) return read_temperature(index, report);
  if (index >= kVersion && index < kSerial) {
    const std::string version = identity.device_name + " " +
                                std::to_string(identity.version_major) + "." +
                                std::to_string(identity.version_minor);
    return text_word(version, index - kVersion);
  }
  if (index >= kSerial && index < kPackSerial) return text_word(identity.barcode, index - kSerial);
  if (index >= kPackSerial && index < kPackSerial + kTextRegisters) {
    return text_word(identity.barcode, index - kPackSerial);
  }
  return std::nullopt;
}

Reply respond(BytesView bytes, Packs packs, const BatteryIdentity& identity) {
  const std::optional<ModbusRequest> request = parse_modbus_request(bytes);
  if (!request) return stay_silent("wrong CRC");
  const std::size_t place = std::size_t{request->address} - identity.serial_address;
  if (request->address < identity.serial_address || place >= packs.size()) {
    return stay_silent("for another address");
  }
  if (request->fault != ModbusException::none) return reject_modbus(*request, request->fault);
  if (!request->values.empty()) return reject_modbus(*request, ModbusException::illegal_address);
  return answer_modbus_read(
      *request, [&](unsigned index) { return read_register(index, packs[place], identity); });
}

// ---- inverter side ------------------------------------------------------------------------------

struct Question {
  std::uint16_t first;
  std::uint16_t count;
};
constexpr std::array kQuestions{Question{0, 13}, Question{15, 22}};  // SIG's bridge

Bytes encode_request(std::size_t index, std::uint8_t address) {
  if (index >= kQuestions.size()) return {};
  return encode_modbus_read(address, kQuestions[index].first, kQuestions[index].count);
}

void take_gauge(std::span<const std::uint16_t> words, BatteryView& view) {
  view.current_A = static_cast<std::int16_t>(words[0]) / 100.0;
  view.pack_V = words[1] / 100.0;
  view.soc = words[2] / 100.0;
  view.soh = words[3] / 100.0;
  view.remaining_Ah = words[4] / 100.0;
  view.full_Ah = words[5] / 100.0;
  view.cycle_count = words[7];
  view.warnings = words[9];
  view.protections = words[10];
  view.is_charge_allowed = (words[11] & (1U << 10)) != 0;
  view.is_discharge_allowed = (words[11] & (1U << 11)) != 0;
}

void take_cells(std::span<const std::uint16_t> words, BatteryView& view) {
  view.cell_V.clear();
  view.ntc_degC.clear();
  for (const std::uint16_t cell_mV : words.first(kCells)) view.cell_V.push_back(cell_mV / 1000.0);
  while (!view.cell_V.empty() && view.cell_V.back() == 0) view.cell_V.pop_back();
  for (const std::uint16_t ddegC : words.subspan(kCells)) {
    view.ntc_degC.push_back(static_cast<std::int16_t>(ddegC) / 10.0);
  }
}

bool decode_reply(std::size_t index, BytesView reply, const Choices& /*choices*/,
                  BatteryView& view) {
  if (index >= kQuestions.size()) return false;
  const auto words = decode_modbus_read(reply, kQuestions[index].count);
  if (!words) return false;
  index == 0 ? take_gauge(*words, view) : take_cells(*words, view);
  return true;
}

}  // namespace

// The captured pack answers after 4.4 to 5.4 ms (SIG).
constinit const SerialProtocol pace_modbus{
    .key = "pace-modbus",
    .title = "PACE BMS V1.3, Modbus RTU",
    .baud = 9600,
    .turnaround_ms = 5,
    .options = {},
    .gap_bits = kModbusGapBits,
    .find_frame = find_modbus_frame,
    .respond = respond,
    .poll_count = kQuestions.size(),
    .request_count = kQuestions.size(),
    .encode_request = encode_request,
    .decode_reply = decode_reply,
};

}  // namespace doppelpack::can_emulator
