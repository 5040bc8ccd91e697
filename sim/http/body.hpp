// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Reads the JSON object of a request, key by key; whatever is wrong with it is one line.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace doppelpack::http {

/// what(): the line.
class BodyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Body {
 public:
  /// Throws BodyError.
  explicit Body(const std::string& text);

  bool has(std::string_view key) const { return json_.contains(key); }

  // Throw BodyError when the key is there with another kind of value, or is not and has no default.
  std::string text(std::string_view key, std::optional<std::string> otherwise = {});
  double number(std::string_view key, double lowest, double highest,
                std::optional<double> otherwise = {});
  int whole(std::string_view key, int lowest, int highest, int otherwise);
  bool yes(std::string_view key);
  /// A text, a number or a truth value, as text.
  std::string value(std::string_view key, std::optional<std::string> otherwise = {});

  /// Throws BodyError for a key that nobody has asked for.
  void finish() const;

 private:
  const nlohmann::json* find(std::string_view key);

  nlohmann::json json_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace doppelpack::http
