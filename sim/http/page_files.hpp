// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The files of the page, read once: what is served is what was there at the start, and no path of a
// request ever reaches the file system.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "http/exchange.hpp"

namespace doppelpack::http {

class PageFiles {
 public:
  /// Beside the installed program, else where the build left them; with neither the page is a line
  /// that says so.
  static PageFiles find();
  explicit PageFiles(const std::filesystem::path& folder);

  bool empty() const { return files_.empty(); }
  /// "/" is index.html.
  Response get(std::string_view path) const;

 private:
  struct File {
    std::string content_type;
    std::string content;
  };
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace doppelpack::http
