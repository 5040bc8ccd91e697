// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <algorithm>
#include <map>
#include <system_error>

#include "load/data_folder.hpp"
#include "load/quoted.hpp"
#include "load/section.hpp"
#include "sim/acceptance.hpp"
#include "sim/load.hpp"

namespace doppelpack::sim {

namespace {

namespace fs = std::filesystem;

AcceptanceRow read_acceptance_row(const YamlNode& node, const std::string& section_title) {
  const Section section(node, {"id", "cause", "not_covered"});
  AcceptanceRow row;
  row.id = section.text("id");
  row.section = section_title;
  row.cause = section.text("cause");
  if (section.has("not_covered")) row.not_covered = section.text("not_covered");
  return row;
}

void read_acceptance_section(const YamlNode& node, std::vector<AcceptanceRow>& rows) {
  const Section section(node, {"title", "rows"});
  const std::string title = section.text("title");
  for (const YamlNode& item : to_list(section.at("rows"), 1)) {
    AcceptanceRow row = read_acceptance_row(item, title);
    const auto is_same = [&](const AcceptanceRow& other) { return other.id == row.id; };
    if (std::any_of(rows.begin(), rows.end(), is_same))
      refuse(*item.find("id"), "an id that no other row has");
    rows.push_back(std::move(row));
  }
}

fs::path read_scenario_folder(const YamlNode& node) {
  const fs::path folder = (fs::path(node.where.file).parent_path() / to_text(node));
  std::error_code error;
  if (!fs::is_directory(folder, error)) refuse(node, "a folder with scenarios, seen from here");
  return folder.lexically_normal();
}

// The files of all scenarios that may show a row, by name.
std::vector<fs::path> scenario_files(const AcceptanceList& list, const fs::path& data_folder) {
  std::vector<fs::path> files;
  if (list.scenarios.empty()) {
    for (const CatalogueEntry& entry : list_scenarios(data_folder)) files.push_back(entry.file);
    return files;
  }
  for (const auto& entry : fs::directory_iterator(list.scenarios))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> ids_of(const AcceptanceList& list) {
  std::vector<std::string> ids;
  for (const AcceptanceRow& row : list.rows) ids.push_back(row.id);
  return ids;
}

void check_id(const std::string& id, const std::vector<std::string>& known,
              const AcceptanceList& list, const SourceLocation& where) {
  if (std::find(known.begin(), known.end(), id) != known.end()) return;
  throw DataError(where, "found no row " + quote(id) + hint(id, views(known)) +
                             ", expected one of those in " + list.file);
}

// Which files show which row. Only the keys of a file are read here: most are not needed.
std::map<std::string, std::vector<fs::path>> find_shows(const AcceptanceList& list,
                                                        const fs::path& data_folder) {
  const std::vector<std::string> known = ids_of(list);
  std::map<std::string, std::vector<fs::path>> shows;
  for (const fs::path& file : scenario_files(list, data_folder)) {
    const YamlNode root = read_yaml(file);
    const YamlNode* rows = root.find("row");
    if (rows == nullptr) continue;
    for (const YamlNode& row : to_list(*rows, 1)) {
      check_id(to_text(row), known, list, row.where);
      shows[row.text].push_back(file);
    }
  }
  return shows;
}

}  // namespace

AcceptanceList load_acceptance_list(std::string_view key_or_file, const fs::path& data_folder) {
  const YamlNode root = read_yaml(locate(key_or_file, kAcceptanceLists, "", data_folder, {}));
  const Section file(root, {"acceptance", "title", "sources", "scenarios", "sections"});
  AcceptanceList list;
  list.key = read_key(file, "acceptance");
  list.title = file.text("title");
  list.file = root.where.file;
  for (const YamlNode& source : to_list(file.at("sources"), 1))
    list.sources.push_back(to_text(source));
  if (const YamlNode* folder = file.find("scenarios"))
    list.scenarios = read_scenario_folder(*folder);
  for (const YamlNode& section : to_list(file.at("sections"), 1))
    read_acceptance_section(section, list.rows);
  return list;
}

AcceptancePlan plan_acceptance(const AcceptanceList& list, std::span<const std::string> ids,
                               const fs::path& data_folder) {
  const std::vector<std::string> known = ids_of(list);
  for (const std::string& id : ids) check_id(id, known, list, {});
  auto shows = find_shows(list, data_folder);
  AcceptancePlan plan;
  std::map<fs::path, std::size_t> loaded;
  for (const AcceptanceRow& row : list.rows) {
    if (!ids.empty() && std::find(ids.begin(), ids.end(), row.id) == ids.end()) continue;
    AcceptancePlan::Row planned{row, {}};
    for (const fs::path& file : shows[row.id]) {
      const auto [found, is_new] = loaded.emplace(file, plan.scenarios.size());
      if (is_new) plan.scenarios.push_back(load_scenario(file.string(), data_folder));
      planned.scenarios.push_back(found->second);
    }
    plan.rows.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace doppelpack::sim
