// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Numbers and text in fields of fixed size: numbers saturate, text is cut; nothing ever wraps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace doppelpack::can_emulator {

template <typename Field>
constexpr Field saturate(std::int64_t value) {
  using Limits = std::numeric_limits<Field>;
  if (value < std::int64_t{Limits::min()}) return Limits::min();
  if (value > std::int64_t{Limits::max()}) return Limits::max();
  return static_cast<Field>(value);
}

/// Halves round away from zero. Divisors are positive.
constexpr std::int64_t divide_nearest(std::int64_t value, std::int64_t divisor) {
  return (value + (value < 0 ? -divisor : divisor) / 2) / divisor;
}

/// For limits, which must never be announced wider than they are; values are not negative.
constexpr std::int64_t divide_down(std::int64_t value, std::int64_t divisor) {
  return value / divisor;
}
constexpr std::int64_t divide_up(std::int64_t value, std::int64_t divisor) {
  return (value + divisor - 1) / divisor;
}

/// Printable ASCII, everything else as '?'.
constexpr char printable(char character) {
  return character >= ' ' && character <= '~' ? character : '?';
}

/// The text cut or padded to `width` characters.
inline std::string to_text_field(std::string_view text, std::size_t width, char padding) {
  std::string field(text.substr(0, width));
  for (char& character : field) character = printable(character);
  field.resize(width, padding);
  return field;
}

/// The text of a field without its padding: NUL and blanks, and '-' as Pylontech pads with it.
inline std::string from_text_field(std::string_view field, std::string_view padding) {
  field = field.substr(0, field.find('\0'));
  field = field.substr(0, field.find_last_not_of(padding) + 1);
  std::string text(field);
  for (char& character : text) character = printable(character);
  return text;
}

}  // namespace doppelpack::can_emulator
