// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/quoted.hpp"

#include "sim/signals.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::size_t kLongest = 60;

bool continues_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20U || byte == 0x7FU) c = ' ';
  }
  return result;
}

std::string quote(std::string_view text) {
  if (text.size() <= kLongest) return "'" + printable(text) + "'";
  std::size_t end = kLongest;
  while (end > 0 && continues_a_character(text[end])) --end;
  return "'" + printable(text.substr(0, end)) + "...'";
}

std::string alternatives(std::span<const std::string_view> words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += i + 1 == words.size() ? " or " : ", ";
    result += words[i];
  }
  return result;
}

std::string hint(std::string_view word, std::span<const std::string_view> candidates) {
  const std::vector<std::string> close = near_misses(word, candidates);
  if (close.empty()) return "";
  return " (did you mean " + alternatives(views(close)) + "?)";
}

std::vector<std::string_view> views(const std::vector<std::string>& strings) {
  return {strings.begin(), strings.end()};
}

}  // namespace doppelpack::sim
