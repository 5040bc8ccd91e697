// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "power/scpi_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace doppelpack::sim {

namespace {

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

bool is_unit(std::string_view text) {
  return text.empty() || text == "V" || text == "A" || text == "W";
}

}  // namespace

std::string fill(std::string line, std::string_view name, double value) {
  const std::string place = fmt::format("{{{}}}", name);
  const std::size_t at = line.find(place);
  constexpr double kRounding = 1e-6;
  const double thousandths = std::floor(value * 1000.0 + kRounding);  // a limit is never exceeded
  if (at != std::string::npos)
    line.replace(at, place.size(), fmt::format("{:.3f}", thousandths / 1000.0));
  return line;
}

std::optional<double> parse_scpi_number(std::string_view answer) {
  std::string_view text = trimmed(answer);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
  if (!is_unit(trimmed(rest))) return std::nullopt;
  return value;
}

std::optional<bool> parse_scpi_switch(std::string_view answer) {
  const std::string_view text = trimmed(answer);
  if (text == "1" || text == "ON") return true;
  if (text == "0" || text == "OFF") return false;
  return std::nullopt;
}

bool is_no_error(std::string_view answer) {
  std::string_view text = trimmed(answer);
  if (text.starts_with('+')) text.remove_prefix(1);
  return text == "0" || text.starts_with("0,");
}

bool contains_word(std::string_view text, std::string_view word) {
  const auto found = std::search(text.begin(), text.end(), word.begin(), word.end(),
                                 [](char a, char b) { return upper(a) == upper(b); });
  return found != text.end();
}

}  // namespace doppelpack::sim
