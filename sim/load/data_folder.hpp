// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where data files lie and how they are named.
#pragma once

#include <filesystem>
#include <string_view>

#include "load/yaml_node.hpp"

namespace doppelpack::sim {

/// A kind of data file: the word in its first key, and its folders below the data folder.
struct Shelf {
  std::string_view kind;
  std::string_view folder;
  std::string_view second_folder{};  ///< empty: none
};

inline constexpr Shelf kProducts{"product", "products"};
inline constexpr Shelf kInverters{"inverter", "inverters"};
inline constexpr Shelf kCells{"cell", "cells"};
inline constexpr Shelf kScenarios{"scenario", "cases", "matrix"};
inline constexpr Shelf kCompatScripts{"compat", "compat"};
inline constexpr Shelf kAcceptanceLists{"acceptance", "acceptance"};
inline constexpr Shelf kCampaigns{"campaign", "campaigns"};
inline constexpr Shelf kPowerStages{"power_stage", "power_stages"};

/// A name with a slash or ending in .yaml is a path, seen from `base`; anything else is a key in the
/// data folder. Throws DataError at `where` with near misses when there is no such file.
std::filesystem::path locate(std::string_view key_or_file, const Shelf& shelf,
                             const std::filesystem::path& base,
                             const std::filesystem::path& data_folder, const SourceLocation& where);

/// Likewise for the value of a node: paths are seen from the folder of the file it stands in.
std::filesystem::path locate(const YamlNode& node, const Shelf& shelf,
                             const std::filesystem::path& data_folder);

}  // namespace doppelpack::sim
