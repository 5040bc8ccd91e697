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

}  // namespace
}  // namespace bms_test
