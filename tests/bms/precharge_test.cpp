// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Closing over the resistor, and everything that can go wrong with it.
#include <vector>

#include "sequence_bench.hpp"

namespace bms_test {
namespace {

std::vector<uint32_t> coils_until(ContactBench& bench, bms_state_t state) {
  std::vector<uint32_t> seen = {0};
  for (int i = 0; i < 5000; ++i) {
    bench.tick();
    if (bench.out.coils != seen.back()) seen.push_back(bench.out.coils);
    if (bench.out.report.state == state && bench.out.coils == ContactBench::kMains) break;
    EXPECT_FALSE(bench.out.charge_gate);
    EXPECT_FALSE(bench.out.report.is_charge_allowed || bench.out.report.is_discharge_allowed);
  }
  return seen;
}

TEST(Precharge, closes_the_free_main_then_the_resistor_then_the_bridged_main) {
  for (const bool is_across_main_1 : {false, true}) {
    ContactBench bench;
    bench.config.sequence.is_precharge_across_main_1 = is_across_main_1;
    const uint32_t first = is_across_main_1 ? ContactBench::kMain2 : ContactBench::kMain1;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    const std::vector<uint32_t> expected = {0, first, first | ContactBench::kPrecharge,
                                            ContactBench::kMains | ContactBench::kPrecharge,
                                            ContactBench::kMains};
    EXPECT_EQ(coils_until(bench, BMS_STATE_STANDBY), expected);
    EXPECT_TRUE(bench.is_in(BMS_STATE_STANDBY, BMS_REASON_PASSED));
    EXPECT_TRUE(bench.are_gates(true, true));
  }
}

TEST(Precharge, begins_with_the_discharge_gate_and_no_coil) {
  ContactBench bench;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.tick();
  EXPECT_TRUE(bench.is_in(BMS_STATE_PRECHARGE, BMS_REASON_PASSED));
  EXPECT_TRUE(bench.are_gates(false, true));
  bench.tick_ms(ContactBench::kContact_ms - 1);
  EXPECT_EQ(bench.out.coils, 0u);
  bench.tick();
  EXPECT_EQ(bench.out.coils, ContactBench::kMain1);
}

uint32_t ms_in_link_phase(ContactBench& bench) {
  EXPECT_EQ(bench.power_up().error, BMS_OK);
  for (int i = 0; i < 1000 && !(bench.out.coils & ContactBench::kPrecharge); ++i) bench.tick();
  uint32_t ms = 0;
  while (bench.out.coils == (ContactBench::kMain1 | ContactBench::kPrecharge) && ms < 1000)
    bench.tick(), ++ms;
  return ms;
}

TEST(Precharge, waits_until_the_link_is_within_the_difference) {
  ContactBench bench;
  const uint32_t ms = ms_in_link_phase(bench);
  EXPECT_GE(bench.link_mV(), 50800u);
  EXPECT_NEAR(ms, 5 + 331, 5);  // 101 ms * ln(52.8 / 2)
}

// A charger, or what is left of the link's charge, may be there before, or come in the middle.
TEST(Precharge, gives_up_when_its_time_is_over) {
  ContactBench bench;
  bench.is_link_shorted = true;
  EXPECT_EQ(ms_in_link_phase(bench),
            ContactBench::kPrecharge_ms + 2);  // found, and opened a step later
  EXPECT_EQ(bench.out.report.state, BMS_STATE_FAILURE);
}

// The first scan of a phase may have begun before it.
TEST(Precharge, believes_the_second_scan_of_a_phase) {
  ContactBench bench;
  bench.config.rules[BMS_RULE_CELL_OV] = {};
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.tick();
  for (const uint32_t coils : {0u, ContactBench::kMain1}) {
    bench.in.fresh = BMS_FRESH_CURRENT;
    bench.tick_ms(50);
    bench.in.fresh = kAllFresh;
    bench.tick();
    bench.in.fresh = BMS_FRESH_CURRENT;
    bench.tick_ms(50);
    EXPECT_EQ(bench.out.coils, coils);
    bench.in.fresh = kAllFresh;
    bench.tick();
    EXPECT_NE(bench.out.coils, coils);
  }
}

TEST(Precharge, counts_a_link_at_the_difference_as_there) {
  for (const uint32_t mV : {50799u, 50800u}) {
    ContactBench bench;
    bench.set_terminal_mV(mV);
    bench.outside_mV = mV;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.tick_ms(1000);
    EXPECT_EQ(bench.out.report.state, mV < 50800 ? BMS_STATE_FAILURE : BMS_STATE_STANDBY);
  }
}

TEST(Precharge, of_a_link_that_something_else_charged_lasts_as_long_as_the_shortest_one) {
  const struct {
    uint32_t at_first_mV, later_mV;
    uint32_t wake;
  } rows[] = {{52000, 52000, 0}, {56000, 56000, 0}, {0, 54801, 0}, {0, 52800, BMS_WAKE_CHARGER}};
  for (const auto& row : rows) {
    ContactBench bench;
    bench.set_terminal_mV(row.at_first_mV);
    bench.outside_mV = row.later_mV;
    bench.in.wake = row.wake;
    EXPECT_EQ(ms_in_link_phase(bench), ContactBench::kFast_ms)
        << row.at_first_mV << " " << row.later_mV;
    bench.ticks_until(BMS_STATE_STANDBY);
    EXPECT_EQ(bench.out.coils, ContactBench::kMains);
  }
}

struct WrongCase {
  const char* name;
  void (*spoil)(ContactBench&);
  bms_failure_t failure;
  uint32_t most_coils;  // that may ever have been driven

  friend std::ostream& operator<<(std::ostream& stream, const WrongCase& self) {
    return stream << self.name;
  }
};

constexpr uint32_t kLinkCoils = ContactBench::kMain1 | ContactBench::kPrecharge;
const WrongCase kWrong[] = {
    {"fast", [](ContactBench& b) { b.link_ms = 5; }, BMS_FAILURE_PRECHARGE_FAST, kLinkCoils},
    {"slow", [](ContactBench& b) { b.link_ms = 400; }, BMS_FAILURE_PRECHARGE_SLOW, kLinkCoils},
    {"hardly", [](ContactBench& b) { b.link_ms = 2000; }, BMS_FAILURE_PRECHARGE_NEVER, kLinkCoils},
    {"shorted", [](ContactBench& b) { b.is_link_shorted = true; }, BMS_FAILURE_PRECHARGE_NEVER,
     kLinkCoils},
    {"precharge_stuck_open", [](ContactBench& b) { b.stuck_open = ContactBench::kPrecharge; },
     BMS_FAILURE_PRECHARGE_NEVER, kLinkCoils},
    {"precharge_welded", [](ContactBench& b) { b.stuck_closed = ContactBench::kPrecharge; },
     BMS_FAILURE_PRECHARGE_WELDED, 0},
    {"precharge_welded_unseen",
     [](ContactBench& b) {
       b.config.diagnosis.watched_contacts = 0;
       b.link_ms = 1;
       b.stuck_closed = ContactBench::kPrecharge;
     },
     BMS_FAILURE_PRECHARGE_WELDED, ContactBench::kMain1},
    {"both_mains_welded_unseen",
     [](ContactBench& b) {
       b.config.diagnosis.watched_contacts = 0;
       b.stuck_closed = ContactBench::kMains;
     },
     BMS_FAILURE_PRECHARGE_WELDED, 0},
    {"main_1_welded", [](ContactBench& b) { b.stuck_closed = ContactBench::kMain1; },
     BMS_FAILURE_PRECHARGE_NEVER, 0},
    {"main_1_stuck_open", [](ContactBench& b) { b.stuck_open = ContactBench::kMain1; },
     BMS_FAILURE_PRECHARGE_NEVER, ContactBench::kMain1},
    {"main_2_stuck_open", [](ContactBench& b) { b.stuck_open = ContactBench::kMain2; },
     BMS_FAILURE_PRECHARGE_NEVER, ContactBench::kMains | ContactBench::kPrecharge},
};

class Wrong : public testing::TestWithParam<WrongCase> {};

TEST_P(Wrong, ends_in_a_latched_failure_with_everything_open) {
  ContactBench bench;
  GetParam().spoil(bench);
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  uint32_t driven = 0;
  for (int i = 0; i < 3000 && bench.out.report.state != BMS_STATE_FAILURE; ++i) {
    bench.tick();
    driven |= bench.out.coils;
  }
  EXPECT_TRUE(bench.is_in(BMS_STATE_FAILURE, BMS_REASON_FAILURE));
  bench.tick_ms(5);
  EXPECT_EQ(bench.out.report.failures, BMS_FAILURE_BIT(GetParam().failure));
  EXPECT_EQ(driven, GetParam().most_coils);
  EXPECT_TRUE(is_dark(bench));
  EXPECT_EQ(bench.out.coils, 0u);
  bench.tick_ms(5000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_FAILURE);
}

INSTANTIATE_TEST_SUITE_P(Each, Wrong, testing::ValuesIn(kWrong),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Precharge, that_failed_is_tried_again_after_reset) {
  ContactBench bench;
  bench.is_link_shorted = true;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.ticks_until(BMS_STATE_FAILURE);
  bench.tick_ms(100);
  bench.is_link_shorted = false;
  bench.in.buttons = BMS_BUTTON_RESET;
  bench.tick();
  EXPECT_TRUE(bench.is_in(BMS_STATE_SELF_TEST, BMS_REASON_RESET));
  bench.ticks_until(BMS_STATE_STANDBY);
  EXPECT_EQ(bench.out.coils, ContactBench::kMains);
  EXPECT_EQ(bench.out.report.failures, 0u);
}

TEST(Precharge, whose_failure_does_not_latch_is_tried_again_when_told_to) {
  const struct {
    uint32_t retry_ms;
    uint32_t button;
  } rows[] = {{0, BMS_BUTTON_WAKE}, {0, BMS_BUTTON_RESET}, {0, 0}, {1000, 0}};
  for (const auto& row : rows) {
    ContactBench bench;
    bench.config.failures[BMS_FAILURE_PRECHARGE_NEVER].is_latched = false;
    bench.config.sequence.retry_ms = row.retry_ms;
    bench.is_link_shorted = true;
    ASSERT_EQ(bench.power_up().error, BMS_OK);
    bench.ticks_until(BMS_STATE_FAILURE);
    bench.tick_ms(999);
    ASSERT_EQ(bench.out.report.state, BMS_STATE_FAILURE);
    bench.in.buttons = row.button;
    bench.tick();
    const bool is_tried = row.retry_ms > 0 || row.button != 0;
    EXPECT_EQ(bench.out.report.state != BMS_STATE_FAILURE, is_tried) << row.button;
  }
}

TEST(Precharge, that_failed_stays_open_even_where_nobody_reports_it) {
  ContactBench bench;
  bench.config.failures[BMS_FAILURE_PRECHARGE_NEVER] = {};
  bench.is_link_shorted = true;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.ticks_until(BMS_STATE_FAILURE);
  bench.tick_ms(5000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_FAILURE);
  EXPECT_EQ(bench.out.report.failures, 0u);
}

TEST(Precharge, a_latch_that_opens_less_than_everything_does_not_take_over) {
  ContactBench bench;
  bench.config.failures[BMS_FAILURE_PRECHARGE_NEVER].opens = BMS_OPENS_CHARGE;
  bench.is_link_shorted = true;
  ASSERT_EQ(bench.power_up().error, BMS_OK);
  bench.ticks_until(BMS_STATE_FAILURE);
  bench.tick_ms(5000);
  EXPECT_EQ(bench.out.report.state, BMS_STATE_FAILURE);
}

}  // namespace
}  // namespace bms_test
