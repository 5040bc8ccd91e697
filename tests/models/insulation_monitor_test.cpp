// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/insulation_monitor.hpp"

#include <gtest/gtest.h>

namespace doppelpack::models {
namespace {

class InsulationMonitor : public ::testing::Test {
 protected:
  std::uint16_t read(double insulation_Ohm, int periods = 1) {
    for (int i = 0; i < periods; ++i) measure(parameters, insulation_Ohm, state);
    return state.reading_kOhm;
  }

  InsulationMonitorParameters parameters{1.0, 2.0, 50e6, 0.0, 1};
  InsulationMonitorState state;
};

TEST_F(InsulationMonitor, TellsTheResistanceFromItsFirstReadingOn) {
  EXPECT_EQ(read(10e6), 10000);
}

// The conductance is (1 - e^-0.5) of the way after a period, and there after many.
TEST_F(InsulationMonitor, SettlesAfterAChange) {
  read(10e6);
  EXPECT_NEAR(read(100e3), 1e3 / (0.1 + (10.0 - 0.1) * 0.393469), 1.0);
  EXPECT_EQ(read(100e3, 40), 100);
}

TEST_F(InsulationMonitor, CannotTellWhatIsAboveItsRange) {
  EXPECT_EQ(read(49e6), 49000);
  EXPECT_EQ(read(51e6, 60), UINT16_MAX);
  parameters.range_Ohm = 1e9;
  EXPECT_EQ(read(900e6, 60), UINT16_MAX) << "more than the number can hold";
}

TEST_F(InsulationMonitor, HasNoiseOfItsOwnThatItsSeedDecides) {
  parameters.noise = 0.01;
  const std::uint16_t first = read(1e6);
  EXPECT_NE(read(1e6), first);
  EXPECT_NEAR(first, 1000, 60);
  state = {};
  EXPECT_EQ(read(1e6), first);
  state = {};
  parameters.seed = 2;
  EXPECT_NE(read(1e6), first);
}

}  // namespace
}  // namespace doppelpack::models
