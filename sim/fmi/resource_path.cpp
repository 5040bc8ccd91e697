// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "fmi/resource_path.hpp"

#include <charconv>
#include <string>

namespace doppelpack::fmi {

namespace {

// What is no two hexadecimal digits stays as it is.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* digits = text.data() + i + 1;
    const bool is_code = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    decoded += is_code ? static_cast<char>(byte) : text[i];
    if (is_code) i += 2;
  }
  return decoded;
}

}  // namespace

// file:///path, file://host/path and file:/path are all in use.
std::filesystem::path path_of_uri(const char* uri) {
  if (uri == nullptr) return {};
  constexpr std::string_view kScheme = "file:";
  std::string_view text = uri;
  if (!text.starts_with(kScheme)) return text;
  text.remove_prefix(kScheme.size());
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const std::size_t path = text.find('/');
    text.remove_prefix(path == std::string_view::npos ? text.size() : path);
  }
  return percent_decoded(text);
}

}  // namespace doppelpack::fmi
