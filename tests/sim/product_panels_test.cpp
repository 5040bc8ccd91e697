// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The panels of the shipped products against their manuals: fault matrix PYL-L*, RES-L*, DYN-L1, TEL-L*.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bad_input.hpp"
#include "bench_fixture.hpp"
#include "panel_rig.hpp"

namespace doppelpack::sim {
namespace {

using test::flashing;
using test::kDark;
using test::kData;
using test::kLit;
using test::PanelRig;
using test::Rhythm;
using test::Rhythms;

enum Lamp : std::uint32_t { run, alarm, soc1, soc2, soc3, soc4 };

// Currents so small that the state of charge stands still.
constexpr std::int32_t kCharge_mA = 510;

struct Situation {
  int soc_permille;
  std::int32_t current_mA;
  std::map<Lamp, Rhythm> shown;  // every other lamp is dark
};

struct ShownProduct {
  std::vector<Situation> situations;
  Situation over_voltage;
  bool sounds;
};

const Rhythm kFast = flashing(1500, 500);
const Rhythm kSlow = flashing(3500, 500);
const std::vector<Situation> kUsSeries{
    {600, kCharge_mA, {{run, kLit}, {soc1, kLit}, {soc2, kLit}, {soc3, kFast}}},
    {600, 0, {{run, kSlow}, {soc1, kLit}, {soc2, kLit}, {soc3, kLit}}},
    {601, -kCharge_mA, {{run, kFast}, {soc1, kLit}, {soc2, kLit}, {soc3, kLit}}},
    {0, 0, {{run, kSlow}}}};
const std::vector<Situation> kResidential{
    {600,
     kCharge_mA,
     {{run, kLit}, {soc1, flashing(3000)}, {soc2, flashing(2000)}, {soc3, flashing(1000)}}},
    {600, 0, {{run, kLit}, {soc1, kLit}, {soc2, kLit}}},
    {100, -kCharge_mA, {{run, kLit}, {alarm, flashing(1000)}, {soc1, flashing(1000)}}},
    {100, kCharge_mA, {{run, kLit}, {soc1, flashing(1000)}}}};
const std::vector<Situation> kDyness{
    {600, kCharge_mA, {{run, flashing(1000)}, {soc1, kLit}, {soc2, kLit}, {soc3, kLit}}},
    {250, 0, {{run, flashing(1000)}, {soc1, kLit}}},
    {751, 0, {{run, flashing(1000)}, {soc1, kLit}, {soc2, kLit}, {soc3, kLit}, {soc4, kLit}}}};
const std::vector<Situation> kTelecomSituations{
    {600, kCharge_mA, {{run, flashing(2000)}, {soc1, kLit}, {soc2, kLit}, {soc3, flashing(2000)}}},
    {240, kCharge_mA, {{run, flashing(2000)}, {soc1, flashing(2000)}}},
    {600, 0, {{run, kLit}, {soc1, kLit}, {soc2, kLit}, {soc3, kLit}}},
    {601, -kCharge_mA, {{run, flashing(500)}, {soc1, kLit}, {soc2, kLit}, {soc3, kLit}}}};
const std::map<std::string, ShownProduct> kProducts{
    {"dyness-bx51100",
     {kDyness,
      {600, 0, {{run, flashing(1000)}, {alarm, kLit}, {soc1, kLit}, {soc2, kLit}, {soc3, kLit}}},
      true}},
    {"telecom-48v",
     {kTelecomSituations,
      {600, 0, {{run, kLit}, {alarm, kLit}, {soc1, kLit}, {soc2, kLit}, {soc3, kLit}}},
      false}},
    {"generic-16s", {kUsSeries, {600, 0, {{alarm, kLit}}}, true}},
    {"dyness-tower", {kUsSeries, {600, 0, {{alarm, kLit}}}, false}},
    {"dyness-tower-bdu", {kUsSeries, {600, 0, {{alarm, kLit}}}, false}},
    {"pylontech-force-h2", {kUsSeries, {600, 0, {{alarm, kLit}}}, false}},
    {"pylontech-us2000c", {kUsSeries, {600, 0, {{alarm, kLit}}}, false}},
    {"pylontech-us3000c", {kUsSeries, {600, 0, {{alarm, kLit}}}, false}},
    {"pylontech-us5000", {kUsSeries, {600, 0, {{alarm, kLit}}}, false}},
    {"residential-6k5",
     {kResidential, {600, 0, {{alarm, kLit}, {soc1, kLit}, {soc2, kLit}}}, false}}};

// A module of a high-voltage stack comes with others: its inverter does not start at 96 V.
Scenario ready_to_charge(const std::string& product) {
  const Product design = load_product(product, kData);
  if (design.can == nullptr) return test::free_run(0.6, "hybrid-5k-rs485", product);
  if (design.bms.bank.kind != BMS_BANK_STACK) return test::free_run(0.6, "hybrid-5k", product);
  Scenario scenario = test::free_run(0.6, "hybrid-hv-10k", product);
  scenario.stacked = 3;
  for (const std::uint8_t dip : {std::uint8_t{1}, std::uint8_t{2}}) {
    scenario.companions.push_back({design, scenario.initial});
    scenario.companions.back().initial.dip = dip;
  }
  return scenario;
}

bms_panel_config_t panel_of(const std::string& product) {
  return load_product(product, kData).bms.panel;
}

void expect(const Situation& situation, const Rhythms& rhythms) {
  for (std::size_t bit = 0; bit < rhythms.size(); ++bit) {
    const auto wanted = situation.shown.find(static_cast<Lamp>(bit));
    const bool is_dark = wanted == situation.shown.end();
    Rhythm seen = rhythms[bit];
    if (seen.lit_ms == test::kWatched_ms) seen.flashes = 0;  // lit from the first step on
    EXPECT_EQ(seen, is_dark ? kDark : wanted->second)
        << "lamp " << bit << " at " << situation.soc_permille << ", " << situation.current_mA;
  }
}

TEST(ProductPanels, every_product_is_here) {
  for (const auto& entry : std::filesystem::directory_iterator(kData / "products"))
    EXPECT_TRUE(kProducts.contains(entry.path().stem().string())) << entry.path();
}

TEST(ProductPanels, show_charge_rest_and_discharge_as_the_manual_says) {
  for (const auto& [product, shown] : kProducts) {
    SCOPED_TRACE(product);
    for (const Situation& situation : shown.situations) {
      PanelRig rig(panel_of(product), situation.soc_permille);
      rig.start();
      rig.set_current_mA(situation.current_mA);
      rig.step();
      expect(situation, rig.watch());
    }
  }
}

TEST(ProductPanels, show_an_over_voltage) {
  for (const auto& [product, shown] : kProducts) {
    SCOPED_TRACE(product);
    PanelRig rig(panel_of(product), 600);
    rig.config.soc.full_delay_ms = 3600000;  // a cell this high is no full pack
    rig.start();
    rig.set_cell_mV(5, 3660);
    rig.run_ms(1002);
    ASSERT_TRUE(rig.is_protecting(BMS_RULE_CELL_OV));
    expect(shown.over_voltage, rig.watch());
    EXPECT_EQ(rig.out.buzzer, shown.sounds);
  }
}

// The whole chain: the product on the bench, switched on, charged by its inverter.
TEST(ProductPanels, show_a_real_charge_on_the_bench) {
  for (const auto& [product, shown] : kProducts) {
    SCOPED_TRACE(product);
    Bench bench(ready_to_charge(product));
    test::start_up(bench);
    bench.set("inverter1/demand_W", 1000.0);
    bench.run_until(bench.now_ns() + 10 * kSecond);
    ASSERT_EQ(bench.state().units[0].bms_outputs.report.state, BMS_STATE_CHARGE);
    std::uint32_t seen = 0;
    for (int i = 0; i < 400; ++i) {
      bench.run_until(bench.now_ns() + 10 * kMillisecond);
      seen |= bench.state().units[0].bms_outputs.leds;
      EXPECT_FALSE(bench.state().units[0].bms_outputs.buzzer);
    }
    const std::uint32_t no_com = ~std::uint32_t{BMS_LED_COM};
    EXPECT_EQ(seen & no_com, BMS_LED_RUN | BMS_LED_SOC1 | BMS_LED_SOC2 | BMS_LED_SOC3);
  }
}

// RES-L1: periods of LED1..LED4 in s; 0: dark.
TEST(ProductPanels, residential_flashes_in_charge_with_the_periods_of_each_band) {
  const struct {
    int soc_permille;
    int periods_s[4];
  } rows[] = {{0, {1, 0, 0, 0}},   {259, {1, 0, 0, 0}}, {260, {2, 1, 0, 0}}, {509, {2, 1, 0, 0}},
              {510, {3, 2, 1, 0}}, {759, {3, 2, 1, 0}}, {760, {4, 3, 2, 1}}, {999, {4, 3, 2, 1}}};
  for (const auto& row : rows) {
    PanelRig rig(panel_of("residential-6k5"), row.soc_permille);
    rig.start();
    rig.set_current_mA(kCharge_mA);
    rig.step();
    const Rhythms rhythms = rig.watch();
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_EQ(rhythms[soc1 + i],
                row.periods_s[i] == 0 ? kDark : flashing(1000 * row.periods_s[i]))
          << row.soc_permille << " " << i;
  }
}

// RES-L1 at 100 %, RES-L2.
TEST(ProductPanels, residential_shows_the_bands_of_rest) {
  const std::map<int, unsigned> lit{{140, 0x1}, {409, 0x1}, {410, 0x3}, {609, 0x3},
                                    {610, 0x7}, {809, 0x7}, {810, 0xF}, {1000, 0xF}};
  for (const auto& [soc_permille, lamps] : lit) {
    PanelRig rig(panel_of("residential-6k5"), soc_permille);
    rig.start();
    rig.step();
    EXPECT_EQ(rig.out.leds, BMS_LED_RUN | lamps * BMS_LED_SOC1) << soc_permille;
  }
}

// DYN-T06: what a module shows beside its lamps.
TEST(PanelOfTheTower, ShowsTheErrorCodeAsANumber) {
  Bench bench(test::free_run(0.5, "hybrid-hv-10k", "dyness-tower"));
  bench.run_until(5 * kSecond);
  EXPECT_EQ(test::read(bench, "panel1/display"), 0.0);
  bench.inject("breaker-off", 0, std::nullopt, "lever");
  bench.run_until(8 * kSecond);
  EXPECT_EQ(test::read(bench, "panel1/display"), 6.0);
  bench.inject("supply-brown-out", 0, 400.0, "dark");
  bench.run_until(9 * kSecond);
  EXPECT_EQ(test::read(bench, "panel1/display"), 0.0) << "dark without a supply";
  EXPECT_THROW(Bench(test::free_run()).signals().find("panel1/display"), std::invalid_argument);
}

}  // namespace
}  // namespace doppelpack::sim
