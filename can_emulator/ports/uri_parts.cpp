// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "can_emulator/uri_parts.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "ports/port_failure.hpp"

namespace doppelpack::can_emulator {
namespace {

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::string joined(std::initializer_list<std::string_view> words) {
  std::string all;
  for (const std::string_view word : words) all.append(all.empty() ? "" : ", ").append(word);
  return all;
}

}  // namespace

void allow_options(const PortUri& uri, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : uri.options) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    fail(uri.text, "unknown option '" + key + "' " +
                       (keys.size() == 0 ? "(there are none)" : "(valid: " + joined(keys) + ")"));
  }
}

std::string text_option(const PortUri& uri, const std::string& key, std::string_view fallback) {
  const auto found = uri.options.find(key);
  return found == uri.options.end() ? std::string(fallback) : found->second;
}

std::uint32_t number_option(const PortUri& uri, const std::string& key, std::uint32_t fallback,
                            std::uint32_t lowest, std::uint32_t highest) {
  const auto found = uri.options.find(key);
  if (found == uri.options.end()) return fallback;
  const std::optional<std::uint32_t> number = parse_number(found->second);
  if (!number || *number < lowest || *number > highest) {
    fail(uri.text, "option '" + key + "' must be a number from " + std::to_string(lowest) + " to " +
                       std::to_string(highest) + ", not '" + found->second + "'");
  }
  return *number;
}

HostAndPort split_host_and_port(const PortUri& uri) {
  const std::string_view address = uri.address;
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) fail(uri.text, "the address has no :PORT");
  std::string_view host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    fail(uri.text, "write an IPv6 address in brackets, [ADDRESS]:PORT");
  }
  const std::optional<std::uint32_t> port = parse_number(address.substr(colon + 1));
  if (!port || *port > 65535) fail(uri.text, "the port must be a number from 0 to 65535");
  return {std::string(host), static_cast<std::uint16_t>(*port)};
}

}  // namespace doppelpack::can_emulator
