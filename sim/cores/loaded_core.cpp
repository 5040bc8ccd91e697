// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "cores/loaded_core.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstddef>
#include <fstream>
#include <string_view>

#include "record/sha256.hpp"
#include "sim/data_error.hpp"
#include "sim/version.hpp"

namespace doppelpack::sim {

namespace {

[[noreturn]] void refuse(const CoreChoice& choice, const std::string& found_and_expected) {
  throw DataError({choice.library.string(), 0, ""}, found_and_expected);
}

// dlerror() begins with the path as the loader knows it; the error has it already.
std::string loader_message(std::string_view path) {
  const char* const text = dlerror();
  std::string_view message = text != nullptr ? text : "no reason given";
  if (message.starts_with(path)) message.remove_prefix(path.size());
  if (message.starts_with(": ")) message.remove_prefix(2);
  return std::string(message);
}

void* open(const CoreChoice& choice) {
  // Without a slash the loader would search its own folders.
  const std::string path = std::filesystem::absolute(choice.library).string();
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    refuse(choice, "found no library that can be loaded: " + loader_message(path));
  return library;
}

const bms_core_entry_t& entry_of(void* library, const CoreChoice& choice) {
  using Entry = const bms_core_entry_t* (*)();
  const auto find = reinterpret_cast<Entry>(dlsym(library, "bms_core_entry"));
  if (find == nullptr)
    refuse(choice,
           "found no symbol bms_core_entry, expected BMS_EXPORT_CORE in one of its sources");
  const bms_core_entry_t* const entry = find();
  if (entry == nullptr) refuse(choice, "bms_core_entry: found nothing, expected an entry");
  return *entry;
}

void check_headers(const bms_core_entry_t& entry, const CoreChoice& choice) {
  if (entry.abi_version != BMS_ABI_VERSION) {
    refuse(choice, fmt::format("found ABI version {}, expected {}: compile it against the headers "
                               "bms/*.h of doppelpack {}",
                               entry.abi_version, BMS_ABI_VERSION, kVersion));
  }
  struct Size {
    const char* type;
    std::uint32_t found;
    std::size_t expected;
  };
  const std::array<Size, 5> sizes{{
      {"bms_core_t", entry.core_bytes, sizeof(bms_core_t)},
      {"bms_config_t", entry.config_bytes, sizeof(bms_config_t)},
      {"BMS_NVM_BYTES", entry.nvm_bytes, BMS_NVM_BYTES},
      {"bms_inputs_t", entry.inputs_bytes, sizeof(bms_inputs_t)},
      {"bms_outputs_t", entry.outputs_bytes, sizeof(bms_outputs_t)},
  }};
  for (const Size& size : sizes) {
    if (size.found == size.expected) continue;
    refuse(choice,
           fmt::format("{}: found {} bytes, expected {}: other headers, or compiler options "
                       "that change sizes (-fshort-enums, -fpack-struct)",
                       size.type, size.found, size.expected));
  }
}

void check_table(const bms_core_t* table, const CoreChoice& choice) {
  if (table == nullptr || table->name == nullptr || table->init == nullptr ||
      table->step == nullptr) {
    refuse(choice, "found a bms_core_t with an empty entry, expected name, init and step");
  }
  if (table->abi_version != BMS_ABI_VERSION) {
    refuse(choice, fmt::format("bms_core_t.abi_version: found {}, expected {}", table->abi_version,
                               BMS_ABI_VERSION));
  }
  if (table->instance_bytes > kMaxInstance_bytes) {
    refuse(choice, fmt::format("bms_core_t.instance_bytes: found {}, expected at most {}",
                               table->instance_bytes, kMaxInstance_bytes));
  }
  if (!std::has_single_bit(table->instance_alignment) ||
      table->instance_alignment > alignof(std::max_align_t)) {
    refuse(choice, fmt::format("bms_core_t.instance_alignment: found {}, expected a power of two "
                               "up to {}",
                               table->instance_alignment, alignof(std::max_align_t)));
  }
}

}  // namespace

void LoadedCore::Close::operator()(void* library) const {
  dlclose(library);
}

LoadedCore::LoadedCore(const CoreChoice& choice)
    : table_(choice.table != nullptr ? choice.table : bms_core()) {
  if (!choice.library.empty()) {
    library_.reset(open(choice));
    const bms_core_entry_t& entry = entry_of(library_.get(), choice);
    check_headers(entry, choice);
    table_ = entry.core;
    if (entry.version != nullptr) version_ = entry.version;
  }
  check_table(table_, choice);
}

std::string sha256_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Sha256 digest;
  std::array<char, 65536> block{};
  while (stream.read(block.data(), block.size()) || stream.gcount() > 0)
    digest.add({block.data(), static_cast<std::size_t>(stream.gcount())});
  if (!stream.eof()) {
    throw DataError({file.string(), 0, ""},
                    "found no file that can be read, expected a shared library");
  }
  return digest.hex();
}

}  // namespace doppelpack::sim
