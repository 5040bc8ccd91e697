// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Which readings are not to be believed while something is wrong with them.
#include "pack.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test {
namespace {

class Suspects : public testing::Test {
 protected:
  void watch(bms_failure_t failure) {
    pack_.enable(failure, 0);
    pack_.config.failures[failure].opens = 0;
  }
  uint32_t suspects() { return static_cast<core_t*>(pack_.instance())->diagnosis.suspect_cells; }
  Pack pack_;
};

TEST_F(Suspects, are_the_cells_on_both_sides_of_an_open_line) {
  watch(BMS_FAILURE_SENSE_WIRE);
  pack_.power();
  EXPECT_EQ(suspects(), 0u);
  pack_.is_settled = true;
  for (const uint32_t line : {1u, 5u, 16u}) {
    pack_.open_lines = 1u << line;
    pack_.run(21);
    EXPECT_EQ(suspects(), (3u << (line - 1)) & 0xFFFFu) << line;
  }
}

TEST_F(Suspects, are_those_that_stand_still_once_that_is_found) {
  watch(BMS_FAILURE_CELL_STUCK);
  watch(BMS_FAILURE_SENSE_WIRE);
  pack_.power();
  pack_.run(2000);
  pack_.stuck_cell = 11;
  pack_.cycle_load(-60, 2);
  EXPECT_EQ(suspects(), 0u);
  pack_.cycle_load(-60, 2);
  EXPECT_EQ(suspects(), 1u << 11);
}

TEST_F(Suspects, are_all_of_them_after_a_wrong_sum) {
  watch(BMS_FAILURE_SUM);
  pack_.power();
  pack_.divider_error_mV = 5000;
  pack_.run(21);
  EXPECT_EQ(suspects(), UINT32_MAX);
  pack_.divider_error_mV = 0;
  pack_.run(21);
  EXPECT_EQ(suspects(), 0u);
}

TEST(Symptoms, of_an_open_line_are_beyond_both_bounds) {
  const struct {
    uint32_t below_mV, above_mV;
    bool is_found;
  } rows[] = {{999, 4501, true},  {1000, 4501, false}, {999, 4500, false}, {4501, 999, true},
              {4500, 999, false}, {4501, 1000, false}, {999, 999, false},  {4501, 4501, false}};
  for (const auto& row : rows) {
    for (const std::size_t cell : {0u, 6u, 14u}) {
      Bench bench;
      bench.config.failures[BMS_FAILURE_SENSE_WIRE] = {true, false, 0, 0, 0};
      bench.config.diagnosis.wire_period_ms = 0;
      bench.start();
      bench.set_cell_mV(cell, row.below_mV);
      bench.set_cell_mV(cell + 1, row.above_mV);
      bench.set_stack_mV(0);
      bench.step();
      EXPECT_EQ(bench.has_failed(BMS_FAILURE_SENSE_WIRE), row.is_found)
          << cell << " " << row.below_mV << " " << row.above_mV;
    }
  }
}

TEST(Symptoms, of_the_topmost_line_are_told_by_the_divider) {
  const struct {
    uint32_t top_mV, missing_mV;
    bool is_found;
  } rows[] = {{999, 1001, true}, {1000, 1001, false}, {999, 1000, false}};
  for (const auto& row : rows) {
    Bench bench;
    bench.config.failures[BMS_FAILURE_SENSE_WIRE] = {true, false, 0, 0, 0};
    bench.config.diagnosis.wire_period_ms = 0;
    bench.start();
    bench.set_cell_mV(15, row.top_mV);
    bench.set_stack_mV(15 * 3300 + row.top_mV + row.missing_mV);
    bench.step();
    EXPECT_EQ(bench.has_failed(BMS_FAILURE_SENSE_WIRE), row.is_found)
        << row.top_mV << " " << row.missing_mV;
  }
}

}  // namespace
}  // namespace bms_test
