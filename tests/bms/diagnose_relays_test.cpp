// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Relays in use: those that fall off, and what current through them proves.
#include "sequence_bench.hpp"

namespace bms_test {
namespace {

class Relays : public testing::Test {
 protected:
  static constexpr uint32_t kSettled_ms = ContactBench::kContact_ms + 100;

  void SetUp() override {
    for (int i = BMS_FAILURE_CHARGE_MOSFET_CLOSED; i <= BMS_FAILURE_MAIN_2_OPEN; ++i)
      bench_.config.failures[i] = {true, false, BMS_LATCH_BUTTON, 0, 0};
  }
  bool has_failed(bms_failure_t failure) const { return bench_.has_failed(failure); }
  uint64_t failures() const { return bench_.out.report.failures; }
  ContactBench bench_;
};

TEST_F(Relays, a_contact_that_falls_off_under_its_coil_is_found) {
  const std::pair<uint32_t, bms_failure_t> rows[] = {
      {ContactBench::kMain1, BMS_FAILURE_MAIN_1_OPEN},
      {ContactBench::kMain2, BMS_FAILURE_MAIN_2_OPEN}};
  bench_.power_up_and_close();
  bench_.tick_ms(kSettled_ms);
  for (const auto& [contact, failure] : rows) {
    EXPECT_EQ(failures(), 0u);
    bench_.stuck_open = contact;
    bench_.tick_ms(2);
    EXPECT_EQ(failures(), BMS_FAILURE_BIT(failure));
    bench_.stuck_open = 0;
    bench_.tick_ms(2);
  }
}

TEST_F(Relays, a_contact_nobody_watches_may_fall_off) {
  bench_.config.diagnosis.watched_contacts = ContactBench::kPrecharge;
  bench_.power_up_and_close();
  bench_.stuck_open = ContactBench::kMains;
  bench_.tick_ms(2 * kSettled_ms);
  EXPECT_EQ(failures(), 0u);
}

TEST_F(Relays, current_through_relays_that_are_driven_welds_none) {
  bench_.config.diagnosis.watched_contacts = 0;
  bench_.power_up_and_close();
  bench_.tick_ms(kSettled_ms);
  bench_.set_current_mA(30000);
  bench_.tick_ms(kSettled_ms);
  EXPECT_EQ(failures(), 0u);
}

TEST_F(Relays, have_their_time_after_their_coils_changed) {
  ASSERT_EQ(bench_.power_up().error, BMS_OK);
  for (int i = 0; i < 2000 && !(bench_.out.coils & ContactBench::kMain1); ++i) bench_.tick();
  ASSERT_EQ(bench_.out.coils, ContactBench::kMain1);
  bench_.stuck_open = ContactBench::kMain1;
  bench_.tick_ms(kSettled_ms);
  EXPECT_FALSE(has_failed(BMS_FAILURE_MAIN_1_OPEN));
  bench_.tick();
  EXPECT_TRUE(has_failed(BMS_FAILURE_MAIN_1_OPEN));
}

// A scan just before the relays have closed and one just after: the gates count as settled first.
TEST_F(Relays, a_path_is_not_closed_before_its_relays_have_settled) {
  bench_.config.failures[BMS_FAILURE_MAIN_1_WELDED].is_enabled = false;
  ASSERT_EQ(bench_.power_up().error, BMS_OK);
  for (int i = 0; i < 2000 && bench_.out.coils != ContactBench::kMains; ++i) bench_.tick();
  ASSERT_EQ(bench_.out.coils, ContactBench::kMains);
  bench_.in.fresh = BMS_FRESH_CURRENT;
  bench_.tick_ms(ContactBench::kContact_ms - 2);
  bench_.in.fresh = kAllFresh;
  bench_.tick();  // the first scan after the coils: they count from here
  ASSERT_FALSE(bench_.out.charge_gate);
  for (int i = 0; i < 20 && !bench_.out.charge_gate; ++i) bench_.tick();
  ASSERT_TRUE(bench_.are_gates(true, true));
  bench_.outside_mV = 55000;  // stack and terminals apart without any current
  bench_.tick_ms(kSettled_ms - 5);
  EXPECT_FALSE(has_failed(BMS_FAILURE_CHARGE_MOSFET_OPEN));
  bench_.tick_ms(20);
  EXPECT_TRUE(has_failed(BMS_FAILURE_CHARGE_MOSFET_OPEN));
}

}  // namespace
}  // namespace bms_test
