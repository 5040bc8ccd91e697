// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// modelDescription.xml, in the words of each version of the standard.
#pragma once

#include <string>

#include "fmi/variable_table.hpp"

namespace doppelpack::fmi {

enum class FmiVersion { two, three };

struct DescriptionFacts {
  std::string model;       ///< name for people
  std::string title;       ///< one line
  std::string identifier;  ///< of the library's file
  std::string token;
  double step_s = 0.001;  ///< proposed to the master
};

/// The file as text; the same facts give the same text.
std::string describe(FmiVersion version, const DescriptionFacts& facts,
                     const VariableTable& variables);

}  // namespace doppelpack::fmi
