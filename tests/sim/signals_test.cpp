// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/signals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "small_bench.hpp"

namespace doppelpack::sim {
namespace {

class Signals : public ::testing::Test {
 protected:
  const Signal& signal(std::string_view name) const {
    return catalogue_.all()[catalogue_.find(name)];
  }
  double read(std::string_view name) const {
    const Signal& found = signal(name);
    return found.read(state_);
  }
  void write(std::string_view name, double value) {
    const Signal& found = signal(name);
    found.write(state_, value);
  }
  std::string text(std::string_view name) const { return format_value(signal(name), read(name)); }
  std::string complaint(std::string_view name, std::string_view value) const {
    try {
      parse_value(signal(name), value);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "accepted";
  }

  SignalCatalogue catalogue_{small_product()};
  BenchState state_ = small_state();
  bms_report_t& report_ = state_.units[0].bms_outputs.report;
};

TEST_F(Signals, have_unique_names_and_a_help_line_each) {
  std::set<std::string> names;
  for (const Signal& found : catalogue_.all()) {
    EXPECT_TRUE(names.insert(found.name).second) << found.name;
    EXPECT_FALSE(found.help.empty()) << found.name;
    EXPECT_EQ(found.help.find('\n'), std::string::npos) << found.name;
    ASSERT_TRUE(found.reader.of_unit != nullptr || found.reader.of_bench != nullptr) << found.name;
  }
}

TEST_F(Signals, are_found_at_their_position) {
  for (std::size_t i = 0; i < catalogue_.all().size(); ++i) {
    EXPECT_EQ(catalogue_.find(catalogue_.all()[i].name), i);
  }
}

TEST_F(Signals, exist_for_every_part_of_the_product) {
  for (const char* name :
       {"pack1/current_A", "pack1/heat_J", "pack1/cell01/voltage_V", "pack1/cell16/soc",
        "pack1/ntc4/T_degC", "bms1/state", "bms1/cell16/voltage_V", "bms1/ntc1/T_degC",
        "bms1/warning/utd", "bms1/protection/cell-ov", "bms1/protection/scd", "bms1/led/run",
        "bms1/led/soc4", "bms1/button/reset", "inverter1/cvl_V", "site/grid_W", "env/ambient_degC",
        "can1/from_pack", "rs485_1/dropped"}) {
    EXPECT_NO_THROW(catalogue_.find(name)) << name;
  }
  EXPECT_THROW(catalogue_.find("pack1/cell17/voltage_V"), std::invalid_argument);
  EXPECT_THROW(catalogue_.find("pack1/cell00/voltage_V"), std::invalid_argument);
  EXPECT_THROW(catalogue_.find("bms1/ntc5/T_degC"), std::invalid_argument);
}

TEST_F(Signals, leave_out_a_bus_the_product_does_not_have) {
  Product product = small_product();
  product.can = nullptr;
  const SignalCatalogue without_can(product);
  EXPECT_TRUE(without_can.match("can1/*").empty());
  EXPECT_EQ(without_can.match("rs485_1/*").size(), 6U);
}

TEST_F(Signals, answer_a_misspelt_name_with_near_misses) {
  try {
    catalogue_.find("bms1/charge_gat");
    FAIL();
  } catch (const std::invalid_argument& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("bms1/charge_gat'"), std::string::npos) << what;
    EXPECT_NE(what.find("bms1/charge_gate"), std::string::npos) << what;
  }
}

TEST_F(Signals, match_globs_across_slashes_in_order) {
  const auto cells = catalogue_.match("pack1/cell*/voltage_V");
  ASSERT_EQ(cells.size(), 16U);
  EXPECT_EQ(catalogue_.all()[cells.front()].name, "pack1/cell01/voltage_V");
  EXPECT_EQ(catalogue_.all()[cells.back()].name, "pack1/cell16/voltage_V");
  EXPECT_EQ(catalogue_.match("*").size(), catalogue_.all().size());
  EXPECT_EQ(catalogue_.match("*/cell?1/voltage_V").size(), 4U);  // 01 and 11 of pack1 and bms1
  EXPECT_EQ(catalogue_.match("*1*ntc*degC").size(), 8U);
  EXPECT_EQ(catalogue_.match("env/ambient_degC").size(), 1U);
  EXPECT_TRUE(catalogue_.match("env/ambient").empty());
  EXPECT_TRUE(catalogue_.match("env/ambient_degC?").empty());
  EXPECT_TRUE(catalogue_.match("").empty());
}

TEST_F(Signals, show_the_truth_of_the_pack) {
  state_.units[0].pack.cell_V[6] = 3.61;
  state_.units[0].pack.cell_V[9] = 2.9;
  state_.units[0].pack.cells.T_degC[15] = 31.0;
  state_.units[0].pack.cells.x(0, 0) = 0.82;
  state_.units[0].pack.discharge_Ah = 12.5;
  EXPECT_DOUBLE_EQ(read("pack1/cell07/voltage_V"), 3.61);
  EXPECT_DOUBLE_EQ(read("pack1/cell_max_V"), 3.61);
  EXPECT_DOUBLE_EQ(read("pack1/cell_min_V"), 2.9);
  EXPECT_DOUBLE_EQ(read("pack1/T_max_degC"), 31.0);
  EXPECT_DOUBLE_EQ(read("pack1/T_min_degC"), 25.0);
  EXPECT_DOUBLE_EQ(read("pack1/cell01/soc"), 0.82);
  EXPECT_DOUBLE_EQ(read("pack1/soc"), 0.52);
  EXPECT_DOUBLE_EQ(read("pack1/discharge_Ah"), 12.5);
}

TEST_F(Signals, show_what_the_firmware_reports_in_si_units) {
  report_.soc_permille = 455;
  report_.current_mA = -12345;
  report_.cvl_mV = 57600;
  report_.cell_mV[3] = 3651;
  report_.cell_mV[4] = 3002;
  report_.ntc_ddegC[1] = -55;
  EXPECT_DOUBLE_EQ(read("bms1/soc"), 0.455);
  EXPECT_DOUBLE_EQ(read("bms1/current_A"), -12.345);
  EXPECT_DOUBLE_EQ(read("bms1/cvl_V"), 57.6);
  EXPECT_DOUBLE_EQ(read("bms1/cell04/voltage_V"), 3.651);
  EXPECT_DOUBLE_EQ(read("bms1/cell_max_V"), 3.651);
  EXPECT_DOUBLE_EQ(read("bms1/cell_min_V"), 3.002);
  EXPECT_DOUBLE_EQ(read("bms1/ntc2/T_degC"), -5.5);
  EXPECT_DOUBLE_EQ(read("bms1/T_min_degC"), -5.5);
  EXPECT_DOUBLE_EQ(read("bms1/T_max_degC"), 25.0);
}

TEST_F(Signals, leave_out_a_thermistor_the_firmware_cannot_read) {
  report_.ntc_ddegC[0] = BMS_NTC_INVALID_DDEGC;
  report_.ntc_ddegC[1] = 300;
  EXPECT_TRUE(std::isnan(read("bms1/ntc1/T_degC")));
  EXPECT_EQ(text("bms1/ntc1/T_degC"), "unknown");
  EXPECT_DOUBLE_EQ(read("bms1/T_min_degC"), 25.0);
  EXPECT_DOUBLE_EQ(read("bms1/T_max_degC"), 30.0);
  for (std::int16_t& ddegC : report_.ntc_ddegC) ddegC = BMS_NTC_INVALID_DDEGC;
  EXPECT_TRUE(std::isnan(read("bms1/T_max_degC")));
}

TEST_F(Signals, say_the_words_of_the_trade) {
  report_.state = BMS_STATE_PROTECTION;
  report_.protections = BMS_RULE_BIT(BMS_RULE_OTC);
  report_.warnings = BMS_RULE_BIT(BMS_RULE_UTD);
  report_.requests = BMS_REQUEST_FULL_CHARGE;
  state_.units[0].bms_outputs.discharge_gate = true;
  state_.units[0].bms_outputs.leds = BMS_LED_ALARM | BMS_LED_SOC1;
  state_.units[0].bms_outputs.bleeders = 0b1001;
  EXPECT_EQ(text("bms1/state"), "protection");
  EXPECT_EQ(text("bms1/protection/otc"), "active");
  EXPECT_EQ(text("bms1/protection/otd"), "clear");
  EXPECT_EQ(text("bms1/warning/utd"), "active");
  EXPECT_EQ(text("bms1/warning/otc"), "clear");
  EXPECT_EQ(text("bms1/full_charge"), "yes");
  EXPECT_EQ(text("bms1/force_charge"), "no");
  EXPECT_EQ(text("bms1/charge_gate"), "open");
  EXPECT_EQ(text("bms1/discharge_gate"), "closed");
  EXPECT_EQ(text("bms1/led/alarm"), "on");
  EXPECT_EQ(text("bms1/led/run"), "off");
  EXPECT_EQ(text("bms1/led/soc1"), "on");
  EXPECT_EQ(text("bms1/led/soc2"), "off");
  EXPECT_EQ(text("bms1/bleeders"), "2");
  EXPECT_EQ(text("bms1/cell04/bleeder"), "on");
  EXPECT_EQ(text("bms1/cell02/bleeder"), "off");
}

TEST_F(Signals, of_the_firmware_do_not_know_the_truth) {
  std::vector<double> before;
  for (const std::size_t i : catalogue_.match("bms1/*")) {
    before.push_back(catalogue_.all()[i].read(state_));
  }
  state_.units[0].pack.cell_V.setConstant(1.0);
  state_.units[0].pack.cells.T_degC.setConstant(90.0);
  state_.units[0].pack.cells.x.setConstant(0.1);
  state_.units[0].pack.thermal.bead_degC.setConstant(90.0);
  state_.units[0].pack.current_A = 77.0;
  state_.units[0].pack.terminal_V = 10.0;
  state_.units[0].pack.stack_V = 11.0;
  std::size_t k = 0;
  for (const std::size_t i : catalogue_.match("bms1/*")) {
    const Signal& found = catalogue_.all()[i];
    EXPECT_EQ(found.read(state_), before[k++]) << found.name;
  }
}

TEST_F(Signals, of_the_inverter_are_unknown_until_it_hears_them) {
  for (const char* name : {"inverter1/cvl_V", "inverter1/ccl_A", "inverter1/dcl_A", "inverter1/soc",
                           "inverter1/current_heard_A", "inverter1/is_charge_allowed"}) {
    EXPECT_EQ(text(name), "unknown") << name;
  }
  state_.inverter.battery.cvl_V = 56.5;
  state_.inverter.battery.is_charge_allowed = false;
  EXPECT_EQ(text("inverter1/cvl_V"), "56.5 V");
  EXPECT_EQ(text("inverter1/is_charge_allowed"), "no");
}

TEST_F(Signals, that_may_be_written_are_these) {
  std::set<std::string> controls;
  for (const Signal& found : catalogue_.all()) {
    if (found.is_control()) controls.insert(found.name);
  }
  EXPECT_EQ(controls, (std::set<std::string>{"bms1/button/power",
                                             "bms1/button/reset",
                                             "bms1/button/switch",
                                             "bms1/button/wake",
                                             "bms1/dip",
                                             "inverter1/demand_W",
                                             "inverter1/demand_A",
                                             "inverter1/obeys_limits",
                                             "inverter1/is_connected",
                                             "inverter1/wake_V",
                                             "inverter1/is_imposed",
                                             "inverter1/imposed_A",
                                             "inverter1/imposed_W",
                                             "inverter1/imposed_max_V",
                                             "site/is_active",
                                             "site/house_W",
                                             "site/sun_W",
                                             "site/price",
                                             "site/cheap_price",
                                             "site/cheap_charge_W",
                                             "site/is_grid_present",
                                             "site/wake_pins",
                                             "env/ambient_degC",
                                             "power1/is_wanted"}));
}

TEST_F(Signals, that_were_written_read_back) {
  for (const Signal& found : catalogue_.all()) {
    if (!found.is_control()) continue;
    const BenchState before = state_;
    const double value = found.words.empty() ? 12.0 : 1.0 - found.read(state_);
    found.write(state_, value);
    for (const Signal& other : catalogue_.all()) {
      const double now = other.read(state_);
      const double then = other.read(before);
      const bool is_same = now == then || (std::isnan(now) && std::isnan(then));
      if (&other == &found) {
        EXPECT_EQ(now, value) << found.name;
      } else {
        EXPECT_TRUE(is_same) << found.name << " changes " << other.name;
      }
    }
    state_ = before;
  }
}

TEST_F(Signals, buttons_can_be_pressed_and_released_one_by_one) {
  write("bms1/button/power", 1.0);
  write("bms1/button/reset", 1.0);
  EXPECT_EQ(state_.units[0].bms_inputs.buttons, std::uint32_t{BMS_BUTTON_POWER | BMS_BUTTON_RESET});
  write("bms1/button/power", 0.0);
  EXPECT_EQ(state_.units[0].bms_inputs.buttons, std::uint32_t{BMS_BUTTON_RESET});
  EXPECT_EQ(text("bms1/button/power"), "released");
  EXPECT_EQ(text("bms1/button/reset"), "pressed");
}

TEST_F(Signals, counters_count_their_own_bus) {
  state_.can.from_outside = 3;
  state_.rs485.from_outside = 4'000'000'000;
  EXPECT_EQ(text("can1/from_outside"), "3");
  EXPECT_EQ(text("rs485_1/from_outside"), "4000000000");
  EXPECT_EQ(text("can1/from_pack"), "0");
}

TEST_F(Signals, are_written_for_people) {
  EXPECT_EQ(format_value(signal("pack1/terminal_V"), 52.3), "52.3 V");
  EXPECT_EQ(format_value(signal("pack1/cell_max_V"), 3.6524999), "3.6525 V");
  EXPECT_EQ(format_value(signal("pack1/current_A"), -0.0), "0 A");
  EXPECT_EQ(format_value(signal("env/ambient_degC"), -5.0), "-5 degC");
  EXPECT_EQ(format_value(signal("pack1/soc"), 0.8), "0.8");
}

TEST_F(Signals, values_are_read_with_their_unit_or_word) {
  EXPECT_DOUBLE_EQ(parse_value(signal("pack1/cell_max_V"), "3652 mV"), 3.652);
  EXPECT_DOUBLE_EQ(parse_value(signal("bms1/soc"), "80 %"), 0.8);
  EXPECT_DOUBLE_EQ(parse_value(signal("env/ambient_degC"), "-5 degC"), -5.0);
  EXPECT_DOUBLE_EQ(parse_value(signal("bms1/charge_gate"), "open"), 0.0);
  EXPECT_DOUBLE_EQ(parse_value(signal("bms1/charge_gate"), "closed"), 1.0);
  EXPECT_DOUBLE_EQ(parse_value(signal("bms1/state"), "discharge"), double{BMS_STATE_DISCHARGE});
  EXPECT_NE(complaint("pack1/cell_max_V", "3.65"), "accepted");
  EXPECT_NE(complaint("pack1/cell_max_V", "3.65 A"), "accepted");
  const std::string gate = complaint("bms1/charge_gate", "opne");
  EXPECT_NE(gate.find("opne"), std::string::npos) << gate;
  EXPECT_NE(gate.find("open or closed"), std::string::npos) << gate;
}

}  // namespace
}  // namespace doppelpack::sim
