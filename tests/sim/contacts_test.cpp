// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Coils act on relays, and auxiliary contacts tell what the relays really do.
#include <gtest/gtest.h>

#include <algorithm>

#include "scripted_core.hpp"

namespace doppelpack::sim {
namespace {

using test::free_run;
using test::read;
using test::ScriptedBench;

constexpr std::uint32_t kMains = BMS_CONTACT_MAIN_1 | BMS_CONTACT_MAIN_2;

Scenario with_relays() {
  Scenario scenario = free_run();
  models::PowerPathParameters& path = scenario.product.pack.electrical.path;
  path.has_relays = true;
  path.breaker.is_fitted = true;
  scenario.product.pack.has_breaker_contact = true;
  return scenario;
}

class Contacts : public ::testing::Test, protected ScriptedBench {
 protected:
  Contacts() : ScriptedBench(with_relays()) {
    core.out.charge_gate = core.out.discharge_gate = true;
  }
  std::uint32_t relays() const { return core.in.contacts & ~std::uint32_t{BMS_CONTACT_BREAKER}; }
};

TEST_F(Contacts, FollowTheirCoilsInTheirTime) {
  run(kSecond);
  EXPECT_EQ(relays(), 0U);
  core.out.coils = BMS_CONTACT_MAIN_2;
  run(10 * kMillisecond);
  EXPECT_EQ(relays(), 0U) << "a contact takes 15 ms to close";
  EXPECT_TRUE(bench.state().units[0].pack_inputs.main_2);
  run(10 * kMillisecond);
  EXPECT_EQ(relays(), unsigned{BMS_CONTACT_MAIN_2});
  core.out.coils = BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE;
  run(50 * kMillisecond);
  EXPECT_EQ(relays(), unsigned{BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE});
  core.out.coils = 0;
  run(50 * kMillisecond);
  EXPECT_EQ(relays(), 0U);
}

TEST_F(Contacts, LeadTheStackToTheLink) {
  run(kSecond);
  EXPECT_NEAR(read(bench, "pack1/link_V"), 0.0, 0.01) << "nothing is there to begin with";
  core.out.coils = BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE;
  run(100 * kMillisecond);
  const double rising_V = read(bench, "pack1/link_V");
  EXPECT_GT(rising_V, 10.0);
  EXPECT_LT(rising_V, 40.0) << "4.7 mF through 30 Ohm";
  run(2 * kSecond);
  EXPECT_NEAR(read(bench, "pack1/link_V"), read(bench, "pack1/stack_V"), 2.0);
  core.out.coils = kMains;
  run(kSecond);
  EXPECT_NEAR(read(bench, "pack1/link_V"), read(bench, "pack1/stack_V"), 0.01);
}

TEST_F(Contacts, TellOfAWeldWhateverTheCoilSays) {
  run(100 * kMillisecond);
  bench.inject("main-relay-1-welded", 0, {}, "");
  run(10 * kMillisecond);
  EXPECT_EQ(relays(), unsigned{BMS_CONTACT_MAIN_1});
  bench.inject("precharge-relay-welded", 0, {}, "");
  bench.inject("main-relay-2-welded", 0, {}, "");
  run(10 * kMillisecond);
  EXPECT_EQ(relays(), kMains | BMS_CONTACT_PRECHARGE);
  bench.clear("main-relay-1-welded");
  run(10 * kMillisecond);
  EXPECT_EQ(relays(), unsigned{BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE});
}

TEST_F(Contacts, TellOfARelayThatDoesNotClose) {
  core.out.coils = kMains;
  bench.inject("main-relay-2-stuck-open", 0, {}, "");
  run(kSecond);
  EXPECT_EQ(relays(), unsigned{BMS_CONTACT_MAIN_1});
}

TEST_F(Contacts, OfTheBreakerFollowItsLever) {
  run(10 * kMillisecond);
  EXPECT_EQ(core.in.contacts, unsigned{BMS_CONTACT_BREAKER});
  bench.inject("breaker-off", 0, {}, "");
  run(10 * kMillisecond);
  EXPECT_EQ(core.in.contacts, 0U);
}

TEST_F(Contacts, OfATrippedBreakerCloseWhenItsLeverIsPulledBackAndPushedIn) {
  bench.inject("comparator-dead", 0, {}, "");
  core.out.coils = BMS_CONTACT_MAIN_2 | BMS_CONTACT_PRECHARGE;
  run(kSecond);
  core.out.coils = kMains;
  run(kSecond);
  bench.inject("terminal-short", 0, 0.02, "short");
  run(2 * kSecond);
  EXPECT_EQ(core.in.contacts & BMS_CONTACT_BREAKER, 0U);
  bench.clear("short");
  run(5 * kSecond);
  EXPECT_EQ(core.in.contacts & BMS_CONTACT_BREAKER, 0U) << "it does not come back by itself";
  bench.inject("breaker-off", 0, {}, "lever");
  run(5 * kSecond);
  EXPECT_EQ(core.in.contacts & BMS_CONTACT_BREAKER, 0U);
  bench.clear("lever");
  run(10 * kMillisecond);
  EXPECT_EQ(core.in.contacts & BMS_CONTACT_BREAKER, unsigned{BMS_CONTACT_BREAKER});
}

TEST(PlainPack, HasNoContacts) {
  ScriptedBench plain(free_run());
  plain.core.out.coils = kMains;
  plain.run(kSecond);
  EXPECT_EQ(plain.core.in.contacts, 0U);
}

TEST_F(Contacts, AreLoggedByTheirCoils) {
  core.out.coils = kMains;
  run(kSecond);
  core.out.coils = BMS_CONTACT_MAIN_1;
  run(kSecond);
  const auto& events = bench.recorder().events().events();
  EXPECT_EQ(std::count_if(events.begin(), events.end(),
                          [](const Event& event) { return event.kind == "coil"; }),
            3);
}

}  // namespace
}  // namespace doppelpack::sim
