// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <cstddef>
#include <utility>

#include "sim/signals.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::size_t kMost = 3;
constexpr std::size_t kLongestWord = 200;  // longer words are no typing errors

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Optimal string alignment: insertions, deletions, substitutions and swapped neighbours.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool is_same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (is_same ? 0U : 1U)});
      const bool is_swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                              lower(a[i - 2]) == lower(b[j - 1]);
      if (is_swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

// A word that was begun, or of which the middle is known, is close too.
bool is_part(std::string_view word, std::string_view candidate) {
  return word.size() >= 3 && candidate.find(word) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> near_misses(std::string_view word,
                                     std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord) return {};
  const std::size_t most_edits = std::max<std::size_t>(1, word.size() / 3);
  std::vector<std::pair<std::size_t, std::size_t>> found;  // edits, position
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    std::size_t distance = edits(word, candidates[i]);
    if (distance > most_edits && is_part(word, candidates[i])) distance = most_edits;
    if (distance <= most_edits) found.emplace_back(distance, i);
  }
  std::sort(found.begin(), found.end());
  if (found.size() > kMost) found.resize(kMost);
  std::vector<std::string> result;
  result.reserve(found.size());
  for (const auto& [distance, position] : found) result.emplace_back(candidates[position]);
  return result;
}

}  // namespace doppelpack::sim
