// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The one error type for everything a user wrote: files, command-line settings, API arguments.
#pragma once

#include <stdexcept>
#include <string>

namespace doppelpack::sim {

/// Where a value stands. line 0: no line (a setting given on the command line or through an API).
struct SourceLocation {
  std::string file;
  int line = 0;
  std::string field;  ///< path of keys: "timeline[2].inject.fault"
};

/// what() is one line: "file:line: field: found ..., expected ...".
class DataError : public std::runtime_error {
 public:
  DataError(const SourceLocation& where, const std::string& found_and_expected);
  const SourceLocation& where() const { return where_; }
  const std::string& found_and_expected() const { return found_and_expected_; }

 private:
  SourceLocation where_;
  std::string found_and_expected_;
};

}  // namespace doppelpack::sim
