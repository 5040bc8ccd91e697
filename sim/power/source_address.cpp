// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <charconv>

#include "can_emulator/uri_parts.hpp"
#include "sim/load.hpp"
#include "sim/power_source.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::string_view kScheme = "scpi";
constexpr std::uint32_t kShortestTimeout_ms = 100;
constexpr std::uint32_t kLongestTimeout_ms = 5000;

[[noreturn]] void refuse_option(const can_emulator::PortUri& uri, const std::string& key,
                                const std::string& found, const std::string& expected) {
  throw DataError({uri.text, 0, key}, fmt::format("found {}, expected {}", found, expected));
}

const std::string* find_option(const can_emulator::PortUri& uri, const std::string& key) {
  const auto found = uri.options.find(key);
  return found == uri.options.end() ? nullptr : &found->second;
}

/// Above 0, at most what the largest device of the family does.
double read_limit(const can_emulator::PortUri& uri, const std::string& key, double highest) {
  const std::string* const text = find_option(uri, key);
  if (text == nullptr) refuse_option(uri, key, "nothing", "what may happen at the most");
  double value = 0.0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error == std::errc{} && stop == end && value > 0.0 && value <= highest) return value;
  refuse_option(uri, key, "'" + *text + "'",
                fmt::format("a number above 0, at most {:g}", highest));
}

SourceLimits read_limits(const can_emulator::PortUri& uri, const PowerStageProfile& profile) {
  SourceLimits limits;
  limits.max_V = read_limit(uri, "max_V", profile.rated_V);
  limits.max_A = read_limit(uri, "max_A", profile.rated_A);
  limits.max_W = find_option(uri, "max_W") != nullptr
                     ? read_limit(uri, "max_W", profile.rated_W)
                     : std::min(limits.max_V * limits.max_A, profile.rated_W);
  return limits;
}

Time read_ms(const can_emulator::PortUri& uri, const std::string& key, Time fallback_ns,
             std::uint32_t lowest_ms, std::uint32_t highest_ms) {
  const auto fallback_ms = static_cast<std::uint32_t>(fallback_ns / kMillisecond);
  return can_emulator::number_option(uri, key, fallback_ms, lowest_ms, highest_ms) * kMillisecond;
}

// Else every pause of the watchdog's length would be a fault of ours, or none would be noticed.
void check_times(const can_emulator::PortUri& uri, const SourceSettings& settings) {
  const PowerStageProfile& profile = settings.profile;
  if (profile.watchdog && settings.timeout_ns >= profile.watchdog->timeout_ns)
    refuse_option(uri, "timeout_ms", fmt::format("{}", settings.timeout_ns / kMillisecond),
                  fmt::format("less than the device's watchdog, {} ms",
                              profile.watchdog->timeout_ns / kMillisecond));
  if (settings.timeout_ns < 2 * profile.period_ns + profile.settle_ns)
    refuse_option(uri, "timeout_ms", fmt::format("{}", settings.timeout_ns / kMillisecond),
                  fmt::format("at least two periods of the profile and its settling, {} ms",
                              (2 * profile.period_ns + profile.settle_ns) / kMillisecond));
}

}  // namespace

bool is_source_address(std::string_view text) {
  return text.starts_with(kScheme) && text.substr(kScheme.size()).starts_with(':');
}

SourceAddress parse_source_address(std::string_view text,
                                   const std::filesystem::path& data_folder) {
  SourceAddress address;
  address.uri = can_emulator::parse_port_uri(text);
  can_emulator::allow_options(
      address.uri, {"profile", "max_V", "max_A", "max_W", "timeout_ms", "soft_start_ms"});
  can_emulator::split_host_and_port(address.uri);
  const std::string* const profile = find_option(address.uri, "profile");
  if (profile == nullptr)
    refuse_option(address.uri, "profile", "nothing", "a name from 'list power-stages', or a file");
  SourceSettings& settings = address.settings;
  settings.profile = load_power_stage(*profile, data_folder);
  settings.limits = read_limits(address.uri, settings.profile);
  settings.timeout_ns = read_ms(address.uri, "timeout_ms", settings.timeout_ns, kShortestTimeout_ms,
                                kLongestTimeout_ms);
  settings.soft_start_ns = read_ms(address.uri, "soft_start_ms", settings.soft_start_ns, 1, 60'000);
  check_times(address.uri, settings);
  return address;
}

void check_limits(const SourceAddress& address, const Scenario& scenario) {
  const double highest_V =
      scenario.product.bms.limits.cvl_mV / 1000.0 * static_cast<double>(scenario.stacked);
  if (address.settings.limits.max_V >= highest_V) return;
  refuse_option(address.uri, "max_V", fmt::format("{:g}", address.settings.limits.max_V),
                fmt::format("at least the charge voltage limit of {}, {:g}", scenario.product.key,
                            highest_V));
}

}  // namespace doppelpack::sim
