// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <limits>

#include "harness/signal_tables.hpp"

namespace doppelpack::sim {

namespace {

using can_emulator::BatteryView;

constexpr auto kInverter = &BenchState::inverter;
constexpr auto kSite = &BenchState::site;

// What the inverter decoded; not a number until it has heard it.
template <auto kField>
double read_heard(const BenchState& state, int /*index*/) {
  const auto& heard = state.inverter.battery.*kField;
  return heard ? static_cast<double>(*heard) : std::numeric_limits<double>::quiet_NaN();
}

template <auto kField>
double read_heard_rule(const BenchState& state, int rule) {
  const std::optional<std::uint32_t>& heard = state.inverter.battery.*kField;
  if (!heard) return std::numeric_limits<double>::quiet_NaN();
  return (*heard & BMS_RULE_BIT(rule)) != 0 ? 1.0 : 0.0;
}

double heard_any(const std::optional<std::uint32_t>& bits) {
  if (!bits) return std::numeric_limits<double>::quiet_NaN();
  return *bits != 0 ? 1.0 : 0.0;
}

constexpr std::array kInverterSignals{
    BenchRow{"demand_W", Dimension::power, kNumber, "power wished for without a site, + charges",
             read_field<kInverter, &InverterState::demand_W>,
             write_field<kInverter, &InverterState::demand_W>},
    BenchRow{"demand_A", Dimension::current, kNumber,
             "current wished for without a site, added to that of the power, + charges",
             read_field<kInverter, &InverterState::demand_A>,
             write_field<kInverter, &InverterState::demand_A>},
    BenchRow{"obeys_limits", Dimension::none, kNoYes, "follows what the pack says",
             read_field<kInverter, &InverterState::obeys_limits>,
             write_field<kInverter, &InverterState::obeys_limits>},
    BenchRow{"is_connected", Dimension::none, kNoYes, "DC breaker is closed",
             read_field<kInverter, &InverterState::is_connected>,
             write_field<kInverter, &InverterState::is_connected>},
    BenchRow{"wake_V", Dimension::voltage, kNumber,
             "put onto a battery it does not hear, to wake it; 0 V: none",
             read_field<kInverter, &InverterState::wake_V>,
             write_field<kInverter, &InverterState::wake_V>},
    BenchRow{"is_imposed", Dimension::none, kNoYes,
             "another source is at its terminals in place of its power stage",
             read_field<kInverter, &InverterState::is_imposed>,
             write_field<kInverter, &InverterState::is_imposed>},
    BenchRow{"imposed_A", Dimension::current, kNumber, "current of that source, + charges",
             read_field<kInverter, &InverterState::imposed_A>,
             write_field<kInverter, &InverterState::imposed_A>},
    BenchRow{"imposed_W", Dimension::power, kNumber, "power of that source, beside its current",
             read_field<kInverter, &InverterState::imposed_W>,
             write_field<kInverter, &InverterState::imposed_W>},
    BenchRow{"imposed_max_V", Dimension::voltage, kNumber, "where that source stops charging",
             read_field<kInverter, &InverterState::imposed_max_V>,
             write_field<kInverter, &InverterState::imposed_max_V>},
    BenchRow{"current_A", Dimension::current, kNumber, "current of the power stage, + charges",
             read_field<&BenchState::stage, &models::PowerStageState::current_A>},
    BenchRow{"target_A", Dimension::current, kNumber, "current the controller asks for",
             read_field<kInverter, &InverterState::target_A>},
    BenchRow{"max_V", Dimension::voltage, kNumber, "voltage the controller charges to",
             read_field<kInverter, &InverterState::max_V>},
    BenchRow{"is_battery_lost", Dimension::none, kNoYes, "nothing heard of the pack for too long",
             read_field<kInverter, &InverterState::is_battery_lost>},
    BenchRow{"is_alarm", Dimension::none, kNoYes, "shows an alarm about the battery",
             read_field<kInverter, &InverterState::is_alarm>},
    BenchRow{"cvl_V", Dimension::voltage, kNumber, "charge voltage limit, heard",
             read_heard<&BatteryView::cvl_V>},
    BenchRow{"discharge_limit_V", Dimension::voltage, kNumber, "discharge voltage limit, heard",
             read_heard<&BatteryView::discharge_voltage_limit_V>},
    BenchRow{"ccl_A", Dimension::current, kNumber, "charge current limit, heard",
             read_heard<&BatteryView::ccl_A>},
    BenchRow{"dcl_A", Dimension::current, kNumber, "discharge current limit, heard",
             read_heard<&BatteryView::dcl_A>},
    BenchRow{"soc", Dimension::none, kNumber, "state of charge, heard",
             read_heard<&BatteryView::soc>},
    BenchRow{"soh", Dimension::none, kNumber, "state of health, heard",
             read_heard<&BatteryView::soh>},
    BenchRow{"pack_heard_V", Dimension::voltage, kNumber, "pack voltage, heard",
             read_heard<&BatteryView::pack_V>},
    BenchRow{"current_heard_A", Dimension::current, kNumber, "pack current, heard, + charges",
             read_heard<&BatteryView::current_A>},
    BenchRow{"T_heard_degC", Dimension::temperature, kNumber, "pack temperature, heard",
             read_heard<&BatteryView::T_degC>},
    BenchRow{"is_charge_allowed", Dimension::none, kNoYes, "the pack allows charging, heard",
             read_heard<&BatteryView::is_charge_allowed>},
    BenchRow{"is_discharge_allowed", Dimension::none, kNoYes, "the pack allows discharging, heard",
             read_heard<&BatteryView::is_discharge_allowed>},
    BenchRow{"is_charge_forced", Dimension::none, kNoYes, "the pack asks for charge now, heard",
             read_heard<&BatteryView::is_charge_forced>},
    BenchRow{"is_full_charge_requested", Dimension::none, kNoYes,
             "the pack asks to be charged to full, heard",
             read_heard<&BatteryView::is_full_charge_requested>},
    BenchRow{"is_faulty", Dimension::none, kNoYes, "the pack says that it is broken, heard",
             read_heard<&BatteryView::is_faulty>},
    BenchRow{
        "is_protected", Dimension::none, kNoYes, "any protection of the pack, heard",
        [](const BenchState& state, int) { return heard_any(state.inverter.battery.protections); }},
    BenchRow{
        "is_warned", Dimension::none, kNoYes, "any warning of the pack, heard",
        [](const BenchState& state, int) { return heard_any(state.inverter.battery.warnings); }},
    BenchRow{"modules", Dimension::none, kNumber, "packs in the battery, heard",
             read_heard<&BatteryView::module_count>},
    BenchRow{"remaining_Ah", Dimension::charge, kNumber, "charge left, heard",
             read_heard<&BatteryView::remaining_Ah>},
    BenchRow{"full_Ah", Dimension::charge, kNumber, "charge when full, heard",
             read_heard<&BatteryView::full_Ah>},
};

// The bits of most protocols stand for several rules: active says that this may be one of them.
constexpr std::array kHeardRuleSignals{
    BenchRow{"warning", Dimension::none, kClearActive,
             "a warning that may stand for, heard:", read_heard_rule<&BatteryView::warned_rules>},
    BenchRow{"protection", Dimension::none, kClearActive, "a protection that may stand for, heard:",
             read_heard_rule<&BatteryView::protected_rules>},
};

constexpr std::array kSiteSignals{
    BenchRow{"is_active", Dimension::none, kNoYes, "house, sun and tariff drive the inverter",
             read_field<kSite, &SiteState::is_active>, write_field<kSite, &SiteState::is_active>},
    BenchRow{"house_W", Dimension::power, kNumber, "what the house takes",
             read_field<kSite, &SiteState::house_W>, write_field<kSite, &SiteState::house_W>},
    BenchRow{"sun_W", Dimension::power, kNumber, "what the roof gives",
             read_field<kSite, &SiteState::sun_W>, write_field<kSite, &SiteState::sun_W>},
    BenchRow{"price", Dimension::price, kNumber, "price of energy from the grid, per kWh",
             read_field<kSite, &SiteState::price>, write_field<kSite, &SiteState::price>},
    BenchRow{"cheap_price", Dimension::price, kNumber, "charges from the grid up to this price",
             read_field<kSite, &SiteState::cheap_price>,
             write_field<kSite, &SiteState::cheap_price>},
    BenchRow{"cheap_charge_W", Dimension::power, kNumber, "power to charge with when it is cheap",
             read_field<kSite, &SiteState::cheap_charge_W>,
             write_field<kSite, &SiteState::cheap_charge_W>},
    BenchRow{"wake_pins", Dimension::none, kOffOn, "the WAKE pins of the pack are driven",
             read_field<kSite, &SiteState::are_wake_pins_driven>,
             write_field<kSite, &SiteState::are_wake_pins_driven>},
    BenchRow{"is_grid_present", Dimension::none, kNoYes, "the grid is there to take from",
             read_field<kSite, &SiteState::is_grid_present>,
             write_field<kSite, &SiteState::is_grid_present>},
    BenchRow{"grid_W", Dimension::power, kNumber, "power from the grid, + imports",
             read_field<kSite, &SiteState::grid_W>},
};

constexpr std::array kEnvironmentSignals{
    BenchRow{"ambient_degC", Dimension::temperature, kNumber, "temperature around the pack",
             read_field<&BenchState::environment, &Environment::ambient_degC>,
             write_field<&BenchState::environment, &Environment::ambient_degC>},
};

// The pack's controller is the first node of the bus; before it is built there is none.
template <auto kRead>
double read_pack_node(const BenchState& state, int /*index*/) {
  const auto& nodes = state.can_bus.nodes;
  return nodes.empty() ? 0.0 : static_cast<double>(kRead(nodes.front()));
}

constexpr auto kCountErrors = [](const can_emulator::CanNodeState& node) {
  return node.counts.bit + node.counts.stuff + node.counts.acknowledge;
};

constexpr std::array kCanSignals{
    BenchRow{"load", Dimension::none, kNumber, "share of the last second with bits on the wire",
             read_field<&BenchState::can, &BusCounters::load>},
    BenchRow{"errors", Dimension::none, kNumber, "attempts of the pack to send that failed",
             read_pack_node<kCountErrors>},
    BenchRow{"tec", Dimension::none, kNumber, "transmit error counter of the pack",
             read_pack_node<[](const can_emulator::CanNodeState& node) { return node.tec; }>},
    BenchRow{"rec", Dimension::none, kNumber, "receive error counter of the pack",
             read_pack_node<[](const can_emulator::CanNodeState& node) { return node.rec; }>},
    BenchRow{"is_passive", Dimension::none, kNoYes, "the pack's controller is error passive",
             read_pack_node<[](const can_emulator::CanNodeState& node) {
               return node.error_state() == can_emulator::CanErrorState::passive;
             }>},
    BenchRow{"is_bus_off", Dimension::none, kNoYes, "the pack's controller is bus-off",
             read_pack_node<[](const can_emulator::CanNodeState& node) { return node.is_off; }>},
};

constexpr std::array kSerialSignals{
    BenchRow{"collisions", Dimension::none, kNumber, "two talked at once",
             read_field<&BenchState::serial_wire, &can_emulator::SerialWireState::collisions>},
    BenchRow{"garbled", Dimension::none, kNumber, "bytes that arrived as something else",
             read_field<&BenchState::serial_wire, &can_emulator::SerialWireState::garbled>},
};

template <BusCounters BenchState::* kBus>
constexpr std::array kBusSignals{
    BenchRow{"from_pack", Dimension::none, kNumber, "frames or replies the pack sent",
             read_field<kBus, &BusCounters::from_pack>},
    BenchRow{"from_inverter", Dimension::none, kNumber, "frames or requests of the inverter",
             read_field<kBus, &BusCounters::from_inverter>},
    BenchRow{"from_outside", Dimension::none, kNumber, "frames or requests from ports",
             read_field<kBus, &BusCounters::from_outside>},
    BenchRow{"dropped", Dimension::none, kNumber, "frames or requests that got lost",
             read_field<kBus, &BusCounters::dropped>},
};

}  // namespace

std::span<const BenchRow> inverter_signals() {
  return kInverterSignals;
}
std::span<const BenchRow> heard_rule_signals() {
  return kHeardRuleSignals;
}
std::span<const BenchRow> site_signals() {
  return kSiteSignals;
}
std::span<const BenchRow> environment_signals() {
  return kEnvironmentSignals;
}
std::span<const BenchRow> can_signals() {
  return kBusSignals<&BenchState::can>;
}
std::span<const BenchRow> can_wire_signals() {
  return kCanSignals;
}
std::span<const BenchRow> rs485_signals() {
  return kBusSignals<&BenchState::rs485>;
}
std::span<const BenchRow> rs485_wire_signals() {
  return kSerialSignals;
}

}  // namespace doppelpack::sim
