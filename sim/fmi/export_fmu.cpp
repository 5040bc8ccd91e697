// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "fmi/export_fmu.hpp"

#include <fmt/format.h>
#include <link.h>

#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "fmi/zip_archive.hpp"
#include "load/data_folder.hpp"
#include "load/text_file.hpp"
#include "record/sha256.hpp"
#include "sim/data_error.hpp"
#include "sim/load.hpp"
#include "sim/resolve.hpp"

namespace doppelpack::fmi {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLicences =
    "doppelpack: Apache-2.0, https://www.apache.org/licenses/LICENSE-2.0\n"
    "Shared libraries beside it: libsystemc (Apache-2.0), libfmt (MIT), libyaml-cpp (MIT), "
    "libz (Zlib),\n"
    "libcrypto of OpenSSL 3 (Apache-2.0).\n";

struct Content {
  FmuPlan plan;
  DescriptionFacts facts;
  std::vector<ZipEntry> data;  ///< product, cell, inverter; below resources/
  std::vector<ZipEntry> libraries;
};

std::string read_bytes(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw sim::DataError({file.string(), 0, ""}, "found no readable file");
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Where it was installed to, or beside the program in a build folder.
fs::path find_library() {
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path installed = (folder / DOPPELPACK_FMU_FROM_PROGRAM).lexically_normal();
  const fs::path built = folder / "doppelpack_fmu.so";
  for (const fs::path& file : {installed, built})
    if (fs::exists(file, error)) return file;
  throw sim::DataError({"", 0, "library"}, fmt::format("found neither {} nor {}, expected one",
                                                       installed.string(), built.string()));
}

// This program runs on the same libraries as the FMU; what every Linux has stays out.
std::set<fs::path> needed_libraries() {
  std::set<fs::path> files;
  const auto look = [](dl_phdr_info* info, std::size_t /*size*/, void* found) {
    constexpr std::array<std::string_view, 5> kTaken{"libsystemc", "libfmt", "libyaml-cpp",
                                                     "libcrypto", "libz.so"};
    const fs::path file = info->dlpi_name;
    for (const std::string_view name : kTaken)
      if (file.filename().string().starts_with(name))
        static_cast<std::set<fs::path>*>(found)->insert(file);
    return 0;
  };
  dl_iterate_phdr(look, &files);
  return files;
}

/// The cell that a product's file names, with its place among the resources.
ZipEntry cell_of(const fs::path& product, const fs::path& data_folder) {
  const sim::YamlNode root = sim::read_yaml(product);
  const sim::YamlNode& cell = *root.find("pack")->find("cell");
  const fs::path file = sim::locate(cell, sim::kCells, data_folder);
  const bool is_key = cell.text.find('/') == std::string::npos && !cell.text.ends_with(".yaml");
  if (is_key) return {fmt::format("cells/{}.yaml", cell.text), sim::read_text_file(file)};
  const fs::path place = (fs::path("products") / cell.text).lexically_normal();
  if (place.is_absolute() || *place.begin() == "..")
    throw sim::DataError(cell.where, fmt::format("found the cell \"{}\", expected a key, or a file "
                                                 "beside the product or in a folder beside its own",
                                                 cell.text));
  return {place.string(), sim::read_text_file(file)};
}

sim::InjectAction action_of(const FaultInput& input) {
  const auto given = [](std::string text) {
    return sim::Located{std::move(text), {"--fault", 0, ""}};
  };
  sim::InjectAction action;
  action.fault = given(input.fault);
  if (input.target != 0) action.target = given(std::to_string(input.target));
  if (const sim::Fault* known = sim::find_fault(input.fault); known != nullptr && input.severity)
    action.severity =
        given(fmt::format("{} {}", *input.severity, sim::unit_of(known->severity_dimension)));
  return action;
}

// Throws DataError for a fault, target or severity that the product does not know.
void check_faults(const std::vector<FaultInput>& faults, const sim::Product& product) {
  const sim::Scenario scenario = sim::make_free_run(product, {});
  std::set<std::string> names;
  for (const FaultInput& input : faults) {
    sim::resolve_fault(action_of(input), scenario);
    if (!names.insert(input.name()).second)
      throw sim::DataError({"--fault", 0, ""},
                           fmt::format("found {} twice, expected it once", input.name()));
  }
}

Content gather_data(const ExportOrder& order, const sim::Product& product,
                    const fs::path& data_folder) {
  Content content;
  content.plan.product = product.key;
  content.plan.faults = order.faults;
  content.data.push_back(
      {fmt::format("products/{}.yaml", product.key), sim::read_text_file(product.file)});
  content.data.push_back(cell_of(product.file, data_folder));
  if (order.inverter.empty()) return content;
  const sim::InverterDesign inverter = sim::load_inverter(order.inverter, data_folder);
  content.plan.inverter = inverter.key;
  content.data.push_back(
      {fmt::format("inverters/{}.yaml", inverter.key), sim::read_text_file(inverter.file)});
  return content;
}

void add_libraries(FmiVersion version, Content& content) {
  const char* folder = version == FmiVersion::two ? "binaries/linux64" : "binaries/x86_64-linux";
  content.libraries.push_back(
      {fmt::format("{}/{}.so", folder, content.facts.identifier), read_bytes(find_library())});
  for (const fs::path& file : needed_libraries())
    content.libraries.push_back(
        {fmt::format("{}/{}", folder, file.filename().string()), read_bytes(file)});
}

// Of all that decides what the FMU does and what its references mean, in the form of a GUID.
std::string token_of(const Content& content, const VariableTable& variables, FmiVersion version) {
  sim::Sha256 digest;
  digest.add(describe(version, content.facts, variables));
  digest.add(to_json(content.plan));
  for (const auto* entries : {&content.data, &content.libraries}) {
    for (const ZipEntry& entry : *entries) {
      digest.add(fmt::format("{}:{};", entry.name, entry.bytes.size()));
      digest.add(entry.bytes);
    }
  }
  const std::string hex = digest.hex();
  return fmt::format("{{{}-{}-{}-{}-{}}}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20, 12));
}

std::vector<ZipEntry> entries_of(Content content, const VariableTable& variables,
                                 FmiVersion version) {
  std::vector<ZipEntry> entries{
      {"modelDescription.xml", describe(version, content.facts, variables)},
      {"documentation/licenses/license.txt", std::string(kLicences)},
      {fmt::format("resources/{}", kPlanFile), to_json(content.plan)}};
  for (ZipEntry& entry : content.data)
    entries.push_back({"resources/" + entry.name, std::move(entry.bytes)});
  for (ZipEntry& entry : content.libraries) entries.push_back(std::move(entry));
  return entries;
}

std::size_t count_elements(const VariableTable& variables, Causality causality) {
  std::size_t count = 0;
  for (const Variable& variable : variables.all())
    if (variable.causality == causality) count += variable.size;
  return count;
}

}  // namespace

std::string identifier_of(const std::string& product, bool has_bms) {
  std::string name = product + (has_bms ? "" : "_plant");
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return std::isdigit(static_cast<unsigned char>(name.front())) != 0 ? "pack_" + name : name;
}

ExportedFmu export_fmu(const ExportOrder& order, const fs::path& data_folder,
                       const fs::path& file) {
  const sim::Product product = sim::load_product(order.product, data_folder);
  check_faults(order.faults, product);
  Content content = gather_data(order, product, data_folder);
  const bool has_bms = content.plan.has_bms();
  content.facts.model = product.key;
  content.facts.title =
      fmt::format("{}, {}", product.title, has_bms ? "with its BMS" : "without a BMS");
  content.facts.identifier = identifier_of(product.key, has_bms);
  content.facts.step_s = order.step_s;
  add_libraries(order.version, content);
  const VariableTable variables(content.plan, product);
  content.plan.token = token_of(content, variables, order.version);
  content.facts.token = content.plan.token;
  ExportedFmu exported{count_elements(variables, Causality::input),
                       count_elements(variables, Causality::output), content.plan.token};
  write_zip(file, entries_of(std::move(content), variables, order.version));
  return exported;
}

}  // namespace doppelpack::fmi
