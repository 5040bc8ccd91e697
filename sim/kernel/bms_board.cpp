// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "bms_board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "context.hpp"
#include "phases.hpp"
#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

struct NamedCoil {
  std::string_view name;
  bms_contact_t bit;
};
constexpr NamedCoil kNamedCoils[]{{"main-1", BMS_CONTACT_MAIN_1},
                                  {"main-2", BMS_CONTACT_MAIN_2},
                                  {"precharge", BMS_CONTACT_PRECHARGE}};

}  // namespace

BmsBoard::BmsBoard(std::string name, CoreHost& core, const Product& product, LocalTime& time,
                   Sampler& sampler, AfeModule& afe, Peripherals& peripherals, PackUnit& unit,
                   EventLog& events)
    : name_(std::move(name)),
      core_(core),
      config_(product.bms),
      rail_(product.supply),
      time_(time),
      sampler_(sampler),
      afe_(afe),
      peripherals_(peripherals),
      unit_(unit),
      events_(events) {
  unit_.bms_instance.assign(slots_of(core_.state_bytes()), {});
  std::ranges::fill(core_memory(), std::byte{0});  // between the fields of a slot, too
  const bms_status_t status = start_core();
  if (status.error != BMS_OK) {
    throw DataError({product.file, 0, "bms"},
                    fmt::format("refused by the protection core \"{}\": {}", core_.identity().name,
                                bms_error_text(status.error)));
  }
  if (!unit_.supply.is_alive) power_down();
}

void BmsBoard::pass(Time now_ns) {
  sampler_.convert_due();
  peripherals_.advance(now_ns);
  watch_supply();
  if (unit_.supply.is_alive && !failure_) run_core();
  log_changes(now_ns);
  watch_panel(now_ns);
}

void BmsBoard::watch_panel(Time now_ns) {
  const Electronics& board = unit_.condition.electronics;
  const std::uint32_t lamps = unit_.bms_outputs.leds & ~board.dead_lamps;
  const bool is_buzzing = unit_.bms_outputs.buzzer && !board.is_buzzer_dead;
  look(now_ns, lamps | std::uint32_t{is_buzzing} << kBuzzerLamp, unit_.panel);
}

std::span<std::byte> BmsBoard::core_memory() {
  return std::as_writable_bytes(std::span(unit_.bms_instance));
}

bms_status_t BmsBoard::start_core() {
  try {
    return core_.init(core_memory(), {time_.now_ns(), unit_.board.steps, 0}, config_,
                      NvmView(peripherals_.memory()));
  } catch (const CoreFailure& failure) {
    failure_ = failure;
    return {BMS_OK, 0};
  }
}

void BmsBoard::adopt_core() {
  core_.move(core_memory(), {time_.now_ns(), unit_.board.steps, 0}, &config_);
}

void BmsBoard::run_core() {
  bms_outputs_t& outputs = unit_.bms_outputs;
  constexpr std::uint32_t kPeriod_us = kFirmwarePeriod / kMicrosecond;
  const Time now_ns = time_.now_ns();
  const std::uint32_t held_back = afe_.hold_back_if_corrupt();
  try {
    core_.step(core_memory(), {now_ns, ++unit_.board.steps, kPeriod_us}, unit_.bms_inputs, outputs);
  } catch (const CoreFailure& failure) {
    failure_ = failure;
    return;
  }
  unit_.bms_inputs.fresh = held_back;
  afe_.drive(outputs);
  peripherals_.carry_out(outputs, now_ns);
}

void BmsBoard::watch_supply() {
  models::SupplyRailState& supply = unit_.supply;
  const bool was_alive = supply.is_alive;
  const double drop_V = unit_.condition.electronics.supply_drop_V;
  const double rail_V = models::rail_feed_V(rail_, unit_.condition.hardware, unit_.pack);
  const double feed_V = peripherals_.is_supply_tied() ? rail_V - drop_V : 0.0;
  models::step(rail_, feed_V, to_seconds(kFirmwarePeriod), supply);
  if (supply.is_alive == was_alive) return;
  events_.add(time_.now_ns(), "supply",
              {{"bms", name_}, {"is_alive", supply.is_alive}, {"feed_V", rail_V}});
  supply.is_alive ? power_up() : power_down();
}

void BmsBoard::power_down() {
  // Every pin falls to its idle level, and a chip without supply holds no latch.
  bms_outputs_t off{};
  off.clear_comparators = BMS_COMPARATOR_SCD | BMS_COMPARATOR_OCD | BMS_COMPARATOR_OCC;
  afe_.drive(off);
  sampler_.catch_up();
  unit_.pack_inputs.is_supplied = false;
  afe_.power_down();
  peripherals_.power_down(time_.now_ns());
  unit_.bms_outputs = {};
  unit_.board.logged.state = unit_.bms_outputs.report.state;  // nobody is in a state
}

void BmsBoard::power_up() {
  sampler_.catch_up();
  unit_.pack_inputs.is_supplied = true;
  afe_.power_up();
  peripherals_.power_up(time_.now_ns());
  start_core();  // the configuration was accepted once, and what it remembers is in range
}

void BmsBoard::log_changes(Time t_ns) {
  const bms_outputs_t& outputs = unit_.bms_outputs;
  const bms_report_t& report = outputs.report;
  LoggedOutputs& logged = unit_.board.logged;
  const LoggedOutputs now{
      outputs.charge_gate, outputs.discharge_gate, outputs.coils,   report.warnings,
      report.limitings,    report.protections,     report.failures, report.state};
  if (now == logged) return;
  if (now.state != logged.state) {
    events_.add(t_ns, "state",
                {{"bms", name_},
                 {"state", bms_state_name(now.state)},
                 {"reason", bms_reason_name(report.reason)}});
  }
  log_rules(t_ns, "warning", now.warnings, logged.warnings);
  log_rules(t_ns, "limiting", now.limitings, logged.limitings);
  log_rules(t_ns, "protection", now.protections, logged.protections);
  log_failures(t_ns, now.failures, logged.failures);
  log_pins(t_ns, outputs);
  logged = now;
}

void BmsBoard::log_rules(Time t_ns, std::string_view kind, std::uint32_t now,
                         std::uint32_t before) {
  for (int i = 0; i < BMS_RULE_COUNT; ++i) {
    const std::uint32_t bit = BMS_RULE_BIT(i);
    if (((now ^ before) & bit) == 0) continue;
    events_.add(t_ns, kind,
                {{"bms", name_},
                 {"rule", bms_rule_name(static_cast<bms_rule_t>(i))},
                 {"is_active", (now & bit) != 0}});
  }
}

void BmsBoard::log_failures(Time t_ns, std::uint64_t now, std::uint64_t before) {
  for (int i = 0; i < BMS_FAILURE_COUNT; ++i) {
    const std::uint64_t bit = BMS_FAILURE_BIT(i);
    if (((now ^ before) & bit) == 0) continue;
    events_.add(t_ns, "failure",
                {{"bms", name_},
                 {"failure", bms_failure_name(static_cast<bms_failure_t>(i))},
                 {"is_active", (now & bit) != 0}});
  }
}

void BmsBoard::log_pins(Time t_ns, const bms_outputs_t& outputs) {
  if (outputs.charge_gate != unit_.board.logged.charge_gate) {
    events_.add(t_ns, "gate",
                {{"bms", name_}, {"gate", "charge"}, {"is_closed", outputs.charge_gate}});
  }
  if (outputs.discharge_gate != unit_.board.logged.discharge_gate) {
    events_.add(t_ns, "gate",
                {{"bms", name_}, {"gate", "discharge"}, {"is_closed", outputs.discharge_gate}});
  }
  for (const auto& [name, bit] : kNamedCoils) {
    if (((outputs.coils ^ unit_.board.logged.coils) & bit) == 0) continue;
    events_.add(
        t_ns, "coil",
        {{"bms", name_}, {"coil", std::string(name)}, {"is_driven", (outputs.coils & bit) != 0}});
  }
}

}  // namespace doppelpack::sim
