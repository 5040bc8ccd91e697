// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "http/page_files.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

namespace doppelpack::http {

namespace {

namespace fs = std::filesystem;

std::string type_of(const fs::path& file) {
  static const std::map<std::string, std::string, std::less<>> kTypes{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"}};
  const auto found = kTypes.find(file.extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

/// Filled in and downloaded from the API; by itself it shows nothing.
constexpr std::string_view kReportPage = "report.html";

// Nothing of the page comes from, or goes, anywhere else.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
    "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace

PageFiles PageFiles::find() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share" / "doppelpack" / "web";
  return PageFiles(fs::exists(installed / "index.html", error) ? installed
                                                               : fs::path(DOPPELPACK_BUILT_PAGE));
}

PageFiles::PageFiles(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file(error) || entry.path().filename() == kReportPage) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    files_["/" + entry.path().lexically_relative(folder).generic_string()] = {
        type_of(entry.path()), std::string(std::istreambuf_iterator<char>(stream), {})};
  }
}

Response PageFiles::get(std::string_view path) const {
  if (empty() && path == "/")
    return {404,
            "text/plain; charset=utf-8",
            "The page was not built (CMake option DOPPELPACK_BUILD_PAGE). The API is there, see "
            "/openapi.yaml.\n",
            nullptr,
            {}};
  const auto found = files_.find(path == "/" ? "/index.html" : path);
  if (found == files_.end()) return refuse(404, "there is nothing here");
  const bool is_named_by_content = path.starts_with("/assets/");
  return {200,
          found->second.content_type,
          found->second.content,
          nullptr,
          {{"Content-Security-Policy", std::string(kPolicy)},
           {"Cache-Control", is_named_by_content ? "max-age=31536000, immutable" : "no-cache"}}};
}

}  // namespace doppelpack::http
