// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Packs that grow old on a cycler; years are left to `doppelpack age` and the benchmark.
#include "sim/ageing_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/data_error.hpp"
#include "sim/load.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim {
namespace {

namespace fs = std::filesystem;

const Product& generic() {
  static const Product product =
      load_product("generic-16s", fs::path(DOPPELPACK_SOURCE_DIR) / "scenarios");
  return product;
}

std::vector<AgeingRow> live(const AgeingPlan& plan) {
  return run_ageing(generic(), plan, [](const AgeingRow&) { return true; });
}

AgeingPlan days(long cycles) {
  AgeingPlan plan;
  plan.cycles = cycles;
  return plan;
}

double fade(const std::vector<AgeingRow>& rows) {
  return 1.0 - rows.back().capacity;
}

TEST(AgeingRun, one_row_per_cycle_and_every_cycle_costs) {
  const auto rows = live(days(3));
  ASSERT_EQ(rows.size(), 3U);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].cycles, static_cast<long>(i) + 1);
    EXPECT_NEAR(rows[i].years, static_cast<double>(i + 1) / 365.0, 1e-6);
    EXPECT_NEAR(rows[i].throughput_Ah, 80.0 * static_cast<double>(i + 1), 0.01);
    EXPECT_GT(rows[i].mean_degC, 25.5);  // at the end of a discharge at C/2
    EXPECT_LT(rows[i].mean_degC, 35.0);
    if (i == 0) continue;
    EXPECT_LT(rows[i].capacity, rows[i - 1].capacity);
    EXPECT_GT(rows[i].resistance_growth, rows[i - 1].resistance_growth);
  }
  EXPECT_GT(rows[0].spread, 0.005);  // 16 cells drawn with 0.4 %
  EXPECT_LT(rows[0].spread, 0.03);
}

TEST(AgeingRun, ends_by_years_or_when_nobody_wants_more) {
  AgeingPlan plan;
  plan.years = 2.0 / 365.0;
  EXPECT_EQ(live(plan).size(), 2U);
  int seen = 0;
  const auto rows =
      run_ageing(generic(), AgeingPlan{}, [&](const AgeingRow&) { return ++seen < 2; });
  EXPECT_EQ(rows.size(), 2U);
}

TEST(AgeingRun, laboratory_cycles_follow_each_other) {
  AgeingPlan plan = days(4);
  plan.cycles_per_day = 24.0;
  // 1.6 h each way at C/2 but for the first charge, the taper, twice a hundredth of a cycle, a
  // minute of rest.
  const double hours = live(plan).back().years * 8760.0;
  EXPECT_GT(hours, 7.0 * 1.6);
  EXPECT_LT(hours, 7.0 * 1.6 + 4.0 * 0.2);
}

TEST(AgeingRun, a_window_below_full_ages_less_than_one_at_the_top) {
  AgeingPlan plan = days(3);
  plan.depth = 0.4;
  const auto top = live(plan);
  plan.top = 0.6;
  const auto middle = live(plan);
  EXPECT_NEAR(middle.back().throughput_Ah, 3.0 * 40.0, 0.01);
  EXPECT_LT(fade(middle), 0.9 * fade(top));
}

TEST(AgeingRun, a_charge_rate_of_its_own_and_warmth_count) {
  AgeingPlan plan = days(2);
  const auto at_25 = live(plan);
  plan.charge_rate = 0.2;
  EXPECT_NE(live(plan).back().resistance_growth, at_25.back().resistance_growth);
  plan = days(2);
  plan.ambient_degC = 45.0;
  EXPECT_GT(fade(live(plan)), 1.2 * fade(at_25));
}

// Issue: agree with fine steps within 1 % of the fade.
TEST(AgeingRun, fade_is_that_of_steps_of_10_s) {
  AgeingPlan fine = days(3);
  fine.tolerance = fine.tolerance.times(0.1);
  fine.tolerance.longest_s = 10.0;
  const auto a = live(days(3));
  const auto b = live(fine);
  EXPECT_GT(b.back().steps, 10 * a.back().steps);
  EXPECT_NEAR(fade(a), fade(b), 0.01 * fade(b));
  EXPECT_NEAR(a.back().resistance_growth, b.back().resistance_growth,
              0.01 * b.back().resistance_growth);
}

TEST(AgeingRun, repeats_to_the_bit_and_differs_by_seed) {
  AgeingPlan plan = days(2);
  EXPECT_EQ(to_csv(live(plan)), to_csv(live(plan)));
  const double spread = live(plan).back().spread;
  plan.seed = 2;
  EXPECT_NE(live(plan).back().spread, spread);
}

class AgeingFiles : public testing::Test {
 protected:
  const TemporaryFolder temporary;
  const fs::path folder = temporary / "out";  // which is not there yet
  std::string read(const char* name) const {
    std::ifstream stream(folder / name);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
};

TEST_F(AgeingFiles, hold_every_cycle_and_the_end) {
  const AgeingPlan plan = days(2);
  const auto rows = live(plan);
  make_ageing_folder(folder);
  std::ofstream(folder / "ageing.csv") << "old";
  write_ageing(folder, generic(), plan, rows);
  const std::string csv = read("ageing.csv");
  EXPECT_EQ(csv.substr(0, 24), "cycle,years,throughput_A");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
  EXPECT_NE(csv.find("\n2,0.005479,160.0"), std::string::npos) << csv;
  EXPECT_NE(read("ageing.json").find("\"cycles\": 2"), std::string::npos);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 2);  // nothing temporary
}

TEST_F(AgeingFiles, a_folder_that_cannot_be_is_one_clear_line) {
  std::ofstream(folder) << "in the way";
  try {
    make_ageing_folder(folder / "deeper");
    FAIL();
  } catch (const DataError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find((folder / "deeper").string() + ": cannot be created: "), std::string::npos);
    EXPECT_EQ(text.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace doppelpack::sim
