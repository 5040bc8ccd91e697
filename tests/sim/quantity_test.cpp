// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/quantity.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "sim/signals.hpp"

namespace doppelpack::sim {
namespace {

std::string error_of(std::string_view text, Dimension dimension) {
  try {
    parse_quantity(text, dimension);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

struct Good {
  const char* text;
  Dimension dimension;
  double value;
};

TEST(Quantity, reads_every_dimension_to_the_nearest_double) {
  const Good cases[]{
      {"3.65 V", Dimension::voltage, 3.65},
      {"3650 mV", Dimension::voltage, 3.65},
      {"382 uV", Dimension::voltage, 382e-6},
      {"1.5kV", Dimension::voltage, 1500.0},
      {"-20 mA", Dimension::current, -0.02},
      {"100 Ah", Dimension::charge, 100.0},
      {"1.2 kW", Dimension::power, 1200.0},
      {"6.5 kWh", Dimension::energy, 6500.0},
      {"0.25 mOhm", Dimension::resistance, 0.00025},
      {"60 uOhm", Dimension::resistance, 60e-6},
      {"1 mS", Dimension::conductance, 0.001},
      {"-5 degC", Dimension::temperature, -5.0},
      {"-5 \u00B0C", Dimension::temperature, -5.0},
      {"298.15 K", Dimension::temperature, 25.0},
      {"12 K", Dimension::temperature_difference, 12.0},
      {"40 min", Dimension::time, 2400.0},
      {"195 us", Dimension::time, 195e-6},
      {"1.5 h", Dimension::time, 5400.0},
      {"2 d", Dimension::time, 172800.0},
      {"0.31", Dimension::price, 0.31},
      {"80 %", Dimension::none, 0.8},
      {"80%", Dimension::none, 0.8},
      {"+1e-3", Dimension::none, 0.001},
      {"  7  ", Dimension::none, 7.0},
      {"2 kJ", Dimension::heat, 2000.0},
      {"4 kJ/K", Dimension::heat_capacity, 4000.0},
      {"0.8 W/K", Dimension::thermal_conductance, 0.8},
      {"10 kJ/mol", Dimension::molar_energy, 10000.0},
      {"200 A/s", Dimension::current_slope, 200.0},
      {"-0.49 mV/K", Dimension::voltage_per_temperature, -0.00049},
  };
  for (const Good& good : cases)
    EXPECT_EQ(parse_quantity(good.text, good.dimension), good.value) << good.text;
}

TEST(Quantity, accepts_the_unit_that_it_returns) {
  for (int i = 0; i <= static_cast<int>(Dimension::voltage_per_temperature); ++i) {
    const auto dimension = static_cast<Dimension>(i);
    EXPECT_EQ(parse_quantity("1 " + std::string(unit_of(dimension)), dimension), 1.0) << i;
  }
}

struct Bad {
  const char* text;
  Dimension dimension;
  const char* error;
};

TEST(Quantity, says_what_it_found_and_what_it_expected) {
  const Bad cases[]{
      {"3.65 V", Dimension::temperature,
       "found '3.65 V', a voltage, expected a temperature in degC, K"},
      {"3.65", Dimension::voltage,
       "found '3.65' without a unit, expected a voltage in V, mV, uV, kV"},
      {"80 %", Dimension::voltage, "found '80 %', a ratio, expected a voltage in V, mV, uV, kV"},
      {"3 mv", Dimension::voltage,
       "found '3 mv' with the unknown unit 'mv' (did you mean mV, V or uV?), expected a voltage in "
       "V, "
       "mV, uV, kV"},
      {"5 degC", Dimension::temperature_difference,
       "found '5 degC', a temperature, expected a temperature difference in K, mK"},
      {"3 V", Dimension::none, "found '3 V', a voltage, expected a number or a ratio in %"},
      {"0.3 %", Dimension::price, "found '0.3 %', a ratio, expected a price, a plain number"},
      {"", Dimension::voltage, "found nothing, expected a voltage in V, mV, uV, kV"},
      {"warm", Dimension::temperature, "found 'warm', expected a temperature in degC, K"},
      {"nan V", Dimension::voltage,
       "found 'nan V', not a finite number, expected a voltage in V, mV, uV, kV"},
      {"-inf V", Dimension::voltage,
       "found '-inf V', not a finite number, expected a voltage in V, mV, uV, kV"},
      {"1e999 V", Dimension::voltage,
       "found '1e999 V', not a finite number, expected a voltage in V, mV, uV, kV"},
      {"1e308 kV", Dimension::voltage,
       "found '1e308 kV', not a finite number, expected a voltage in V, mV, uV, kV"},
      {"-300 degC", Dimension::temperature,
       "found '-300 degC', below absolute zero, expected a temperature in degC, K"},
      {"++3 V", Dimension::voltage, "found '++3 V', expected a voltage in V, mV, uV, kV"},
      {"+-3 V", Dimension::voltage, "found '+-3 V', expected a voltage in V, mV, uV, kV"},
  };
  for (const Bad& bad : cases) EXPECT_EQ(error_of(bad.text, bad.dimension), bad.error);
  EXPECT_NE(error_of("3,65 V", Dimension::voltage), "accepted");
  EXPECT_NE(error_of("0x10 V", Dimension::voltage), "accepted");
  EXPECT_NE(error_of("3 V 4 V", Dimension::voltage), "accepted");
}

TEST(NearMisses, offers_the_three_closest_best_first) {
  constexpr std::string_view kRules[]{"cell-ov", "cell-uv", "pack-ov", "pack-uv", "scd"};
  const std::vector<std::string> found = near_misses("cel-ov", kRules);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], "cell-ov");
  EXPECT_EQ(found[1], "cell-uv");
  EXPECT_EQ(near_misses("CELL-OV", kRules).at(0), "cell-ov");
  EXPECT_EQ(near_misses("lecl-ov", kRules).at(0), "cell-ov");
  EXPECT_EQ(near_misses("pack", kRules).size(), 2U);
  EXPECT_TRUE(near_misses("thermometer", kRules).empty());
  EXPECT_TRUE(near_misses("", kRules).empty());
  EXPECT_TRUE(near_misses(std::string(100'000, 'x'), kRules).empty());
}

TEST(NearMisses, counts_swapped_letters_as_one_slip) {
  constexpr std::string_view kWords[]{"ocd", "scd"};
  EXPECT_EQ(near_misses("odc", kWords).at(0), "ocd");
}

}  // namespace
}  // namespace doppelpack::sim
