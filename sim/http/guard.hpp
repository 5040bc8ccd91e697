// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Who may ask. A bench that listens on loopback trusts the people of its machine, but not the pages of
// other sites in their browsers (Origin, Sec-Fetch-Site) and no name that was made to point here (Host).
// Elsewhere it wants a token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.hpp"

namespace doppelpack::http {

struct Guard {
  std::string token;  ///< empty: none is wanted; then only loopback names are answered

  /// A shorter one could be guessed.
  static constexpr std::size_t kShortestToken = 16;

  /// Why a request is refused; nothing: it is not. The page itself is not secret: its files are served
  /// without a token.
  std::optional<Response> refusal(const Request& request) const;
};

/// The first line of a file. Throws DataError: cannot be read, or too short.
std::string read_token(const std::string& file);

}  // namespace doppelpack::http
