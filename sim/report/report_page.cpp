// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "sim/data_error.hpp"
#include "sim/report.hpp"

namespace doppelpack::sim {

namespace {

namespace fs = std::filesystem;

/// Between these the page has its data; web/report.html has both, too.
constexpr std::string_view kBefore = R"(<script type="application/json" id="report">)";
constexpr std::string_view kAfter = "</script>";

/// Nothing in the data ends the script element or begins a comment in it.
std::string safe_in_script(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

}  // namespace

std::vector<fs::path> report_page_folders() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share" / "doppelpack" / "web";
  return {installed, DOPPELPACK_BUILT_PAGE};
}

std::string read_report_page(const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    std::ifstream stream(folder / "report.html", std::ios::binary);
    if (stream) return std::string(std::istreambuf_iterator<char>(stream), {});
  }
  throw DataError({}, "the page of a report was not built, expected " +
                          (folders.back() / "report.html").string() +
                          " (CMake option DOPPELPACK_BUILD_PAGE, needs npm)");
}

std::string scenario_text(const Scenario& scenario) {
  if (scenario.sha256.empty()) return {};
  std::ifstream stream(scenario.file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string fill_report_page(std::string_view page, std::string_view json) {
  const std::size_t place = page.find(kBefore);
  const std::size_t end = place == std::string_view::npos ? place : page.find(kAfter, place);
  if (end == std::string_view::npos)
    throw std::invalid_argument("the page of a report has no place for its data");
  std::string filled(page.substr(0, place + kBefore.size()));
  filled += safe_in_script(json);
  filled += page.substr(end);
  return filled;
}

}  // namespace doppelpack::sim
