// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/port.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace doppelpack::can_emulator {
namespace {

/// Number of letters to insert, delete or replace between the two words.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

/// What the two kinds of port differ in when they are looked up.
template <class Port>
struct Carrying;

template <>
struct Carrying<CanPort> {
  static constexpr auto kOpener = &PortScheme::open_can;
  static constexpr std::string_view kCargo = "CAN frames";
};

template <>
struct Carrying<BytePort> {
  static constexpr auto kOpener = &PortScheme::open_bytes;
  static constexpr std::string_view kCargo = "bytes";
};

template <class Port>
std::string fitting_schemes() {
  std::string list;
  for (const PortScheme* scheme : port_schemes()) {
    if (scheme->*Carrying<Port>::kOpener == nullptr) continue;
    list.append(list.empty() ? "" : ", ").append(scheme->syntax);
  }
  return list;
}

template <class Port>
std::string did_you_mean(std::string_view typed) {
  constexpr std::size_t kNearMiss = 2;
  const PortScheme* best = nullptr;
  std::size_t best_distance = kNearMiss + 1;
  for (const PortScheme* scheme : port_schemes()) {
    if (scheme->*Carrying<Port>::kOpener == nullptr) continue;
    const std::size_t letters = distance(typed, scheme->key);
    if (letters < best_distance) {
      best = scheme;
      best_distance = letters;
    }
  }
  return best == nullptr ? "." : ", did you mean '" + std::string(best->key) + "'?";
}

template <class Port>
std::unique_ptr<Port> open(const PortUri& uri) {
  const std::string cargo(Carrying<Port>::kCargo);
  const PortScheme* scheme = find_port_scheme(uri.scheme);
  if (scheme == nullptr) {
    throw PortError(uri.text + ": unknown scheme '" + uri.scheme + "'" +
                    did_you_mean<Port>(uri.scheme) + " These carry " + cargo + ": " +
                    fitting_schemes<Port>());
  }
  const auto opener = scheme->*Carrying<Port>::kOpener;
  if (opener == nullptr) {
    throw PortError(uri.text + ": '" + uri.scheme + "' does not carry " + cargo +
                    "; these do: " + fitting_schemes<Port>());
  }
  if (uri.address.empty()) {
    throw PortError(uri.text + ": the address is missing, write " + std::string(scheme->syntax));
  }
  return opener(uri);
}

}  // namespace

const PortScheme* find_port_scheme(std::string_view key) {
  const std::span<const PortScheme* const> schemes = port_schemes();
  const auto found = std::find_if(schemes.begin(), schemes.end(),
                                  [key](const PortScheme* scheme) { return scheme->key == key; });
  return found == schemes.end() ? nullptr : *found;
}

std::unique_ptr<CanPort> open_can_port(const PortUri& uri) {
  return open<CanPort>(uri);
}

std::unique_ptr<BytePort> open_byte_port(const PortUri& uri) {
  return open<BytePort>(uri);
}

}  // namespace doppelpack::can_emulator
