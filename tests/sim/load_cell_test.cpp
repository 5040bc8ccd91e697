// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/load.hpp"

namespace doppelpack::sim {
namespace {

std::string shipped_cell() {
  std::ifstream stream(std::filesystem::path(DOPPELPACK_SOURCE_DIR) /
                       "scenarios/cells/lfp-100ah.yaml");
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(LoadCell, cold_changes_neither_gap_nor_capacity_unless_the_file_says_so) {
  const models::Chemistry cell = parse_cell(shipped_cell());
  EXPECT_EQ(cell.hysteresis_per_K, 0.0);
  EXPECT_EQ(cell.cold_capacity_per_K, 0.0);
}

TEST(LoadCell, reads_what_cold_does) {
  std::string yaml = shipped_cell();
  const std::string gamma = "  gamma: 40";
  ASSERT_NE(yaml.find(gamma), std::string::npos);
  yaml.insert(yaml.find(gamma), "  cold_growth: 1.5 %\n");
  yaml += "cold_capacity: 0.004\n";
  const models::Chemistry cell = parse_cell(yaml);
  EXPECT_EQ(cell.hysteresis_per_K, 0.015);
  EXPECT_EQ(cell.cold_capacity_per_K, 0.004);
}

}  // namespace
}  // namespace doppelpack::sim
