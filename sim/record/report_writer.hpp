// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#pragma once

#include <functional>
#include <string>

#include "sim/report_files.hpp"

namespace doppelpack::sim {

/// One report in every format; each is made only if it is asked for.
struct ReportTexts {
  std::function<std::string()> json;
  std::function<std::string()> html;
  std::function<std::string()> junit;
  std::function<std::string()> markdown;
};

/// name: of the files in the folder. Throws DataError.
void write_report(const ReportFiles& files, const std::string& name, const ReportTexts& texts);

}  // namespace doppelpack::sim
