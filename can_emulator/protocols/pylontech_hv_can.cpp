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
#include "protocols/pylontech_hv_can_options.hpp"
#include "protocols/pylontech_hv_can_status.hpp"
#include "protocols/report_summary.hpp"

namespace doppelpack::can_emulator {

extern const CanProtocol pylontech_hv_can;

namespace {

using namespace pylontech_hv_options;
using namespace pylontech_hv;

enum Id : std::uint32_t {
  id_question = 0x4200,
  id_measurements = 0x4210,
  id_limits = 0x4220,
  id_cells = 0x4230,
  id_temperatures = 0x4240,
  id_status = 0x4250,
  id_module_voltages = 0x4260,
  id_module_temperatures = 0x4270,
  id_forbidden = 0x4280,
  id_fault_extension = 0x4290,
  id_versions = 0x7310,
  id_capacity = 0x7320,
  id_name_first = 0x7330,
  id_name_second = 0x7340,
  id_sleep = 0x8200,
  id_close = 0x8210,
  id_mask = 0x8240,
  id_mask_answer = 0x8250,
  id_energy = 0x18FF9A6E,
};
constexpr std::uint32_t kAddressBits = 0xF;

constexpr std::int64_t kCurrentOffset = 30000;     // 0.1 A
constexpr std::int64_t kTemperatureOffset = 1000;  // 0.1 K
constexpr std::uint8_t kYes = 0xAA;
constexpr std::int64_t kCell_mV = 3200;  // nominal voltage of LFP, for the voltage level

bool is_big(const Choices& choices) {
  return choice_of<ByteOrder>(choices, Option::byte_order) == ByteOrder::big;
}

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
      .word(alarm_bits(report.warnings))
      .word(alarm_bits(report.protections))
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
    return divide_nearest(std::int64_t{charge_mAh} * report.pack_mV, 10'000'000);
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

// ---- inverter side ------------------------------------------------------------------------------

int word_at(const CanFrame& frame, std::size_t index, const Choices& choices) {
  return is_big(choices) ? u16be_at(frame, index) : u16le_at(frame, index);
}
double current_at(const CanFrame& frame, std::size_t index, const Choices& choices) {
  return static_cast<double>(word_at(frame, index, choices) - kCurrentOffset) / 10.0;
}
double temperature_at(const CanFrame& frame, std::size_t index, const Choices& choices) {
  return static_cast<double>(word_at(frame, index, choices) - kTemperatureOffset) / 10.0;
}

void decode_measurements(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.pack_V = word_at(frame, 0, choices) / 10.0;
  view.current_A = current_at(frame, 2, choices);
  view.T_degC = temperature_at(frame, 4, choices);
  view.soc = frame.data[6] / 100.0;
  view.soh = frame.data[7] / 100.0;
}

// Some packs send the discharge limit positive: its magnitude counts.
void decode_limits(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.cvl_V = word_at(frame, 0, choices) / 10.0;
  view.discharge_voltage_limit_V = word_at(frame, 2, choices) / 10.0;
  view.ccl_A = std::max(current_at(frame, 4, choices), 0.0);
  view.dcl_A = std::abs(current_at(frame, 6, choices));
}

void decode_cells(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.highest_cell_V = word_at(frame, 0, choices) / 1000.0;
  view.lowest_cell_V = word_at(frame, 2, choices) / 1000.0;
  view.highest_cell = static_cast<unsigned>(word_at(frame, 4, choices));
  view.lowest_cell = static_cast<unsigned>(word_at(frame, 6, choices));
}

void decode_temperatures(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.hottest_degC = temperature_at(frame, 0, choices);
  view.coldest_degC = temperature_at(frame, 2, choices);
  view.hottest_ntc = static_cast<unsigned>(word_at(frame, 4, choices));
  view.coldest_ntc = static_cast<unsigned>(word_at(frame, 6, choices));
}

void decode_status(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  constexpr unsigned kForceCharge = 1U << 3U, kBalanceCharge = 1U << 4U;
  view.is_charge_forced = (frame.data[0] & kForceCharge) != 0;
  view.is_full_charge_requested = (frame.data[0] & kBalanceCharge) != 0;
  view.cycle_count = static_cast<unsigned>(word_at(frame, 1, choices));
  view.warnings = static_cast<std::uint32_t>(word_at(frame, 4, choices));
  view.protections =
      static_cast<std::uint32_t>(word_at(frame, 6, choices)) | std::uint32_t{frame.data[3]} << 16U;
}

void decode_forbidden(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.is_charge_allowed = frame.data[0] != kYes;
  view.is_discharge_allowed = frame.data[1] != kYes;
}

void decode_capacity(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  view.module_count = frame.data[2];
  view.full_Ah = word_at(frame, 6, choices);
}

void decode_name(const CanFrame& frame, const Choices& /*choices*/, BatteryView& view) {
  view.manufacturer = text_at(frame, 0);
}

constexpr std::array kDecoders{
    FrameDecoder{id_measurements, 8, decode_measurements},
    FrameDecoder{id_limits, 8, decode_limits},
    FrameDecoder{id_cells, 8, decode_cells},
    FrameDecoder{id_temperatures, 8, decode_temperatures},
    FrameDecoder{id_status, 8, decode_status},
    FrameDecoder{id_forbidden, 8, decode_forbidden},
    FrameDecoder{id_capacity, 8, decode_capacity},
    FrameDecoder{id_name_first, 8, decode_name},
};

// From whatever address of the up to fifteen stacks.
bool decode(const CanFrame& frame, const Choices& choices, BatteryView& view) {
  CanFrame unaddressed = frame;
  unaddressed.id &= ~kAddressBits;
  return decode_by(kDecoders, true, unaddressed, choices, view);
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
