// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Shipped files with one edit each, and the error that must follow.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "sim/load.hpp"
#include "temporary_folder.hpp"

namespace doppelpack::sim::test {

namespace fs = std::filesystem;

inline const fs::path kData = fs::path(DOPPELPACK_SOURCE_DIR) / "scenarios";

inline std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A change to a shipped file, and how the error starts after "file:LINE: ".
struct Edit {
  const char* found;  // in the file; the first place counts, and its line is LINE
  const char* replaced;
  const char* error;
};

class BadInput : public testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  // What the reader says after the name of the file.
  std::string error_of(const fs::path& file) const {
    try {
      check_file(file, kData);
    } catch (const DataError& error) {
      const std::string text = error.what();
      EXPECT_EQ(text.find('\n'), std::string::npos) << text;
      const std::string start = file.string() + ":";
      return text.starts_with(start) ? text.substr(start.size()) : text;
    }
    return "accepted";
  }

  std::string error_of_text(const std::string& text) const {
    return error_of(write("file.yaml", text));
  }

  // Every edit is refused, with an error that starts as the row says.
  void check(const std::string& shipped, std::span<const Edit> edits) const {
    for (const Edit& edit : edits) {
      std::string text = read_text(kData / shipped);
      const std::size_t at = text.find(edit.found);
      ASSERT_NE(at, std::string::npos) << shipped << " has no " << edit.found;
      const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
      text.replace(at, std::string_view(edit.found).size(), edit.replaced);
      const std::string expected = std::to_string(line) + ": " + edit.error;
      const std::string error = error_of(write(fs::path(shipped).filename(), text));
      EXPECT_EQ(error.substr(0, expected.size()), expected)
          << edit.found << " -> " << edit.replaced;
    }
  }

  TemporaryFolder folder_;
};

}  // namespace doppelpack::sim::test
