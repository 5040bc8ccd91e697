// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A request and its response, as data: what handlers see of HTTP.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace doppelpack::http {

struct Request {
  std::string method;  ///< upper case
  std::string path;    ///< decoded, without the query
  std::map<std::string, std::string, std::less<>> query;
  std::map<std::string, std::string, std::less<>> headers;  ///< names in lower case
  std::string body;

  /// Empty when it is not there.
  std::string_view header(std::string_view name) const;
  std::string_view argument(std::string_view name) const;
};

/// The next piece of a body without end; it may wait. Nothing: the body ends.
using NextPiece = std::function<std::optional<std::string>()>;

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  NextPiece stream;  ///< in place of the body; nullptr: none
  std::vector<std::pair<std::string, std::string>> headers;
};

/// {"problem": "..."}
Response refuse(int status, std::string_view problem);

inline constexpr std::size_t kLongestBody = 16 * 1024;

}  // namespace doppelpack::http
