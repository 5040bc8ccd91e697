// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <algorithm>

#include "record/markup.hpp"
#include "record/timing_json.hpp"
#include "sim/recorder.hpp"

namespace doppelpack::sim {

namespace {

bool has_failed(const Verdict& verdict) {
  return !verdict.has_held;
}

std::string property(int depth, std::string_view name, std::string_view value) {
  return fmt::format("{:{}}<property name=\"{}\" value=\"{}\"/>\n", "", depth, escaped_markup(name),
                     escaped_markup(value));
}

std::string in_seconds(std::string_view word, const std::optional<double>& number) {
  return number ? fmt::format("\n{} {:.9g} s", word, *number) : "";
}

// What was measured, and what the expectation proves.
std::string case_properties(const Verdict& verdict) {
  std::string xml;
  const auto add = [&](std::string_view name, const std::optional<double>& number) {
    if (number) xml += property(8, name, fmt::format("{:.9g}", *number));
  };
  if (!verdict.proves.empty()) xml += property(8, "proves", verdict.proves);
  add("measured_s", verdict.measured_s);
  add("limit_s", verdict.limit_s);
  add("margin_s", verdict.margin_s);
  if (xml.empty()) return "";
  return "      <properties>\n" + xml + "      </properties>\n";
}

std::string failure_of(const Verdict& verdict) {
  if (!has_failed(verdict)) return "";
  const std::string details = fmt::format(
      "{}: {}{}{}{}", verdict.kind, verdict.that, in_seconds("measured", verdict.measured_s),
      in_seconds("limit", verdict.limit_s), in_seconds("margin", verdict.margin_s));
  return fmt::format("      <failure message=\"{}\" type=\"{}\">{}</failure>\n",
                     escaped_markup(verdict.reason), escaped_markup(verdict.kind),
                     escaped_markup(details));
}

std::string test_case(const RunResult& result, const Verdict& verdict) {
  const std::string start =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escaped_markup(result.scenario),
                  escaped_markup(verdict.name));
  const std::string inside = case_properties(verdict) + failure_of(verdict);
  return inside.empty() ? start + "/>\n" : start + ">\n" + inside + "    </testcase>\n";
}

std::ptrdiff_t count_failures(const RunResult& result) {
  return std::count_if(result.expectations.begin(), result.expectations.end(), has_failed);
}

std::string skipped_suite(const JunitSuite& suite) {
  const std::string name = escaped_markup(suite.result.scenario);
  return fmt::format(
      "  <testsuite name=\"{}\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" "
      "time=\"0.000\">\n    <testcase classname=\"{}\" name=\"{}\">\n      <skipped "
      "message=\"{}\"/>\n    </testcase>\n  </testsuite>\n",
      name, name, escaped_markup(suite.result.title), escaped_markup(suite.skipped));
}

std::string test_suite(const JunitSuite& suite) {
  const RunResult& result = suite.result;
  std::string xml = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" "
      "skipped=\"0\" time=\"{:.3f}\">\n    <properties>\n",
      escaped_markup(result.scenario), result.expectations.size(), count_failures(result),
      result.wall_s);
  xml += property(6, "title", result.title);
  xml += property(6, "product", result.product);
  xml += property(6, "seed", std::to_string(result.seed));
  xml += property(6, "simulated_s", fmt::format("{:.9g}", result.simulated_s));
  xml += property(6, "event_log_sha256", result.event_log_sha256);
  if (result.timing)
    for (const auto& [name, value] : to_properties(*result.timing)) xml += property(6, name, value);
  for (const auto& [name, value] : suite.properties) xml += property(6, name, value);
  xml += "    </properties>\n";
  for (const Verdict& verdict : result.expectations) xml += test_case(result, verdict);
  return xml + "  </testsuite>\n";
}

}  // namespace

std::string to_junit(std::span<const JunitSuite> suites) {
  std::size_t tests = 0;
  std::ptrdiff_t failures = 0;
  double wall_s = 0.0;
  std::string xml;
  for (const JunitSuite& suite : suites) {
    tests += suite.skipped.empty() ? suite.result.expectations.size() : 1;
    failures += count_failures(suite.result);
    wall_s += suite.result.wall_s;
    xml += suite.skipped.empty() ? test_suite(suite) : skipped_suite(suite);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3f}\">\n{}</testsuites>\n",
      tests, failures, wall_s, xml);
}

std::string to_junit(std::span<const RunResult> results) {
  std::vector<JunitSuite> suites;
  for (const RunResult& result : results) suites.push_back({result, {}, {}});
  return to_junit(suites);
}

}  // namespace doppelpack::sim
