// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/data_folder.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "load/load_cell.hpp"
#include "load/quoted.hpp"
#include "load/section.hpp"
#include "sim/acceptance.hpp"
#include "sim/campaign.hpp"
#include "sim/compat.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".yaml";

bool is_path(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(kExtension);
}

std::vector<fs::path> files_on(const Shelf& shelf, const fs::path& data_folder) {
  std::vector<fs::path> files;
  for (const std::string_view folder : {shelf.folder, shelf.second_folder}) {
    std::error_code error;
    if (folder.empty()) continue;
    for (const auto& entry : fs::directory_iterator(data_folder / folder, error))
      if (entry.path().extension() == kExtension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return a.stem() < b.stem(); });
  return files;
}

std::vector<CatalogueEntry> list(const Shelf& shelf, const fs::path& data_folder) {
  std::vector<CatalogueEntry> entries;
  for (const fs::path& file : files_on(shelf, data_folder)) {
    const YamlNode root = read_yaml(file);
    const YamlNode* title = root.find("title");
    entries.push_back({file.stem().string(), title != nullptr ? to_text(*title) : "", file});
  }
  return entries;
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

}  // namespace

fs::path find_data_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share" / "doppelpack";
  const fs::path source = DOPPELPACK_SOURCE_DATA_DIR;
  for (const fs::path& folder : {installed, source})
    if (is_there(folder / kProducts.folder)) return folder;
  throw DataError(
      {}, "found no data folder, expected " + installed.string() + " or " + source.string());
}

fs::path locate(std::string_view key_or_file, const Shelf& shelf, const fs::path& base,
                const fs::path& data_folder, const SourceLocation& where) {
  if (is_path(key_or_file)) {
    fs::path file = (base / fs::path(key_or_file)).lexically_normal();
    if (is_there(file)) return file;
    throw DataError(where, "found no file " + quote(key_or_file) + ", expected the path of a " +
                               std::string(shelf.kind) + " file");
  }
  std::vector<std::string> keys;
  for (const fs::path& file : files_on(shelf, data_folder)) {
    keys.push_back(file.stem().string());
    if (keys.back() == key_or_file) return file;
  }
  const std::vector<std::string_view> known = views(keys);
  throw DataError(where, "found no " + std::string(shelf.kind) + " " + quote(key_or_file) +
                             hint(key_or_file, known) + ", expected a path or one of: " +
                             (known.empty() ? "none in " + (data_folder / shelf.folder).string()
                                            : alternatives(known)));
}

fs::path locate(const YamlNode& node, const Shelf& shelf, const fs::path& data_folder) {
  const fs::path base = node.where.line > 0 ? fs::path(node.where.file).parent_path() : fs::path();
  return locate(to_text(node), shelf, base, data_folder, node.where);
}

std::vector<CatalogueEntry> list_products(const fs::path& data_folder) {
  return list(kProducts, data_folder);
}

std::vector<CatalogueEntry> list_inverters(const fs::path& data_folder) {
  return list(kInverters, data_folder);
}

std::vector<CatalogueEntry> list_scenarios(const fs::path& data_folder) {
  return list(kScenarios, data_folder);
}

std::vector<CatalogueEntry> list_power_stages(const fs::path& data_folder) {
  return list(kPowerStages, data_folder);
}

std::string_view file_kind_name(FileKind kind) {
  switch (kind) {
    case FileKind::product:
      return "product";
    case FileKind::inverter:
      return "inverter";
    case FileKind::cell:
      return "cell";
    case FileKind::compat:
      return "compat";
    case FileKind::acceptance:
      return "acceptance";
    case FileKind::campaign:
      return "campaign";
    case FileKind::power_stage:
      return "power stage";
    case FileKind::scenario:
      break;
  }
  return "scenario";
}

FileKind check_file(const fs::path& file, const fs::path& data_folder) {
  const YamlNode root = read_yaml(file);
  if (root.keys.empty())
    refuse(root,
           "a product, inverter, cell, scenario, compat, acceptance, campaign or power stage file");
  if (root.keys.front() == "sweep")
    refuse(root, "another kind of file: 'doppelpack campaign FILE --list' checks a sweep");
  constexpr std::array<std::string_view, 8> kWords{
      kProducts.kind,      kInverters.kind,       kCells.kind,     kScenarios.kind,
      kCompatScripts.kind, kAcceptanceLists.kind, kCampaigns.kind, kPowerStages.kind};
  const auto word = std::find(kWords.begin(), kWords.end(), root.keys.front());
  if (word == kWords.end())
    throw DataError(root.items.front().where, "found the first key " + quote(root.keys.front()) +
                                                  ", expected " + alternatives(kWords));
  const auto kind = static_cast<FileKind>(word - kWords.begin());
  const std::string path = fs::absolute(file).string();
  switch (kind) {
    case FileKind::product:
      load_product(path, data_folder);
      break;
    case FileKind::inverter:
      load_inverter(path, data_folder);
      break;
    case FileKind::cell:
      read_cell(read_yaml(file));
      break;
    case FileKind::scenario:
      load_scenario(path, data_folder);
      break;
    case FileKind::compat:
      load_compat_script(path, data_folder);
      break;
    case FileKind::acceptance:
      load_acceptance_list(path, data_folder);
      break;
    case FileKind::campaign:
      load_campaign(path, data_folder);
      break;
    case FileKind::power_stage:
      load_power_stage(path, data_folder);
      break;
  }
  return kind;
}

}  // namespace doppelpack::sim
