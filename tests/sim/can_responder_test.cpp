// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A running bench whose pack speaks a protocol of questions and answers on CAN.
#include <gtest/gtest.h>

#include "bench_fixture.hpp"
#include "can_emulator/can_protocol.hpp"

namespace doppelpack::sim {
namespace {

Scenario speaking(std::string_view protocol, can_emulator::Choices choices = {}) {
  Scenario scenario = test::free_run();
  scenario.product.can = can_emulator::find_can_protocol(protocol);
  scenario.product.identity.can_choices = choices;
  return scenario;
}

TEST(CanResponder, is_asked_once_a_second_and_answers_everything) {
  Bench bench(speaking("pylontech-hv-can"));
  bench.run_until(10 * kSecond);
  const double asked = test::read(bench, "can1/from_inverter");
  EXPECT_EQ(asked, 10.0);
  EXPECT_NEAR(test::read(bench, "can1/from_pack"), 9 * asked, 9.0) << "while the core wakes up";
  EXPECT_NEAR(test::read(bench, "inverter1/cvl_V"), test::read(bench, "bms1/cvl_V"), 0.1);
  EXPECT_NEAR(test::read(bench, "inverter1/ccl_A"), test::read(bench, "bms1/ccl_A"), 0.1);
}

TEST(CanResponder, does_not_answer_over_a_pulled_cable) {
  Bench bench(speaking("pylontech-hv-can"));
  bench.run_until(5 * kSecond);
  bench.inject("can-unplugged", 0, {}, "");
  const double before = test::read(bench, "can1/from_pack");
  bench.run_until(15 * kSecond);
  EXPECT_EQ(test::read(bench, "can1/from_pack"), before);
}

TEST(CanResponder, broadcasts_and_answers_where_the_dialect_does_both) {
  Bench broadcasting(speaking("growatt-lv-can"));
  broadcasting.run_until(10 * kSecond);
  Bench doing_both(speaking("growatt-lv-can", {2}));
  doing_both.run_until(10 * kSecond);
  const double alone = test::read(broadcasting, "can1/from_pack");
  EXPECT_EQ(alone, 110.0) << "eleven frames, once a second";
  EXPECT_NEAR(test::read(doing_both, "can1/from_pack"), 2 * alone, 11.0);
  EXPECT_NEAR(test::read(doing_both, "inverter1/ccl_A"), test::read(doing_both, "bms1/ccl_A"), 0.1);
}

}  // namespace
}  // namespace doppelpack::sim
