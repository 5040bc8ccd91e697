// SPDX-FileCopyrightText: 2026 The doppelpack authors
// SPDX-License-Identifier: Apache-2.0

// Every cause of a transition in every state: where it leads from there, and where it leads nowhere.
#include "sequence_ways.hpp"

extern "C" {
#include "../../bms/src/core.h"
}

namespace bms_test::ways {
namespace {

class Ways : public testing::TestWithParam<Way> {};

// Long enough for a toggle to stop bouncing.
bool is_taken(const Way& way, bms_state_t from) {
  Bench bench;
  for (auto& rule : bench.config.rules) rule = {};
  bench.set_stack_mV(0);
  bench.config.sequence.shutdown_ms = 1000;
  bench.config.sequence.not_meant_ms = 1000;
  bench.config.sequence.contact_ms = 100;
  bench.config.sequence.precharge_ms = 1000;
  way.configure(bench);
  way.cause(bench);
  EXPECT_EQ(bench.power_up().error, BMS_OK);
  auto& core = *static_cast<core_t*>(bench.instance());
  bool was_taken = false;
  for (int i = 0; i < 30; ++i) {
    core.out.report.state = from;
    core.out.report.reason = BMS_REASON_NONE;
    core.sequence.conditions = 0;  // the core looks for a way when they have changed
    bench.step();
    was_taken = was_taken || (from != way.to && bench.is_in(way.to, way.reason));
  }
  return was_taken;
}

TEST_P(Ways, lead_from_where_they_begin_and_from_nowhere_else) {
  for (int i = 0; i < BMS_STATE_COUNT; ++i) {
    const auto state = static_cast<bms_state_t>(i);
    EXPECT_EQ(is_taken(GetParam(), state), GetParam().from.contains(state))
        << bms_state_name(state);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Ways, testing::ValuesIn(kWays),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace bms_test::ways
