// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A dialect is data: what documents leave open, or products do differently, is an option of the
// protocol with a documented default. A product names what it chooses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace doppelpack::can_emulator {

/// A reading that documents leave open or that products differ in; chosen per product.
struct ProtocolOption {
  std::string_view key;                       ///< as in product files
  std::string_view title;                     ///< what it decides, and who says what
  std::span<const std::string_view> choices;  ///< the first one is the default
};

inline constexpr std::size_t kMaxProtocolOptions = 16;

/// Index of the choice for each option of a protocol, in the order of its list. All 0: defaults.
using Choices = std::array<std::uint8_t, kMaxProtocolOptions>;

/// The choice for an option, as the enumeration a codec gives its choices. The enumeration of the
/// options is in the order of the list of options, that of the choices in the order of the choices.
template <typename Choice, typename Option>
constexpr Choice choice_of(const Choices& choices, Option option) {
  return static_cast<Choice>(choices[static_cast<std::size_t>(option)]);
}

}  // namespace doppelpack::can_emulator
