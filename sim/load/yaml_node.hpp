// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// A YAML file as a plain tree in which every value knows where it stands. Only what data files need:
// maps, lists and scalars of text; no anchors, no aliases, one document, bounded depth and size.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/data_error.hpp"

namespace doppelpack::sim {

struct YamlNode {
  enum class Kind { empty, scalar, list, map };

  Kind kind = Kind::empty;
  std::string text;  ///< of a scalar
  SourceLocation where;
  std::vector<std::string> keys;  ///< of a map, beside items
  std::vector<YamlNode> items;    ///< of a list or map

  /// The value of that key of a map, or nullptr.
  const YamlNode* find(std::string_view key) const;
};

/// Throws DataError for everything that is not such a file, duplicate keys included.
YamlNode read_yaml(const std::filesystem::path& file);

/// The same for a text; `name` is the file in errors, empty when there is none.
YamlNode read_yaml_text(const std::string& text, const std::string& name);

/// "nothing", "'3.65 V'", "a list", "a map": for error texts.
std::string describe(const YamlNode& node);

/// SHA-256 of what it says: not of comments, layout and where it stands.
std::string digest_of(const YamlNode& node);

}  // namespace doppelpack::sim
