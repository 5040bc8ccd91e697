// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Who may include whom. Reads every #include of the sources and compares it with the table below;
// a failure prints the offending line.

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = DOPPELPACK_SOURCE_DIR;

// The standard headers that a freestanding C11 compiler has.
const std::set<std::string> kFreestanding{"float.h",    "iso646.h", "limits.h",
                                          "stdalign.h", "stdarg.h", "stdbool.h",
                                          "stddef.h",   "stdint.h", "stdnoreturn.h"};

// The folders whose include/<folder>/ others may be allowed to see.
const std::set<std::string> kFolders{"bms", "models", "can_emulator", "sim"};

// Third-party headers by how their names begin.
const std::vector<std::pair<std::string, std::string>> kLibraries{
    {"Eigen/", "Eigen"},          {"systemc", "SystemC"},   {"sysc/", "SystemC"},
    {"tlm", "SystemC"},           {"CLI/", "CLI11"},        {"pybind11/", "pybind11"},
    {"yaml-cpp/", "yaml-cpp"},    {"fmt/", "fmt"},          {"spdlog/", "spdlog"},
    {"nlohmann/", "nlohmann"},    {"openssl/", "OpenSSL"},  {"gtest/", "GoogleTest"},
    {"microhttpd", "microhttpd"}, {"gmock/", "GoogleTest"}, {"benchmark/", "benchmark"},
    {"cereal/", "cereal"},        {"zip.h", "libzip"},
};

// What a folder may include beside the C++ standard library, its own files and its own public
// headers. An entry is a folder (by itself for its public headers, with a subfolder for that one's
// private headers), a single public header, a library, or "POSIX" for what the operating system
// adds to the standard headers.
struct Row {
  std::string folder;  // the longest one that a file's path begins with applies
  std::set<std::string> may_include;
};

const std::vector<Row> kTable{
    {"bms", {}},
    {"models", {"Eigen"}},
    {"can_emulator", {"bms/types.h", "POSIX"}},
    {"sim",
     {"bms", "models", "can_emulator", "Eigen", "yaml-cpp", "fmt", "spdlog", "nlohmann", "OpenSSL",
      "POSIX"}},
    {"sim/snapshot", {"bms", "models", "can_emulator", "Eigen", "fmt", "nlohmann", "cereal"}},
    {"sim/kernel",
     {"bms", "models", "can_emulator", "Eigen", "yaml-cpp", "fmt", "spdlog", "nlohmann", "OpenSSL",
      "POSIX", "SystemC"}},
    {"sim/http", {"bms", "models", "can_emulator", "fmt", "nlohmann", "POSIX", "microhttpd"}},
    {"sim/fmi", {"bms", "models", "fmt", "nlohmann", "POSIX", "libzip"}},
    {"sim/app",
     {"bms", "models", "can_emulator", "Eigen", "fmt", "spdlog", "nlohmann", "POSIX", "CLI11"}},
    {"python/bindings",
     {"bms/types.h", "can_emulator/frame.hpp", "can_emulator/port.hpp", "sim", "models", "Eigen",
      "nlohmann", "pybind11"}},
    {"examples", {"bms"}},
    {"benchmarks",
     {"bms", "models", "can_emulator", "sim", "Eigen", "nlohmann", "POSIX", "benchmark"}},
    {"tests",
     {"bms", "models", "can_emulator", "sim", "Eigen", "yaml-cpp", "nlohmann", "POSIX",
      "GoogleTest"}},
    {"tests/bms", {"bms", "bms/src", "GoogleTest"}},  // looks inside where no output tells
    {"tests/sim",
     {"bms", "models", "can_emulator", "sim", "sim/cores", "Eigen", "yaml-cpp", "nlohmann", "POSIX",
      "GoogleTest"}},
    {"tests/http", {"can_emulator", "sim", "sim/http", "GoogleTest"}},
    {"tests/fmi", {"models", "sim", "sim/fmi", "GoogleTest"}},
    {"tests/fuzz", {"bms", "can_emulator", "can_emulator/ports", "can_emulator/protocols", "sim"}},
};

const Row* row_of(const std::string& file) {
  const Row* found = nullptr;
  for (const Row& row : kTable) {
    if (file.starts_with(row.folder + "/") &&
        (found == nullptr || found->folder.size() < row.folder.size())) {
      found = &row;
    }
  }
  return found;
}

std::string top_folder(const std::string& path) {
  return path.substr(0, path.find('/'));
}

std::optional<std::string> library_of(const std::string& header) {
  for (const auto& [beginning, library] : kLibraries) {
    if (header.starts_with(beginning)) return library;
  }
  return std::nullopt;
}

// Why `file` may not include `header`; empty if it may.
std::string objection(const std::string& file, const std::string& header, bool is_quoted) {
  const Row* row = row_of(file);
  if (row == nullptr) return "the file lies in a folder that the table does not know";
  const std::string own = top_folder(file);
  const auto may = [&](const std::string& what) { return row->may_include.contains(what); };

  if (const auto library = library_of(header)) {
    return may(*library) ? "" : row->folder + "/ may not include " + *library;
  }
  const std::string other = top_folder(header);
  if (kFolders.contains(other) && header != other) {
    if (other == own) return "";
    if (!may(other) && !may(header))
      return row->folder + "/ may not include this header of " + other + "/";
    const bool is_generated = header == "sim/version.hpp";
    if (!is_generated && !fs::exists(kRoot / other / "include" / header)) {
      return "not a public header of " + other + "/";
    }
    return "";
  }
  if (is_quoted) {
    const fs::path beside = kRoot / fs::path(file).parent_path() / header;
    const fs::path within = kRoot / own / header;
    for (const fs::path& candidate : {beside, within}) {
      if (!fs::exists(candidate)) continue;
      const std::string target = fs::relative(candidate, kRoot).generic_string();
      if (top_folder(target) == own || may(fs::path(target).parent_path().generic_string()))
        return "";
      return "reaches into " + top_folder(target) + "/";
    }
    return "no such file in " + own + "/";
  }
  if (own == "bms") {
    return kFreestanding.contains(header) ? "" : "bms/ has freestanding standard headers only";
  }
  if (header.find('.') == std::string::npos && header.find('/') == std::string::npos) return "";
  return may("POSIX") ? "" : row->folder + "/ has C++ standard headers only";
}

std::vector<std::string> source_files() {
  static const std::set<std::string> kExtensions{".c", ".h", ".cpp", ".hpp"};
  std::set<std::string> tops;
  for (const Row& row : kTable) tops.insert(row.folder);
  std::set<std::string> files;
  for (const std::string& top : tops) {
    if (!fs::exists(kRoot / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      if (entry.is_regular_file() && kExtensions.contains(entry.path().extension().string())) {
        files.insert(fs::relative(entry.path(), kRoot).generic_string());
      }
    }
  }
  return {files.begin(), files.end()};
}

struct Include {
  std::string header;
  bool is_quoted;
};

std::optional<Include> include_of(const std::string& line) {
  constexpr const char* kBlank = " \t";
  std::size_t at = line.find_first_not_of(kBlank);
  if (at == std::string::npos || line[at] != '#') return std::nullopt;
  at = line.find_first_not_of(kBlank, at + 1);
  if (at == std::string::npos || line.compare(at, 7, "include") != 0) return std::nullopt;
  const std::size_t begin = line.find_first_of("<\"", at);
  if (begin == std::string::npos) return std::nullopt;
  const std::size_t end = line.find_first_of(">\"", begin + 1);
  if (end == std::string::npos) return std::nullopt;
  return Include{line.substr(begin + 1, end - begin - 1), line[begin] == '"'};
}

TEST(IncludeTable, is_obeyed_by_every_source) {
  const std::vector<std::string> files = source_files();
  ASSERT_FALSE(files.empty());
  for (const std::string& file : files) {
    std::ifstream stream(kRoot / file);
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
      const std::optional<Include> include = include_of(line);
      if (!include) continue;
      const std::string why = objection(file, include->header, include->is_quoted);
      EXPECT_TRUE(why.empty()) << file << ":" << number << ": " << line << "\n  " << why;
    }
  }
}

TEST(IncludeTable, says_no_where_it_should) {
  const auto allows = [](const char* file, const char* header, bool is_quoted) {
    return objection(file, header, is_quoted).empty();
  };
  EXPECT_TRUE(allows("bms/src/bms.c", "stdint.h", false));
  EXPECT_FALSE(allows("bms/src/bms.c", "stdio.h", false));
  EXPECT_FALSE(allows("bms/src/bms.c", "sim/fault.hpp", true));
  EXPECT_FALSE(allows("models/pack/pack.cpp", "unistd.h", false));
  EXPECT_FALSE(allows("models/pack/pack.cpp", "bms/types.h", true));
  EXPECT_TRUE(allows("can_emulator/bus/bus.cpp", "bms/types.h", true));
  EXPECT_FALSE(allows("can_emulator/bus/bus.cpp", "bms/bms.h", true));
  EXPECT_FALSE(allows("can_emulator/bus/bus.cpp", "Eigen/Core", false));
  EXPECT_TRUE(allows("sim/kernel/bench.cpp", "systemc", false));
  EXPECT_FALSE(allows("sim/harness/harness.cpp", "systemc", false));
  EXPECT_FALSE(allows("sim/harness/harness.cpp", "CLI/CLI.hpp", false));
  EXPECT_TRUE(allows("sim/app/main.cpp", "CLI/CLI.hpp", false));
  EXPECT_TRUE(allows("python/bindings/module.cpp", "models/pack.hpp", true));
  EXPECT_FALSE(allows("python/bindings/module.cpp", "bms/bms.h", true));
  EXPECT_FALSE(allows("tests/sim/bench_test.cpp", "systemc", false));
}

}  // namespace
