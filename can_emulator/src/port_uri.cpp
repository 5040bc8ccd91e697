// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <utility>

#include "can_emulator/port.hpp"

namespace doppelpack::can_emulator {
namespace {

bool belongs_to_scheme(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

void add_option(PortUri& uri, std::string_view option) {
  const std::size_t equals = option.find('=');
  if (equals == 0 || equals == std::string_view::npos) {
    throw PortError(uri.text + ": options are written ?key=value&key=value");
  }
  const std::string key(option.substr(0, equals));
  if (!uri.options.emplace(key, option.substr(equals + 1)).second) {
    throw PortError(uri.text + ": option '" + key + "' is given twice");
  }
}

}  // namespace

PortUri parse_port_uri(std::string_view text) {
  PortUri uri;
  uri.text = text;
  const std::size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  if (colon == std::string_view::npos || scheme.empty() ||
      !std::all_of(scheme.begin(), scheme.end(), belongs_to_scheme)) {
    throw PortError(uri.text + ": a port is written SCHEME:ADDRESS, for example pty:/tmp/battery");
  }
  uri.scheme = scheme;

  const std::size_t question_mark = text.find('?', colon);
  uri.address = text.substr(colon + 1, question_mark - colon - 1);
  if (question_mark == std::string_view::npos) return uri;
  std::string_view options = text.substr(question_mark + 1);
  while (true) {
    const std::size_t ampersand = options.find('&');
    add_option(uri, options.substr(0, ampersand));
    if (ampersand == std::string_view::npos) return uri;
    options.remove_prefix(ampersand + 1);
  }
}

}  // namespace doppelpack::can_emulator
