// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "report/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <nlohmann/json.hpp>

#include "bms/config.h"
#include "sim/fault.hpp"
#include "sim/version.hpp"

namespace doppelpack::sim {

namespace {

using Json = nlohmann::ordered_json;

// ---- panel ----

struct Lamp {
  std::string_view name;   ///< as in signals: panel1/<name>/is_lit
  std::string_view label;  ///< as printed beside it
};

// In the order of the bits of bms_led_t.
constexpr std::array<Lamp, kBuzzerLamp> kLamps{{{"run", "RUN"},
                                                {"alarm", "ALM"},
                                                {"soc1", "SOC 1"},
                                                {"soc2", "SOC 2"},
                                                {"soc3", "SOC 3"},
                                                {"soc4", "SOC 4"},
                                                {"soc5", "SOC 5"},
                                                {"soc6", "SOC 6"},
                                                {"com", "COM"},
                                                {"error", "ERR"}}};
static_assert(BMS_LED_RUN == 1 && BMS_LED_ERROR == 1 << (kLamps.size() - 1));

constexpr std::array<std::string_view, 7> kColourNames{"unnamed", "green", "red",  "yellow",
                                                       "orange",  "blue",  "white"};

const bms_panel_config_t& panel_of(const Product& product) {
  return product.bms.panel.row_count == 0 ? *bms_default_panel() : product.bms.panel;
}

// All lamps that any row, show or read-out lights; BMS_PANEL_BUZZER among them.
std::uint32_t fitted_lamps(const bms_panel_config_t& panel) {
  std::uint32_t lamps = static_cast<std::uint32_t>(panel.readout.flashing) | panel.readout.lit;
  for (const bms_panel_show_t& show : panel.shows) lamps |= show.lamps;
  for (std::size_t row = 0; row < panel.row_count; ++row) lamps |= panel.rows[row].lamps;
  return lamps;
}

// What the product's file prints beside a lamp or button, else what is usual.
std::string print_of(const Product& product, std::string_view word, std::string_view usual) {
  for (const PanelItem& item : product.panel_items)
    if (item.word == word) return item.print;
  return std::string(usual);
}

// In the order of the product's file; what it does not name comes last.
void put_in_order(const Product& product, Json& items) {
  const auto place = [&all = product.panel_items](const Json& item) {
    const auto& word = item["name"].get_ref<const std::string&>();
    return std::find_if(all.begin(), all.end(),
                        [&](const PanelItem& known) { return known.word == word; }) -
           all.begin();
  };
  std::stable_sort(items.begin(), items.end(),
                   [&](const Json& a, const Json& b) { return place(a) < place(b); });
}

Json describe_lamps(const Product& product) {
  const std::uint32_t fitted = fitted_lamps(panel_of(product));
  Json lamps = Json::array();
  for (std::size_t bit = 0; bit < kLamps.size(); ++bit) {
    if ((fitted >> bit & 1U) == 0) continue;
    const auto colour = static_cast<std::size_t>(product.lamp_colours[bit]);
    const Lamp& lamp = kLamps[bit];
    lamps.push_back({{"name", lamp.name},
                     {"bit", bit},
                     {"label", print_of(product, lamp.name, lamp.label)},
                     {"colour", kColourNames[colour]}});
  }
  put_in_order(product, lamps);
  return lamps;
}

bool has_reset(const Product& product) {
  const bms_panel_config_t& panel = panel_of(product);
  return panel.reset_shows_self_test || panel.readout.press_ms > 0;
}

Json describe_buttons(const Product& product) {
  const std::uint32_t fitted = product.board.wake.buttons;
  const bms_sequence_config_t& sequence = product.bms.sequence;
  Json buttons = Json::array();
  if ((fitted & BMS_BUTTON_SWITCH) != 0)
    buttons.push_back(
        {{"name", "switch"}, {"label", print_of(product, "switch", "SW")}, {"is_toggle", true}});
  if ((fitted & BMS_BUTTON_POWER) != 0)
    buttons.push_back({{"name", "power"},
                       {"label", print_of(product, "power", "POWER")},
                       {"is_toggle", false},
                       {"on_s", sequence.press_on_ms / 1000.0},
                       {"off_s", sequence.press_off_ms / 1000.0}});
  if ((fitted & BMS_BUTTON_WAKE) != 0)
    buttons.push_back(
        {{"name", "wake"}, {"label", print_of(product, "wake", "WAKE")}, {"is_toggle", false}});
  if (has_reset(product))
    buttons.push_back(
        {{"name", "reset"}, {"label", print_of(product, "reset", "RESET")}, {"is_toggle", false}});
  put_in_order(product, buttons);
  return buttons;
}

// The switches that make the address, in the bank and on RS485; four where a bank does not say which.
int switch_count(const Product& product) {
  const bms_bank_config_t& bank = product.bms.bank;
  unsigned mask = product.address_switches;
  if (bank.kind == BMS_BANK_DIP || bank.kind == BMS_BANK_STACK)
    mask |= bank.dip_mask == 0 ? 0xFU : bank.dip_mask;
  return static_cast<int>(std::bit_width(mask));
}

Json describe_panel(const Product& product) {
  return {{"lamps", describe_lamps(product)},
          {"buttons", describe_buttons(product)},
          {"dip_switches", switch_count(product)},
          {"has_buzzer", (fitted_lamps(panel_of(product)) & BMS_PANEL_BUZZER) != 0},
          {"has_display", product.has_display},
          {"has_wake_pins", product.board.wake.has_pins}};
}

// ---- cables: each is a fault that pulls it ----

Json cable(std::string_view label, std::string_view fault) {
  return {{"label", label}, {"fault", fault}};
}

Json describe_cables(const Scenario& scenario, const Product& product, bool is_first) {
  Json cables = Json::array();
  if (is_first && product.can != nullptr) cables.push_back(cable("CAN", "can-unplugged"));
  if (is_first && product.rs485 != nullptr) cables.push_back(cable("RS485", "rs485-unplugged"));
  if (!scenario.companions.empty()) cables.push_back(cable("LINK", "link-unplugged"));
  cables.push_back(cable("P+ P-", "power-cable-off"));
  return cables;
}

Json describe_pack(const Scenario& scenario, const Product& product, std::size_t number) {
  return {{"number", number},
          {"product", product.key},
          {"title", product.title},
          {"cells", product.pack.cell_count()},
          {"series", product.pack.series},
          {"parallel", product.pack.parallel},
          {"ntcs", product.pack.beads.size()},
          {"measured_cells", product.bms.cell_count},
          {"measured_ntcs", product.bms.ntc_count},
          {"has_mosfet_ntc", product.pack.has_mosfet_ntc},
          {"panel", describe_panel(product)},
          {"cables", describe_cables(scenario, product, number == 1)}};
}

Json describe_buses(const Product& product) {
  Json buses = Json::object();
  if (product.can != nullptr)
    buses["can1"] = {{"protocol", product.can->key},
                     {"title", product.can->title},
                     {"bit_rate_Hz", product.can->bit_rate_Hz}};
  if (product.rs485 != nullptr)
    buses["rs485_1"] = {{"protocol", product.rs485->key},
                        {"title", product.rs485->title},
                        {"bit_rate_Hz", product.rs485->baud}};
  return buses;
}

// ---- faults ----

int target_count(FaultTarget target, const PackDesign& pack) {
  switch (target) {
    case FaultTarget::cell:
      return pack.cell_count();
    case FaultTarget::ntc:
      return static_cast<int>(pack.beads.size());
    case FaultTarget::sense_wire:
      return pack.series + 1;
    case FaultTarget::pack:
      break;
  }
  return 0;
}

Json describe_fault(const Fault& fault, const std::vector<const Product*>& products) {
  Json targets = Json::array();
  for (const Product* product : products)
    targets.push_back(target_count(fault.target, product->pack));
  Json json{{"fault", fault.key},
            {"help", fault.help},
            {"failure_mode", fault.failure_mode},
            {"found_by", fault.found_by},
            {"target", name_of(fault.target)},
            {"targets", std::move(targets)},
            {"timings", timings_of(fault)}};
  if (fault.has_severity)
    json["severity"] = {{"name", fault.severity_name},
                        {"unit", unit_of(fault.severity_dimension)},
                        {"min", fault.severity_min},
                        {"max", fault.severity_max},
                        {"default", fault.severity_default}};
  return json;
}

}  // namespace

Json describe_bench(const Scenario& scenario) {
  const std::vector<const Product*> products = products_of(scenario);
  Json packs = Json::array();
  for (std::size_t i = 0; i < products.size(); ++i)
    packs.push_back(describe_pack(scenario, *products[i], i + 1));
  return {{"version", kVersion},
          {"scenario", scenario.key},
          {"title", scenario.title},
          {"seed", scenario.seed},
          {"stacked", scenario.stacked},
          {"inverter", {{"key", scenario.inverter.key}, {"title", scenario.inverter.title}}},
          {"buses", describe_buses(scenario.product)},
          {"packs", std::move(packs)}};
}

Json describe_faults(const Scenario& scenario) {
  const std::vector<const Product*> products = products_of(scenario);
  Json list = Json::array();
  for (const Fault* fault : faults()) list.push_back(describe_fault(*fault, products));
  return list;
}

Json describe_signal(const Signal& signal) {
  Json json{{"name", signal.name},
            {"unit", unit_of(signal.dimension)},
            {"help", signal.help},
            {"is_control", signal.is_control()}};
  if (!signal.words.empty()) json["words"] = signal.words;
  return json;
}

}  // namespace doppelpack::sim
