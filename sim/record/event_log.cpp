// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/event_log.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <type_traits>

#include "record/line_file.hpp"

namespace doppelpack::sim {

namespace {

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_value(const EventValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) return json_string(held);
        if constexpr (std::is_same_v<Held, double>) {
          if (!std::isfinite(held)) return "null";
        }
        return fmt::format("{}", held);
      },
      value);
}

std::string json_line(const Event& event) {
  std::string line = fmt::format("{{\"t_ns\":{},\"event\":{}", event.t_ns, json_string(event.kind));
  for (const auto& [key, value] : event.fields) {
    line += fmt::format(",{}:{}", json_string(key), json_value(value));
  }
  return line + "}\n";
}

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

Digest make_digest() {
  Digest digest(EVP_MD_CTX_new());
  if (digest == nullptr) throw std::bad_alloc();
  return digest;
}

void check(int is_ok) {
  if (is_ok != 1) throw std::runtime_error("libcrypto cannot compute SHA-256");
}

}  // namespace

struct EventLog::Sink {
  std::vector<Event> events;
  Digest digest = make_digest();
  std::optional<LineFile> file;
};

EventLog::EventLog() : sink_(std::make_unique<Sink>()) {
  check(EVP_DigestInit_ex(sink_->digest.get(), EVP_sha256(), nullptr));
}

EventLog::~EventLog() = default;

void EventLog::write_to(const std::filesystem::path& file) {
  sink_->file.emplace(file);
  for (const Event& event : sink_->events) sink_->file->write(json_line(event));
}

void EventLog::add(Time t_ns, std::string_view kind, std::initializer_list<EventField> fields) {
  Event event{t_ns, std::string(kind), {fields.begin(), fields.end()}};
  const std::string line = json_line(event);
  check(EVP_DigestUpdate(sink_->digest.get(), line.data(), line.size()));
  sink_->events.push_back(std::move(event));
  if (sink_->file) sink_->file->write(line);
}

const std::vector<Event>& EventLog::events() const {
  return sink_->events;
}

std::string EventLog::sha256() const {
  // Finishing a digest ends it; the log goes on, so a copy is finished.
  const Digest copy = make_digest();
  check(EVP_MD_CTX_copy_ex(copy.get(), sink_->digest.get()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int count = 0;
  check(EVP_DigestFinal_ex(copy.get(), bytes.data(), &count));
  std::string hex;
  for (unsigned int i = 0; i < count; ++i) hex += fmt::format("{:02x}", bytes[i]);
  return hex;
}

}  // namespace doppelpack::sim
