// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Pylontech high-voltage CAN (Force H1 and H2): "CAN-Bus-Protocol-Sermatec-high-voltage-V1.18"
// (HV118), 500 kbit/s, 29-bit identifiers, eight bytes. The inverter asks, the stack answers.
//   BE     dalathegreat/Battery-Emulator, both sides; it takes Dyness Towers for compatible
//
// The core hears of a command that it has heard the inverter, not what it says: sleep, wake and the
// closing of relays against a protection stay without effect, and masking the loss of the inverter is
// refused. Dyness' unasked frames of cell voltages (0x18FF9701) are not sent: nobody has their unit.

#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include "can_emulator/can_protocol.hpp"
#include "protocols/can_fields.hpp"
#include "protocols/energy.hpp"
#include "protocols/pylontech_hv_can_frames.hpp"
#include "protocols/pylontech_hv_can_status.hpp"
#include "protocols/report_summary.hpp"

namespace doppelpack::can_emulator {

extern const CanProtocol pylontech_hv_can;

namespace {

using namespace pylontech_hv;

constexpr std::int64_t kCell_mV = 3200;  // nominal voltage of LFP, for the voltage level

/// A frame of words in the byte order of the dialect, with the address of the stack.
class Answer {
 public:
  Answer(Id id, const BatteryIdentity& identity)
      : builder_(id + address(identity.can_choices), true), is_big_(is_big(identity.can_choices)) {}

  Answer& word(std::int64_t value) {
    is_big_ ? builder_.u16be(value) : builder_.u16le(value);
    return *this;
  }
  Answer& byte(std::int64_t value) {
    builder_.byte(value);
    return *this;
  }
  Answer& text(std::string_view text) {
    builder_.text(text, 8, '\0');
    return *this;
  }
  CanFrame frame() const { return builder_.padded_to(8); }

 private:
  static std::uint32_t address(const Choices& choices) {
    return choice_of<AnswerAddress>(choices, Option::answer_address) == AnswerAddress::one ? 1 : 0;
  }

  FrameBuilder builder_;
  bool is_big_;
};

// ---- battery side: ensemble information ---------------------------------------------------------

CanFrame measurements(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  return Answer(id_measurements, identity)
      .word(divide_nearest(report.pack_mV, 100))
      .word(kCurrentOffset + divide_nearest(report.current_mA, 100))
      .word(kTemperatureOffset + ntc_spread_ddegC(report).mean)
      .byte(whole_percent(report.soc_permille))
      .byte(whole_percent(report.soh_permille))
      .frame();
}

CanFrame limits(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  const bool is_positive =
      choice_of<DischargeLimit>(identity.can_choices, Option::discharge_limit) ==
      DischargeLimit::positive;
  const std::int64_t discharge = divide_down(report.dcl_mA, 100);
  return Answer(id_limits, identity)
      .word(divide_down(report.cvl_mV, 100))
      .word(divide_up(report.discharge_voltage_limit_mV, 100))
      .word(kCurrentOffset + divide_down(report.ccl_mA, 100))
      .word(kCurrentOffset + (is_positive ? discharge : -discharge))
      .frame();
}

CanFrame cells(const bms_report_t& pack, const BatteryIdentity& identity) {
  const Spread cells = bank_cells_mV(pack);
  return Answer(id_cells, identity)
      .word(cells.highest)
      .word(cells.lowest)
      .word(cells.highest_position)
      .word(cells.lowest_position)
      .frame();
}

CanFrame temperatures_of(Id id, const bms_report_t& pack, const BatteryIdentity& identity) {
  const Spread ntcs = bank_ntcs_ddegC(pack);
  return Answer(id, identity)
      .word(kTemperatureOffset + ntcs.highest)
      .word(kTemperatureOffset + ntcs.lowest)
      .word(ntcs.highest_position)
      .word(ntcs.lowest_position)
      .frame();
}
CanFrame temperatures(const bms_report_t& pack, const BatteryIdentity& identity) {
  return temperatures_of(id_temperatures, pack, identity);
}

CanFrame status(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  return Answer(id_status, identity)
      .byte(basic_status(report))
      .word(report.cycle_count)
      .byte(fault_bits(report))
      .word(bits_of(kAlarmBits, report.warnings))
      .word(bits_of(kAlarmBits, report.protections))
      .frame();
}

// The report knows the sum of the modules, not each: their mean, and no positions.
CanFrame module_voltages(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bool is_fine = choice_of<ModuleVoltage>(identity.can_choices, Option::module_voltage) ==
                       ModuleVoltage::millivolts;
  const std::int64_t mean_mV =
      divide_nearest(of_bank(pack).pack_mV, std::max<int>(module_count(pack, identity), 1));
  const std::int64_t told = is_fine ? mean_mV : divide_nearest(mean_mV, 10);
  return Answer(id_module_voltages, identity).word(told).word(told).word(0).word(0).frame();
}

// Modules are as warm as the hottest and coldest of their cells.
CanFrame module_temperatures(const bms_report_t& pack, const BatteryIdentity& identity) {
  return temperatures_of(id_module_temperatures, pack, identity);
}

CanFrame forbidden(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bms_report_t report = of_bank(pack);
  return Answer(id_forbidden, identity)
      .byte(report.is_charge_allowed ? 0 : kYes)
      .byte(report.is_discharge_allowed ? 0 : kYes)
      .frame();
}

CanFrame extension(const bms_report_t& pack, const BatteryIdentity& identity) {
  return Answer(id_fault_extension, identity).byte(fault_extension(of_bank(pack))).frame();
}

// ---- battery side: equipment information --------------------------------------------------------

CanFrame versions(const bms_report_t& /*pack*/, const BatteryIdentity& identity) {
  constexpr int kHardwareA = 1;
  return Answer(id_versions, identity)
      .byte(kHardwareA)
      .byte(0)
      .byte(identity.version_major)
      .byte(identity.version_minor)
      .byte(identity.version_major)
      .byte(identity.version_minor)
      .frame();
}

CanFrame capacity(const bms_report_t& pack, const BatteryIdentity& identity) {
  const std::int64_t modules = module_count(pack, identity);
  const std::int64_t cells = modules * pack.cell_count;
  const bool is_cells =
      choice_of<ModuleTotal>(identity.can_choices, Option::module_total) == ModuleTotal::cells;
  return Answer(id_capacity, identity)
      .word(is_cells ? cells : modules)
      .byte(modules)
      .byte(pack.cell_count)
      .word(divide_nearest(cells * kCell_mV, 1000))
      .word(divide_nearest(of_bank(pack).full_mAh, 1000))
      .frame();
}

CanFrame name_first(const bms_report_t& /*pack*/, const BatteryIdentity& identity) {
  return Answer(id_name_first, identity).text(identity.manufacturer).frame();
}

CanFrame name_second(const bms_report_t& /*pack*/, const BatteryIdentity& identity) {
  const std::string_view name = identity.manufacturer;
  return Answer(id_name_second, identity)
      .text(name.substr(std::min<std::size_t>(8, name.size())))
      .frame();
}

using Encode = CanFrame (*)(const bms_report_t& pack, const BatteryIdentity& identity);
constexpr std::array<Encode, 9> kEnsemble{measurements,        limits,    cells,
                                          temperatures,        status,    module_voltages,
                                          module_temperatures, forbidden, extension};
constexpr std::array<Encode, 4> kEquipment{versions, capacity, name_first, name_second};

bool is_command(const CanFrame& frame) {
  const std::uint32_t id = frame.id & ~kAddressBits;
  return id == id_sleep || id == id_close || id == id_mask;
}

bool is_from_inverter(const CanFrame& frame) {
  if (!frame.is_extended || frame.is_remote) return false;
  return (frame.id == id_question && frame.dlc >= 1) || is_command(frame);
}

std::vector<CanFrame> respond(const CanFrame& request, const bms_report_t& report,
                              const BatteryIdentity& identity) {
  constexpr std::uint8_t kAskEnsemble = 0, kAskEquipment = 2;
  std::vector<CanFrame> frames;
  if (!is_from_inverter(request)) return frames;
  const auto answer = [&](std::span<const Encode> encoders) {
    for (const Encode encode : encoders) frames.push_back(encode(report, identity));
  };
  if (request.id == id_question && request.data[0] == kAskEnsemble) answer(kEnsemble);
  if (request.id == id_question && request.data[0] == kAskEquipment) answer(kEquipment);
  if ((request.id & ~kAddressBits) == id_mask && request.data[0] == kYes)
    frames.push_back(Answer(id_mask_answer, identity).byte(0).frame());
  return frames;
}

// Energy in 10 Wh, low byte first: B3-4 remaining, B5-6 total. Its period is an estimate.
std::optional<CanFrame> encode_energy(const bms_report_t& pack, const BatteryIdentity& identity) {
  const bool is_sent =
      choice_of<EnergyFrame>(identity.can_choices, Option::energy_frame) == EnergyFrame::sent;
  if (!is_sent) return {};
  constexpr int kKind = 3;
  const bms_report_t report = of_bank(pack);
  const auto energy = [&](std::uint32_t charge_mAh) {
    return divide_nearest(microwatt_hours(charge_mAh, report.pack_mV), 10'000'000);
  };
  return FrameBuilder(id_energy, true)
      .byte(kKind)
      .byte(0)
      .byte(0)
      .u16le(energy(report.remaining_mAh))
      .u16le(energy(report.full_mAh))
      .padded_to(8);
}
constexpr std::array kPeriodic{PeriodicFrame{id_energy, 1000, 0, encode_energy}};

CanFrame encode_heartbeat() {
  return FrameBuilder(id_question, true).padded_to(8);
}

}  // namespace

constinit const CanProtocol pylontech_hv_can{
    .key = "pylontech-hv-can",
    .title = "Pylontech high-voltage CAN V1.18, and Dyness Tower",
    .bit_rate_Hz = 500'000,
    .dbc = "pylontech-hv-can.dbc",
    .options = kOptions,
    .periodic = kPeriodic,
    .respond = respond,
    .is_from_inverter = is_from_inverter,
    .decode = decode,
    .encode_heartbeat = encode_heartbeat,
    .heartbeat_period_ms = 1000,
};

}  // namespace doppelpack::can_emulator
