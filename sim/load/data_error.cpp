// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/data_error.hpp"

#include "load/quoted.hpp"

namespace doppelpack::sim {

namespace {

std::string one_line(const SourceLocation& where, const std::string& found_and_expected) {
  std::string line;
  if (!where.file.empty()) line += where.file + ":";
  if (where.line > 0) line += std::to_string(where.line) + ":";
  if (!line.empty()) line += ' ';
  if (!where.field.empty()) line += where.field + ": ";
  return printable(line + found_and_expected);
}

}  // namespace

DataError::DataError(const SourceLocation& where, const std::string& found_and_expected)
    : std::runtime_error(one_line(where, found_and_expected)),
      where_(where),
      found_and_expected_(found_and_expected) {}

}  // namespace doppelpack::sim
