// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/guard.hpp"

#include <fmt/format.h>

#include <fstream>

#include "sim/data_error.hpp"

namespace doppelpack::http {

namespace {

bool is_loopback_name(std::string_view host) {
  const std::size_t colon = host.ends_with(']') ? std::string_view::npos : host.rfind(':');
  const std::string_view name = host.substr(0, colon);
  const bool is_ipv4 =
      name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string_view::npos;
  return name == "localhost" || name == "[::1]" || is_ipv4;
}

// In the same time wherever they differ.
bool are_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

bool is_own_origin(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme)) return origin.substr(scheme.size()) == host;
  return false;
}

bool is_api(std::string_view path) {
  return path.starts_with("/api/") || path == "/metrics";
}

}  // namespace

std::optional<Response> Guard::refusal(const Request& request) const {
  const std::string_view host = request.header("host");
  if (token.empty() && !is_loopback_name(host))
    return refuse(403, "this bench answers to localhost only");
  const std::string_view origin = request.header("origin");
  if (!origin.empty() && !is_own_origin(origin, host))
    return refuse(403, "requests of other sites are not answered");
  if (!is_api(request.path)) return {};
  const std::string_view site = request.header("sec-fetch-site");
  if (site == "cross-site" || site == "same-site")
    return refuse(403, "requests of other sites are not answered");
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view given = request.header("authorization");
  if (token.empty()) return {};
  if (given.starts_with(kBearer) && are_equal(given.substr(kBearer.size()), token)) return {};
  Response response = refuse(401, "expected the bench's token as a bearer");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

std::string read_token(const std::string& file) {
  const sim::SourceLocation where{file, 1, "token"};
  std::ifstream stream(file);
  if (!stream) throw sim::DataError({file, 0, ""}, "cannot be read, expected a file with a token");
  std::string token;
  std::getline(stream, token);
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
  if (token.size() < Guard::kShortestToken)
    throw sim::DataError(where, fmt::format("found {} characters, expected at least {}",
                                            token.size(), Guard::kShortestToken));
  return token;
}

}  // namespace doppelpack::http
