// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/exchange.hpp"

#include <nlohmann/json.hpp>

namespace doppelpack::http {

namespace {

std::string_view value_at(const std::map<std::string, std::string, std::less<>>& map,
                          std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? std::string_view{} : std::string_view(found->second);
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  return value_at(headers, name);
}

std::string_view Request::argument(std::string_view name) const {
  return value_at(query, name);
}

Response refuse(int status, std::string_view problem) {
  Response response;
  response.status = status;
  response.body = nlohmann::json{{"problem", problem}}.dump() + "\n";
  return response;
}

}  // namespace doppelpack::http
