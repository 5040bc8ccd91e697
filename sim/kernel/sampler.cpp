// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sampler.hpp"

#include <algorithm>
#include <limits>

#include "afe_module.hpp"

namespace doppelpack::sim {

Time Sampler::next_due_ns() const {
  Time next_ns = std::numeric_limits<Time>::max();
  for (const AfeModule* afe : afes_) next_ns = std::min(next_ns, afe->due_ns());
  return next_ns;
}

void Sampler::convert_due() {
  const Time now_ns = time_.now_ns();
  for (Time due_ns = next_due_ns(); due_ns <= now_ns; due_ns = next_due_ns()) {
    plant_.advance_to(due_ns);
    for (AfeModule* afe : afes_)
      if (afe->due_ns() == due_ns) afe->convert();
  }
  notice_comparators();
}

void Sampler::catch_up() {
  convert_due();
  plant_.advance_to(time_.now_ns());
  notice_comparators();
}

void Sampler::notice_comparators() {
  for (AfeModule* afe : afes_) afe->notice_comparators();
}

void Sampler::wake_comparators() {
  for (AfeModule* afe : afes_) afe->wake_comparator();
}

}  // namespace doppelpack::sim
