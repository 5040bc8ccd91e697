// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/condition_expression.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "small_bench.hpp"

namespace doppelpack::sim {
namespace {

class ConditionText : public ::testing::Test {
 protected:
  ConditionText() {
    state_.units[0].pack.cell_V[2] = 3.6;
    state_.units[0].bms_outputs.discharge_gate = true;
    state_.units[0].bms_outputs.report.soc_permille = 700;
    state_.environment.ambient_degC = -5.0;
  }
  bool holds(std::string_view text) const {
    return ConditionExpression(text, catalogue_).holds(state_);
  }
  std::string complaint(std::string_view text) const {
    try {
      const ConditionExpression accepted(text, catalogue_);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "accepted";
  }

  SignalCatalogue catalogue_{small_product()};
  BenchState state_ = small_state();
};

TEST_F(ConditionText, compares_a_number_at_its_edge) {
  EXPECT_FALSE(holds("pack1/cell_max_V < 3.6 V"));
  EXPECT_TRUE(holds("pack1/cell_max_V < 3601 mV"));
  EXPECT_TRUE(holds("pack1/cell_max_V <= 3.6 V"));
  EXPECT_FALSE(holds("pack1/cell_max_V <= 3599 mV"));
  EXPECT_FALSE(holds("pack1/cell_max_V > 3.6 V"));
  EXPECT_TRUE(holds("pack1/cell_max_V > 3599 mV"));
  EXPECT_TRUE(holds("pack1/cell_max_V >= 3.6 V"));
  EXPECT_FALSE(holds("pack1/cell_max_V >= 3601 mV"));
  EXPECT_TRUE(holds("pack1/cell_max_V == 3.6 V"));
  EXPECT_FALSE(holds("pack1/cell_max_V == 3601 mV"));
  EXPECT_FALSE(holds("pack1/cell_max_V != 3.6 V"));
  EXPECT_TRUE(holds("pack1/cell_max_V != 3601 mV"));
}

TEST_F(ConditionText, takes_values_with_signs_ratios_and_words) {
  EXPECT_TRUE(holds("env/ambient_degC == -5 degC"));
  EXPECT_TRUE(holds("bms1/soc == 70 %"));
  EXPECT_TRUE(holds("bms1/soc >= 70%"));
  EXPECT_FALSE(holds("bms1/soc > 99 %"));
  EXPECT_TRUE(holds("bms1/charge_gate == open"));
  EXPECT_TRUE(holds("bms1/discharge_gate==closed"));
  EXPECT_TRUE(holds("bms1/state != protection"));
}

TEST_F(ConditionText, takes_the_printed_number_for_what_it_says) {
  state_.units[0].pack.cell_V[2] = 3.0 * 1.2;  // not the double nearest to 3.6
  ASSERT_NE(state_.units[0].pack.cell_V[2], 3.6);
  EXPECT_TRUE(holds("pack1/cell_max_V == 3.6 V"));
  EXPECT_TRUE(holds("pack1/cell_max_V <= 3.6 V"));
  EXPECT_FALSE(holds("pack1/cell_max_V > 3.6 V"));
  EXPECT_FALSE(holds("pack1/cell_max_V != 3.6 V"));
}

TEST_F(ConditionText, binds_not_before_and_before_or) {
  const std::string yes = "pack1/cell_max_V > 1 V";
  const std::string no = "pack1/cell_max_V < 1 V";
  EXPECT_TRUE(holds(yes + " or " + yes + " and " + no));
  EXPECT_FALSE(holds("(" + yes + " or " + yes + ") and " + no));
  EXPECT_TRUE(holds(no + " and " + no + " or " + yes));
  EXPECT_FALSE(holds(no + " and (" + no + " or " + yes + ")"));
  EXPECT_TRUE(holds("not " + no + " and " + yes));
  EXPECT_FALSE(holds("not (" + no + " or " + yes + ")"));
  EXPECT_TRUE(holds("not not " + yes));
  EXPECT_FALSE(holds("not " + no + " and " + no));
  EXPECT_TRUE(holds("((" + yes + ")and(" + yes + "))"));
  EXPECT_TRUE(holds("  " + yes + "\n  and " + yes + "\n"));
}

TEST_F(ConditionText, holds_for_no_comparison_with_the_unknown_but_inequality) {
  for (const char* op : {"<", "<=", ">", ">=", "=="}) {
    EXPECT_FALSE(holds(std::string("inverter1/cvl_V ") + op + " 57 V")) << op;
  }
  EXPECT_TRUE(holds("inverter1/cvl_V != 57 V"));
  EXPECT_FALSE(holds("inverter1/is_charge_allowed == no"));
  EXPECT_FALSE(holds("inverter1/is_charge_allowed == yes"));
}

TEST_F(ConditionText, remembers_its_text) {
  const std::string text = "bms1/soc > 10 %  or bms1/soc < 5 %";
  EXPECT_EQ(ConditionExpression(text, catalogue_).text(), text);
}

TEST_F(ConditionText, outlives_the_catalogue) {
  const auto make = [] {
    const SignalCatalogue catalogue(small_product());
    return ConditionExpression("bms1/protection/cell-ov == active", catalogue);
  };
  const ConditionExpression condition = make();
  EXPECT_FALSE(condition.holds(state_));
  state_.units[0].bms_outputs.report.protections = BMS_RULE_BIT(BMS_RULE_CELL_OV);
  EXPECT_TRUE(condition.holds(state_));
}

TEST_F(ConditionText, evaluates_the_deepest_nesting_it_accepts) {
  // Each level is as good as what it holds inside, with two operands waiting outside.
  const auto nested = [](int depth, std::string text) {
    while (depth-- > 0) text = "bms1/soc < 1 % or bms1/soc > 1 % and (" + text + ")";
    return text;
  };
  int deepest = 0;
  while (complaint(nested(deepest + 1, "bms1/soc > 1 %")) == "accepted") ++deepest;
  EXPECT_GE(deepest, 20);
  const std::string innermost = "bms1/soc < 1 % or bms1/soc > 1 % and bms1/soc ";
  EXPECT_TRUE(holds(nested(deepest, innermost + "> 1 %")));
  EXPECT_FALSE(holds(nested(deepest, innermost + "< 1 %")));
  EXPECT_NE(complaint(std::string(100'000, '(')), "accepted");
}

TEST_F(ConditionText, says_where_it_was_misspelt) {
  struct Case {
    const char* text;
    const char* place;
    const char* content;
  };
  for (const auto& [text, place, content] : {
           Case{"bms1/charge_gat == open", "column 1:", "bms1/charge_gate"},
           Case{"bms1/soc > 1 % and bms1/sok > 2 %", "column 20:", "bms1/soc"},
           Case{"", "column 1:", "found the end, expected a signal"},
           Case{"   ", "column 4:", "found the end"},
           Case{"bms1/soc", "column 9:", "expected <, <=, >, >=, == or !="},
           Case{"bms1/soc = 5 %", "column 10:", "found '= 5 %'"},
           Case{"bms1/soc >", "column 11:", "expected a value"},
           Case{"bms1/soc > and bms1/soc < 1", "column 12:", "found 'and', expected a value"},
           Case{"pack1/cell_max_V > 3.6", "column 20:", "V"},
           Case{"pack1/cell_max_V > 3.6 degC", "column 20:", "temperature"},
           Case{"bms1/charge_gate == shut", "column 21:", "open or closed"},
           Case{"bms1/charge_gate > open", "column 18:", "== or !="},
           Case{"(bms1/soc > 1 %", "column 16:", "expected and, or or )"},
           Case{"bms1/soc > 1 %)", "column 15:", "found ')'"},
           Case{"bms1/soc > 1 % or", "column 18:", "expected a signal"},
           Case{"and bms1/soc > 1 %", "column 1:", "found 'and'"},
           Case{"open == bms1/charge_gate", "column 1:", "expected a signal"},
       }) {
    const std::string what = complaint(text);
    EXPECT_EQ(what.rfind(place, 0), 0U) << text << "\n" << what;
    EXPECT_NE(what.find(content), std::string::npos) << text << "\n" << what;
    EXPECT_EQ(what.find('\n'), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace doppelpack::sim
