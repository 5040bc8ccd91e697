// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "models/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace doppelpack::models {

namespace {

constexpr int kDraws = 200000;

TEST(Random, every_part_of_the_key_matters_and_repeats) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (std::uint64_t stream = 0; stream < 10; ++stream)
      for (std::uint64_t counter = 0; counter < 100; ++counter)
        seen.insert(random_bits(seed, stream, counter));
  EXPECT_EQ(seen.size(), 10000U);
  EXPECT_EQ(random_bits(3, 4, 5), random_bits(3, 4, 5));
}

TEST(Random, bits_are_balanced) {
  int ones[64] = {};
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const std::uint64_t word = random_bits(1, 2, i);
    for (unsigned bit = 0; bit < 64; ++bit) ones[bit] += static_cast<int>(word >> bit & 1U);
  }
  for (const int count : ones) EXPECT_NEAR(count, kDraws / 2, 5.0 * std::sqrt(kDraws / 4.0));
}

TEST(Random, uniform_fills_its_interval) {
  double sum = 0.0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const double u = random_uniform(9, 1, i);
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 4.0 * std::sqrt(1.0 / 12.0 / kDraws));
}

TEST(Random, normal_has_the_moments_of_a_normal) {
  double sum = 0.0;
  double squares = 0.0;
  double product = 0.0;
  double before = 0.0;
  int within_one = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const double x = random_normal(5, 17, i);
    ASSERT_LT(std::fabs(x), 6.0);
    sum += x;
    squares += x * x;
    product += x * before;
    before = x;
    within_one += std::fabs(x) < 1.0 ? 1 : 0;
  }
  const double error = 4.0 / std::sqrt(kDraws);
  EXPECT_NEAR(sum / kDraws, 0.0, error);
  EXPECT_NEAR(squares / kDraws, 1.0, 1.5 * error);
  EXPECT_NEAR(product / kDraws, 0.0, error);
  EXPECT_NEAR(within_one / static_cast<double>(kDraws), 0.6827, 0.006);
}

TEST(Random, streams_do_not_follow_each_other) {
  double product = 0.0;
  for (std::uint64_t i = 0; i < kDraws; ++i)
    product += random_normal(5, 1, i) * random_normal(5, 2, i);
  EXPECT_NEAR(product / kDraws, 0.0, 4.0 / std::sqrt(kDraws));
}

}  // namespace

}  // namespace doppelpack::models
