// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/body.hpp"

#include <fmt/format.h>

namespace doppelpack::http {

namespace {

[[noreturn]] void refuse_key(std::string_view key, const nlohmann::json* found,
                             std::string_view expected) {
  throw BodyError(fmt::format("{}: found {}, expected {}", key,
                              found == nullptr ? "nothing" : found->dump(), expected));
}

}  // namespace

Body::Body(const std::string& text) : json_(nlohmann::json::parse(text, nullptr, false)) {
  if (!json_.is_object()) throw BodyError("body: expected a JSON object");
}

const nlohmann::json* Body::find(std::string_view key) {
  known_.emplace(key);
  const auto found = json_.find(key);
  return found == json_.end() ? nullptr : &*found;
}

std::string Body::text(std::string_view key, std::optional<std::string> otherwise) {
  const nlohmann::json* const found = find(key);
  if (found == nullptr && otherwise) return *otherwise;
  if (found == nullptr || !found->is_string()) refuse_key(key, found, "a text");
  return found->get<std::string>();
}

double Body::number(std::string_view key, double lowest, double highest,
                    std::optional<double> otherwise) {
  const nlohmann::json* const found = find(key);
  if (found == nullptr && otherwise) return *otherwise;
  const double value = found != nullptr && found->is_number() ? found->get<double>() : highest + 1;
  if (!(value >= lowest && value <= highest))
    refuse_key(key, found, fmt::format("a number, {:g}..{:g}", lowest, highest));
  return value;
}

int Body::whole(std::string_view key, int lowest, int highest, int otherwise) {
  const nlohmann::json* const found = find(key);
  if (found == nullptr) return otherwise;
  const bool is_whole = found->is_number_integer();
  const auto value = is_whole ? found->get<std::int64_t>() : std::int64_t{highest} + 1;
  if (value < lowest || value > highest)
    refuse_key(key, found, fmt::format("a whole number, {}..{}", lowest, highest));
  return static_cast<int>(value);
}

bool Body::yes(std::string_view key) {
  const nlohmann::json* const found = find(key);
  if (found == nullptr || !found->is_boolean()) refuse_key(key, found, "true or false");
  return found->get<bool>();
}

std::string Body::value(std::string_view key, std::optional<std::string> otherwise) {
  const nlohmann::json* const found = find(key);
  if (found == nullptr && otherwise) return *otherwise;
  if (found != nullptr && found->is_string()) return found->get<std::string>();
  if (found != nullptr && found->is_boolean()) return found->get<bool>() ? "1" : "0";
  if (found == nullptr || !found->is_number()) refuse_key(key, found, "a number or a text");
  return fmt::format("{}", found->get<double>());
}

void Body::finish() const {
  for (const auto& [key, value] : json_.items())
    if (known_.find(key) == known_.end())
      throw BodyError(fmt::format("{}: found an unknown key, expected one of: {}", key,
                                  fmt::join(known_, ", ")));
}

}  // namespace doppelpack::http
