// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The core's own tests see no files: their panels of products are those of scenarios/products.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "../bms/panels.hpp"
#include "bad_input.hpp"

namespace doppelpack::sim {
namespace {

auto fields(const bms_pattern_t& pattern) {
  return std::tuple(pattern.period_ms, pattern.on_ms, pattern.cycle_ms, pattern.count);
}
auto fields(const bms_panel_row_t& row) {
  return std::tuple(row.failures, row.protections, row.warnings, row.states, row.flags,
                    row.soc_from_permille, row.soc_below_permille, row.lamps, row.is_alone,
                    fields(row.pattern));
}
auto fields(const bms_panel_show_t& show) {
  return std::tuple(show.lamps, show.running_ms, show.is_alone, fields(show.pattern));
}
auto fields(const bms_panel_code_t& code) {
  return std::tuple(code.failures, code.protections, code.code);
}
auto fields(const bms_panel_readout_t& readout) {
  return std::tuple(readout.press_ms, readout.press_below_ms, readout.beep_ms, readout.flashing,
                    readout.lit, readout.period_ms, readout.on_ms, readout.pause_ms);
}

void expect_same_codes(const bms_panel_config_t& panel, const bms_panel_config_t& copy) {
  ASSERT_EQ(panel.code_count, copy.code_count);
  for (int i = 0; i < panel.code_count; ++i)
    EXPECT_EQ(fields(panel.codes[i]), fields(copy.codes[i])) << "code " << i;
}

void expect_same(const std::string& product, const bms_panel_config_t& copy) {
  SCOPED_TRACE(product);
  const bms_panel_config_t panel = load_product(product, test::kData).bms.panel;
  EXPECT_EQ(panel.com_ms, copy.com_ms);
  EXPECT_EQ(panel.reset_shows_self_test, copy.reset_shows_self_test);
  EXPECT_EQ(fields(panel.readout), fields(copy.readout));
  ASSERT_EQ(panel.row_count, copy.row_count);
  expect_same_codes(panel, copy);
  for (int i = 0; i < panel.row_count; ++i)
    EXPECT_EQ(fields(panel.rows[i]), fields(copy.rows[i])) << "row " << i;
  for (int i = 0; i < BMS_SHOW_COUNT; ++i)
    EXPECT_EQ(fields(panel.shows[i]), fields(copy.shows[i])) << "show " << i;
}

TEST(PanelCopies, are_the_panels_of_the_products) {
  expect_same("telecom-48v", bms_test::telecom());
  expect_same("dyness-bx51100", bms_test::dyness_bx());
}

TEST(PanelCopies, have_the_error_codes_of_both_towers) {
  for (const char* product : {"dyness-tower", "dyness-tower-bdu"})
    expect_same_codes(load_product(product, test::kData).bms.panel, bms_test::dyness_tower());
}

}  // namespace
}  // namespace doppelpack::sim
