// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "report/overview.hpp"

#include <cmath>
#include <limits>

namespace doppelpack::sim {

namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

template <typename Choose>
void merge_in_pairs(std::vector<float>& values, const Choose& choose) {
  const std::size_t half = (values.size() + 1) / 2;
  for (std::size_t i = 0; i < half; ++i)
    values[i] =
        2 * i + 1 < values.size() ? choose(values[2 * i], values[2 * i + 1]) : values[2 * i];
  values.resize(half);
}

}  // namespace

OverviewRecorder::OverviewRecorder(std::size_t signals, Time start_ns, Time interval_ns,
                                   std::size_t most)
    : most_(most) {
  overview_.start_ns = start_ns;
  overview_.interval_ns = interval_ns;
  overview_.low.resize(signals);
  overview_.high.resize(signals);
}

void OverviewRecorder::add(Time t_ns, std::span<const float> values) {
  const auto place = [&] {
    return static_cast<std::size_t>((t_ns - overview_.start_ns) / overview_.interval_ns);
  };
  while (place() >= most_) merge_pairs();
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::vector<float>& low = overview_.low[i];
    std::vector<float>& high = overview_.high[i];
    low.resize(std::max(low.size(), place() + 1), kUnknown);
    high.resize(low.size(), kUnknown);
    low[place()] = std::fmin(low[place()], values[i]);
    high[place()] = std::fmax(high[place()], values[i]);
  }
}

void OverviewRecorder::merge_pairs() {
  const auto lower = [](float a, float b) { return std::fmin(a, b); };
  const auto higher = [](float a, float b) { return std::fmax(a, b); };
  for (std::vector<float>& values : overview_.low) merge_in_pairs(values, lower);
  for (std::vector<float>& values : overview_.high) merge_in_pairs(values, higher);
  overview_.interval_ns *= 2;
}

}  // namespace doppelpack::sim
