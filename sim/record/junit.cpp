// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>

#include "record/markup_text.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

namespace {

bool has_failed(const Verdict& verdict) {
  return !verdict.has_held;
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, markup_text(value));
}

std::string in_seconds(std::string_view word, const std::optional<double>& number) {
  return number ? fmt::format("\n{} {:.9g} s", word, *number) : "";
}

std::string test_case(const RunResult& result, const Verdict& verdict) {
  const std::string start = fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                                        markup_text(result.scenario), markup_text(verdict.name));
  if (!has_failed(verdict)) return start + "/>\n";
  const std::string details = fmt::format(
      "{}: {}{}{}{}", verdict.kind, verdict.that, in_seconds("measured", verdict.measured_s),
      in_seconds("limit", verdict.limit_s), in_seconds("margin", verdict.margin_s));
  return fmt::format(
      "{}>\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n    </testcase>\n", start,
      markup_text(verdict.reason), markup_text(verdict.kind), markup_text(details));
}

std::ptrdiff_t count_failures(const RunResult& result) {
  return std::count_if(result.expectations.begin(), result.expectations.end(), has_failed);
}

std::string test_suite(const RunResult& result) {
  std::string xml = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" "
      "time=\"{:.3f}\">\n    <properties>\n",
      markup_text(result.scenario), result.expectations.size(), count_failures(result),
      result.wall_s);
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
