// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Reading the address and the options of a port URI. Everything here throws PortError.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "can_emulator/port.hpp"

namespace doppelpack::can_emulator {

/// Throws for an option that is not among the keys, and lists them.
void allow_options(const PortUri& uri, std::initializer_list<std::string_view> keys);

/// The option's text, or the fallback when it is not given.
std::string text_option(const PortUri& uri, const std::string& key, std::string_view fallback);

/// The option as a number of lowest..highest, or the fallback when it is not given.
std::uint32_t number_option(const PortUri& uri, const std::string& key, std::uint32_t fallback,
                            std::uint32_t lowest, std::uint32_t highest);

struct HostAndPort {
  std::string host;  ///< without the brackets of an IPv6 address
  std::uint16_t port = 0;
};

/// "HOST:PORT" or "[IPV6]:PORT".
HostAndPort split_host_and_port(const PortUri& uri);

}  // namespace doppelpack::can_emulator
