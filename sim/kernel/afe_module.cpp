// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "afe_module.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "context.hpp"
#include "models/random.hpp"
#include "phases.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::uint64_t kTransferStream = 0xAFE1;
constexpr std::uint32_t kGroups = BMS_FRESH_CURRENT | BMS_FRESH_CELLS | BMS_FRESH_NTCS;

struct NamedComparator {
  std::string_view name;
  bms_comparator_t bit;
};
constexpr NamedComparator kComparators[]{
    {"scd", BMS_COMPARATOR_SCD}, {"ocd", BMS_COMPARATOR_OCD}, {"occ", BMS_COMPARATOR_OCC}};

std::uint32_t bit_if(bool is_set, std::uint32_t bit) {
  return is_set ? bit : 0U;
}

std::uint32_t latched(const models::ComparatorBankState& bank) {
  return bit_if(bank.scd.is_latched, BMS_COMPARATOR_SCD) |
         bit_if(bank.ocd.is_latched, BMS_COMPARATOR_OCD) |
         bit_if(bank.occ.is_latched, BMS_COMPARATOR_OCC);
}

std::uint32_t coils_of(const models::PackInputs& pins) {
  return bit_if(pins.main_1, BMS_CONTACT_MAIN_1) | bit_if(pins.main_2, BMS_CONTACT_MAIN_2) |
         bit_if(pins.precharge, BMS_CONTACT_PRECHARGE);
}

constexpr std::uint32_t kCoils = BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE;

std::int64_t divider(Time period_ns, Time base_ns) {
  return std::max<std::int64_t>(1, period_ns / base_ns);
}

}  // namespace

AfeModule::AfeModule(const sc_core::sc_module_name& name, models::SensingParameters sensing,
                     const SamplingPlan& plan, std::size_t cell_ntcs, LocalTime& time,
                     Sampler& sampler, PackUnit& unit, EventLog& events)
    : sc_module(name),
      sensing_(std::move(sensing)),
      time_(time),
      sampler_(sampler),
      unit_(unit),
      events_(events),
      period_ns_(plan.current_period_ns),
      cell_ntcs_(cell_ntcs),
      voltages_(divider(plan.cell_period_ns, plan.current_period_ns),
                models::voltage_channel_count(unit.sensing)),
      ntcs_(divider(plan.ntc_period_ns, plan.current_period_ns),
            static_cast<std::int64_t>(unit.sensing.last.ntc_counts.size())),
      comparator_tick_(time, unit.afe.comparators_due_ns) {
  SC_HAS_PROCESS(AfeModule);
  SC_METHOD(watch);
  sensitive << comparator_tick_.event();
  dont_initialize();
  unit_.afe.due_ns = kAfePhase;
  sampler_.add(*this);
}

void AfeModule::convert() {
  if (unit_.afe.is_powered) sample(unit_.afe.due_ns);
  unit_.afe.due_ns += period_ns_;
}

void AfeModule::power_down() {
  unit_.afe.is_powered = false;
}

void AfeModule::power_up() {
  unit_.afe.is_powered = true;
  unit_.afe.voltages = {};
  unit_.afe.ntcs = {};
  unit_.bms_inputs.fresh = 0;
}

void AfeModule::sample(Time due_ns) {
  const models::SenseLineInputs lines{unit_.pack_inputs.bleeders, unit_.pull_downs};
  models::advance_inputs(sensing_, unit_.condition.hardware, lines, unit_.pack,
                         to_seconds(due_ns - unit_.afe.sampled_ns), unit_.sensing);
  unit_.afe.sampled_ns = due_ns;
  if (unit_.pack.is_transient) wake_comparator();
  if (unit_.condition.electronics.is_afe_silent) return;

  models::convert_current(sensing_, unit_.pack, unit_.sensing);
  unit_.bms_inputs.shunt_adc = unit_.sensing.last.shunt_counts;
  unit_.bms_inputs.fresh |= BMS_FRESH_CURRENT;
  scan_voltages();
  scan_ntcs();
}

void AfeModule::scan_voltages() {
  const bool is_complete = voltages_.tick(unit_.afe.voltages, [this](int channel) {
    models::convert_voltage(sensing_, unit_.condition.hardware, unit_.pack, channel, unit_.sensing);
  });
  if (!is_complete) return;
  bms_inputs_t& inputs = unit_.bms_inputs;
  const models::Measurements& last = unit_.sensing.last;
  std::copy(last.cell_counts.begin(), last.cell_counts.end(), inputs.cell_adc);
  inputs.pack_adc = last.pack_counts;
  inputs.terminal_adc = last.terminal_counts;
  inputs.fresh |= BMS_FRESH_CELLS;
}

void AfeModule::scan_ntcs() {
  const bool is_complete = ntcs_.tick(unit_.afe.ntcs, [this](int ntc) {
    models::convert_ntc(sensing_, unit_.condition.hardware, unit_.pack, ntc, unit_.sensing);
  });
  if (!is_complete) return;
  const std::vector<std::uint16_t>& counts = unit_.sensing.last.ntc_counts;
  std::copy_n(counts.begin(), cell_ntcs_, unit_.bms_inputs.ntc_adc);
  if (cell_ntcs_ < counts.size()) unit_.bms_inputs.mosfet_ntc_adc = counts.back();
  unit_.bms_inputs.fresh |= BMS_FRESH_NTCS;
}

void AfeModule::wake_comparator() {
  if (!comparator_tick_.is_set()) comparator_tick_.set(time_.now_ns() + kComparatorStep);
}

void AfeModule::watch() {
  comparator_tick_.acknowledge();
  sampler_.catch_up();
  if (unit_.pack.is_transient) wake_comparator();
}

std::uint32_t AfeModule::hold_back_if_corrupt() {
  const double share = unit_.condition.electronics.afe_corrupt_share;
  const auto transfer = static_cast<std::uint64_t>(time_.now_ns());
  if (!(share > 0.0) || models::random_uniform(sensing_.seed, kTransferStream, transfer) >= share)
    return 0;
  bms_inputs_t& inputs = unit_.bms_inputs;
  ++inputs.afe_errors;
  const std::uint32_t held_back = inputs.fresh & kGroups;
  inputs.fresh &= ~kGroups;
  return held_back;
}

void AfeModule::drive(const bms_outputs_t& outputs) {
  clear_comparators(outputs.clear_comparators);
  models::PackInputs& pins = unit_.pack_inputs;
  const std::uint32_t coils = outputs.coils & kCoils;
  const bool is_switching = pins.charge_gate != outputs.charge_gate ||
                            pins.discharge_gate != outputs.discharge_gate ||
                            coils_of(pins) != coils;
  if (!is_switching && pins.bleeders == outputs.bleeders && unit_.pull_downs == outputs.pull_downs)
    return;
  sampler_.catch_up();
  pins.charge_gate = outputs.charge_gate;
  pins.discharge_gate = outputs.discharge_gate;
  pins.main_1 = (coils & BMS_CONTACT_MAIN_1) != 0;
  pins.main_2 = (coils & BMS_CONTACT_MAIN_2) != 0;
  pins.precharge = (coils & BMS_CONTACT_PRECHARGE) != 0;
  pins.bleeders = outputs.bleeders;
  unit_.pull_downs = outputs.pull_downs;
  if (is_switching) wake_comparator();
}

void AfeModule::clear_comparators(std::uint32_t asked) {
  const std::uint32_t cleared = asked & latched(unit_.pack.path.comparators);
  if (cleared == 0) return;
  sampler_.catch_up();
  models::clear_comparators(
      unit_.pack, {(cleared & BMS_COMPARATOR_SCD) != 0, (cleared & BMS_COMPARATOR_OCD) != 0,
                   (cleared & BMS_COMPARATOR_OCC) != 0});
  unit_.bms_inputs.comparator_flags = latched(unit_.pack.path.comparators);
}

void AfeModule::notice_comparators() {
  const std::uint32_t before = unit_.bms_inputs.comparator_flags;
  const std::uint32_t now = latched(unit_.pack.path.comparators);
  if (now == before) return;
  unit_.bms_inputs.comparator_flags = now;
  for (const auto& [name, bit] : kComparators) {
    if ((now & ~before & bit) == 0) continue;
    events_.add(time_.now_ns(), "comparator",
                {{"comparator", std::string(name)}, {"peak_A", unit_.pack.path.peak_A}});
  }
}

}  // namespace doppelpack::sim
