// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What the oracles have against a case: each oracle once for each subject.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/campaign.hpp"

namespace doppelpack::sim {

class Objections {
 public:
  /// `text` is made only when it is kept: oracles look a thousand times a second.
  template <class Text>
  void add(const char* oracle, std::string subject, const Text& text) {
    if (said_.emplace(oracle, std::move(subject)).second) all_.push_back({oracle, text()});
  }
  std::vector<Objection> take() { return std::move(all_); }

 private:
  std::set<std::pair<std::string, std::string>> said_;
  std::vector<Objection> all_;
};

}  // namespace doppelpack::sim
