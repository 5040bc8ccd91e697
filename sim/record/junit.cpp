// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/recorder.hpp"

namespace doppelpack::sim {

namespace {

// Broken UTF-8 would make the whole document unreadable; the JSON library knows how to mend it.
std::string valid_utf8(std::string_view text) {
  const auto dumped =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return nlohmann::json::parse(dumped).get<std::string>();
}

// Fit for attributes and for text. XML has no way at all to say most control characters.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : valid_utf8(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";
        break;
      case '\r':
        result += "&#13;";
        break;
      case '\t':
        result += "&#9;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20U ? '?' : c;
    }
  }
  return result;
}

bool has_failed(const Verdict& verdict) {
  return !verdict.has_held;
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, escaped(value));
}

std::string in_seconds(std::string_view word, const std::optional<double>& number) {
  return number ? fmt::format("\n{} {:.9g} s", word, *number) : "";
}

std::string test_case(const RunResult& result, const Verdict& verdict) {
  const std::string start = fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                                        escaped(result.scenario), escaped(verdict.name));
  if (!has_failed(verdict)) return start + "/>\n";
  const std::string details = fmt::format(
      "{}: {}{}{}{}", verdict.kind, verdict.that, in_seconds("measured", verdict.measured_s),
      in_seconds("limit", verdict.limit_s), in_seconds("margin", verdict.margin_s));
  return fmt::format(
      "{}>\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n    </testcase>\n", start,
      escaped(verdict.reason), escaped(verdict.kind), escaped(details));
}

std::ptrdiff_t count_failures(const RunResult& result) {
  return std::count_if(result.expectations.begin(), result.expectations.end(), has_failed);
}

std::string test_suite(const RunResult& result) {
  std::string xml = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" "
      "time=\"{:.3f}\">\n    <properties>\n",
      escaped(result.scenario), result.expectations.size(), count_failures(result), result.wall_s);
  xml += property("title", result.title);
  xml += property("product", result.product);
  xml += property("seed", std::to_string(result.seed));
  xml += property("simulated_s", fmt::format("{:.9g}", result.simulated_s));
  xml += property("event_log_sha256", result.event_log_sha256);
  xml += "    </properties>\n";
  for (const Verdict& verdict : result.expectations) xml += test_case(result, verdict);
  return xml + "  </testsuite>\n";
}

}  // namespace

std::string to_junit(std::span<const RunResult> results) {
  std::size_t tests = 0;
  std::ptrdiff_t failures = 0;
  double wall_s = 0.0;
  std::string suites;
  for (const RunResult& result : results) {
    tests += result.expectations.size();
    failures += count_failures(result);
    wall_s += result.wall_s;
    suites += test_suite(result);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3f}\">\n{}</testsuites>\n",
      tests, failures, wall_s, suites);
}

}  // namespace doppelpack::sim
