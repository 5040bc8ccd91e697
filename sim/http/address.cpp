// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>

#include "sim/data_error.hpp"

namespace doppelpack::http {

namespace {

[[noreturn]] void refuse_address(std::string_view text) {
  throw sim::DataError({"--http", 0, ""},
                       fmt::format("found '{}', expected ADDRESS:PORT, such as 127.0.0.1:8080 or "
                                   "[::1]:8080, or a port alone",
                                   text));
}

bool is_address(const std::string& host) {
  in6_addr parsed{};  // large enough for both
  return inet_pton(AF_INET, host.c_str(), &parsed) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &parsed) == 1;
}

std::string_view without_brackets(std::string_view host) {
  const bool has_both = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  return has_both ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

bool Address::is_loopback() const {
  return host.starts_with("127.") || host == "::1";
}

Address parse_address(std::string_view text) {
  Address address;
  const std::size_t colon = text.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  const std::string_view host = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc{} || end != port.data() + port.size()) refuse_address(text);
  if (!host.empty() && host != "localhost") address.host = without_brackets(host);
  if (!is_address(address.host)) refuse_address(text);
  return address;
}

std::string to_text(const Address& address) {
  return fmt::format(fmt::runtime(address.is_ipv6() ? "[{}]:{}" : "{}:{}"), address.host,
                     address.port);
}

}  // namespace doppelpack::http
