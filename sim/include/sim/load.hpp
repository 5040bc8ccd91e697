// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Readers for the data files. Every error is a DataError: file, line, field, found, expected.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/power_stage_profile.hpp"
#include "sim/scenario.hpp"

namespace doppelpack::sim {

/// The folder that holds products/, inverters/, cells/, cases/, matrix/, schema/.
/// Found beside the installed program, else in the source tree it was built from.
/// Throws DataError naming both places when neither exists.
std::filesystem::path find_data_folder();

/// One thing that can be named on the command line or in a file.
struct CatalogueEntry {
  std::string key;
  std::string title;
  std::filesystem::path file;
};
std::vector<CatalogueEntry> list_products(const std::filesystem::path& data_folder);
std::vector<CatalogueEntry> list_inverters(const std::filesystem::path& data_folder);
std::vector<CatalogueEntry> list_scenarios(const std::filesystem::path& data_folder);
std::vector<CatalogueEntry> list_power_stages(const std::filesystem::path& data_folder);

/// A setting that replaces a value of a file before it is read: "initial.soc=80 %".
struct Override {
  std::string key_path;
  std::string value;
};

/// By key, or by path to a .yaml file.
Product load_product(std::string_view key_or_file, const std::filesystem::path& data_folder);
InverterDesign load_inverter(std::string_view key_or_file,
                             const std::filesystem::path& data_folder);

PowerStageProfile load_power_stage(std::string_view key_or_file,
                                   const std::filesystem::path& data_folder);

/// A cell design, likewise, or from the text of such a file.
models::Chemistry load_cell(std::string_view key_or_file, const std::filesystem::path& data_folder);
models::Chemistry parse_cell(const std::string& yaml);

/// Loads and checks everything, including that every signal, control, fault and target exists.
Scenario load_scenario(std::string_view key_or_file, const std::filesystem::path& data_folder,
                       std::span<const Override> overrides = {});

/// What `serve PRODUCT` and the Python Bench run: no timeline, no expectations, no end.
Scenario make_free_run(const Product& product, const InverterDesign& inverter);

/// Gives a scenario of one pack so many that are like it, each with the address of its place: the first
/// as delivered, the next one higher. stacked: in series in each stack.
void add_like_packs(Scenario& scenario, int packs, int stacked);

/// "product", "inverter", "cell", "scenario", "compat", "acceptance", "campaign" or "power stage", by
/// the file's first key; throws DataError.
enum class FileKind {
  product,
  inverter,
  cell,
  scenario,
  compat,
  acceptance,
  campaign,
  power_stage
};
std::string_view file_kind_name(FileKind kind);
FileKind check_file(const std::filesystem::path& file, const std::filesystem::path& data_folder);

}  // namespace doppelpack::sim
