// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Several packs on one bench: who carries what, who speaks for whom, what a loose cable does.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <utility>

#include "bench_fixture.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::run_until;

bms_bank_config_t by_dip() {
  bms_bank_config_t bank{};
  bank.kind = BMS_BANK_DIP;
  bank.period_ms = 100;
  bank.lost_ms = 1000;
  return bank;
}

/// Packs at these SOCs; the DIP address of each is its place.
Scenario bank_of(const std::vector<double>& socs, const bms_bank_config_t& bank = by_dip()) {
  Scenario scenario = free_run(socs.front());
  scenario.product.bms.bank = bank;
  for (const bms_failure_t failure : {BMS_FAILURE_MEMBER_LOST, BMS_FAILURE_TWO_MASTERS})
    scenario.product.bms.failures[failure].is_enabled = true;
  bms_core()->seal(&scenario.product.bms);
  for (std::size_t i = 1; i < socs.size(); ++i) {
    Companion companion{scenario.product, {}};
    companion.initial.soc = socs[i];
    companion.initial.dip = static_cast<std::uint8_t>(i);
    scenario.companions.push_back(companion);
  }
  return scenario;
}

TEST(BankBench, APackAloneOnItsBenchIsWhatItWasWithoutAnyBank) {
  Bench bench(free_run());
  EXPECT_EQ(bench.state().units.size(), 1U);
  EXPECT_THROW(bench.signals().find("bms2/state"), std::invalid_argument);
}

TEST(BankBench, PacksShareTheCurrentOfTheInverter) {
  Bench bench(bank_of({0.5, 0.5, 0.5}));
  bench.set("inverter1/demand_W", -3000.0);
  bench.run_until(60 * kSecond);
  const double total_A = read(bench, "inverter1/current_A");
  EXPECT_LT(total_A, -50.0);
  EXPECT_NEAR(read(bench, "pack1/current_A"), total_A / 3.0, 2.0);
  EXPECT_NEAR(read(bench, "pack3/current_A"), total_A / 3.0, 2.0);
  const double sum_A = read(bench, "pack1/current_A") + read(bench, "pack2/current_A") +
                       read(bench, "pack3/current_A");
  EXPECT_NEAR(sum_A, total_A, 0.5) << "the link's capacitor takes next to nothing";
}

TEST(BankBench, NoTwoPacksAreTheSameSpecimen) {
  Bench bench(bank_of({0.5, 0.5}));
  bench.set("inverter1/demand_W", -3000.0);
  bench.run_until(60 * kSecond);
  EXPECT_NE(read(bench, "pack1/cell01/voltage_V"), read(bench, "pack2/cell01/voltage_V"));
}

TEST(BankBench, TheFullerPackChargesTheEmptierOne) {
  Bench bench(bank_of({0.7, 0.4}));
  bench.run_until(30 * kSecond);
  EXPECT_LT(read(bench, "pack1/current_A"), -1.0);
  EXPECT_NEAR(read(bench, "pack1/current_A"), -read(bench, "pack2/current_A"), 0.5);
}

TEST(BankBench, TheMasterTellsTheInverterOfAll) {
  Bench bench(bank_of({0.6, 0.4}));
  bench.run_until(30 * kSecond);
  EXPECT_EQ(read(bench, "bms1/members"), 2.0);
  EXPECT_NEAR(read(bench, "inverter1/soc"), 0.5, 0.011);
  EXPECT_NEAR(read(bench, "inverter1/dcl_A"), 2.0 * read(bench, "bms1/dcl_A"), 0.2);
  EXPECT_EQ(bench.state().can_bus.nodes[1].counts.acknowledge, 0U);
  EXPECT_EQ(read(bench, "bms2/failure/two-masters"), 0.0);
}

TEST(BankBench, WithoutAMasterNobodyHearsOfTheBank) {
  Scenario scenario = bank_of({0.5, 0.5});
  scenario.initial.dip = 3;
  Bench bench(std::move(scenario));
  bench.run_until(60 * kSecond);
  EXPECT_EQ(bench.state().can.from_pack, 0U);
  EXPECT_EQ(read(bench, "inverter1/is_battery_lost"), 1.0);
}

TEST(BankBench, ALooseLinkCableTakesTheMembersBehindItAway) {
  Bench bench(bank_of({0.5, 0.5, 0.5}));
  bench.run_until(20 * kSecond);
  ASSERT_EQ(read(bench, "bms1/members"), 3.0);
  bench.inject("link-unplugged", 0, std::nullopt, "loose", 2);  // between packs 2 and 3
  EXPECT_TRUE(run_until(bench, "bms1/members == 2", 2 * kSecond));
  EXPECT_TRUE(run_until(bench, "bms1/failure/member-lost == active", kSecond));
  EXPECT_TRUE(run_until(bench, "bms3/members == 1", kSecond));
  bench.clear("loose");
  EXPECT_TRUE(run_until(bench, "bms1/members == 3", kSecond)) << "reseated";
}

TEST(BankBench, OnePackThatTripsStopsTheBankIfTheProductSaysSo) {
  for (const bool opens_all : {false, true}) {
    bms_bank_config_t bank = by_dip();
    bank.opens_all = opens_all;
    Bench bench(bank_of({0.5, 0.5}, bank));
    bench.run_until(20 * kSecond);
    bench.inject("sense-wire-open", 5, std::nullopt, "", 2);
    EXPECT_TRUE(run_until(bench, "bms2/discharge_gate == open", 5 * kSecond));
    bench.run_until(bench.now_ns() + 2 * kSecond);
    EXPECT_EQ(read(bench, "bms1/discharge_gate") == 0.0, opens_all);
  }
}

TEST(BankBench, TwoMastersContradictEachOtherOnTheBus) {
  Scenario scenario = bank_of({0.8, 0.3});
  scenario.companions[0].initial.dip = 0;
  Bench bench(std::move(scenario));
  bench.run_until(20 * kSecond);
  EXPECT_EQ(read(bench, "bms1/failure/two-masters"), 1.0);
  EXPECT_TRUE(run_until(bench, "inverter1/soc > 0.7", 3 * kSecond));
  EXPECT_TRUE(run_until(bench, "inverter1/soc < 0.4", 3 * kSecond));
}

TEST(BankBench, ModulesInSeriesAddTheirVoltagesAndShareOneCurrent) {
  bms_bank_config_t bank = by_dip();
  bank.kind = BMS_BANK_STACK;
  Scenario scenario = bank_of({0.5, 0.5}, bank);
  scenario.stacked = 2;
  Bench bench(std::move(scenario));
  bench.run_until(30 * kSecond);
  const double sum_V = read(bench, "pack1/stack_V") + read(bench, "pack2/stack_V");
  EXPECT_NEAR(read(bench, "pack1/link_V"), sum_V, 0.2);
  EXPECT_NEAR(read(bench, "bms1/bank/pack_V"), sum_V, 0.2);
  EXPECT_EQ(read(bench, "pack1/current_A"), read(bench, "pack2/current_A"));
}

TEST(BankBench, TheDriversCountHowFarAMessageHasCome) {
  bms_bank_config_t bank = by_dip();
  bank.kind = BMS_BANK_STACK;
  bank.is_in_order = true;
  Scenario scenario = bank_of({0.5, 0.5, 0.5, 0.5}, bank);
  scenario.stacked = 4;
  for (Companion& companion : scenario.companions) {
    companion.product.bms.failures[BMS_FAILURE_ADDRESS].is_enabled = true;
    bms_core()->seal(&companion.product.bms);
  }
  scenario.companions[1].initial.dip = 3;
  scenario.companions[2].initial.dip = 2;
  Bench bench(std::move(scenario));
  bench.run_until(5 * kSecond);
  EXPECT_EQ(read(bench, "bms2/failure/address"), 0.0);
  EXPECT_EQ(read(bench, "bms3/failure/address"), 1.0);
  EXPECT_EQ(read(bench, "bms4/failure/address"), 1.0);
  bench.set("bms3/dip", 2.0);
  bench.set("bms4/dip", 3.0);
  bench.run_until(10 * kSecond);
  EXPECT_EQ(read(bench, "bms3/failure/address"), 0.0);
  EXPECT_EQ(read(bench, "bms4/failure/address"), 0.0);
  EXPECT_EQ(read(bench, "bms1/members"), 4.0);
}

TEST(BankBench, IsTheSameEveryTime) {
  std::string first;
  for (int run = 0; run < 2; ++run) {
    Bench bench(bank_of({0.7, 0.5, 0.4}));
    bench.set("inverter1/demand_W", 2500.0);
    bench.run_until(30 * kSecond);
    const std::string hash = bench.finish().event_log_sha256;
    if (run == 0) first = hash;
    EXPECT_EQ(hash, first);
  }
}

// ---- one RS485 pair ----

/// Two packs of a rack on the monitor's pair, with the dials there; the monitor asks address 1.
Scenario rack_of(std::uint8_t dial_1, std::uint8_t dial_2) {
  Scenario scenario = free_run(0.4, "hybrid-5k-rs485", "telecom-48v");
  scenario.initial.dip = dial_1;
  Companion second{scenario.product, {}};
  second.initial.soc = 0.8;
  second.initial.dip = dial_2;
  scenario.companions.push_back(second);
  return scenario;
}

double soc_heard(Scenario scenario) {
  Bench bench(std::move(scenario));
  bench.run_until(30 * kSecond);
  return read(bench, "inverter1/soc");
}

TEST(RackOnRs485, ThePackThatIsAskedAnswers) {
  EXPECT_NEAR(soc_heard(rack_of(1, 2)), 0.4, 0.02);
  EXPECT_NEAR(soc_heard(rack_of(2, 1)), 0.8, 0.02);
}

TEST(RackOnRs485, TwoPacksWithOneAddressAreUnderstoodByNobody) {
  EXPECT_TRUE(std::isnan(soc_heard(rack_of(1, 1))));
  EXPECT_TRUE(std::isnan(soc_heard(rack_of(2, 3))));
}

TEST(RackOnRs485, PacksMadeAlikeHaveAddressesOfTheirOwn) {
  Scenario rack = free_run(0.5, "hybrid-5k-rs485", "telecom-48v");
  add_like_packs(rack, 3, 1);
  Bench bench(rack);
  EXPECT_EQ(read(bench, "bms1/dip"), 1.0);
  EXPECT_EQ(read(bench, "bms2/dip"), 2.0);
  EXPECT_EQ(read(bench, "bms3/dip"), 3.0);
  EXPECT_NEAR(soc_heard(rack), 0.5, 0.02);
}

TEST(RackOnRs485, DialsStandAsDeliveredUnlessTheScenarioTurnsThem) {
  Bench bench(free_run(0.5, "hybrid-5k-rs485", "telecom-48v"));
  EXPECT_EQ(read(bench, "bms1/dip"), 1.0);
}

}  // namespace
}  // namespace doppelpack::sim
