// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where to listen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace doppelpack::http {

struct Address {
  std::string host = "127.0.0.1";  ///< an IPv4 or IPv6 address, without brackets
  std::uint16_t port = 0;          ///< 0: any free one

  bool is_ipv6() const { return host.find(':') != std::string::npos; }
  bool is_loopback() const;
};

/// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080", "8080"; the last two are loopback.
/// Throws DataError.
Address parse_address(std::string_view text);

/// As in a URL: "127.0.0.1:8080", "[::1]:8080".
std::string to_text(const Address& address);

}  // namespace doppelpack::http
