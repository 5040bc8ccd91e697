// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "fmi/zip_archive.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <memory>

#include "sim/data_error.hpp"

namespace doppelpack::fmi {

namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
  throw sim::DataError({file.string(), 0, ""},
                       fmt::format("found {}, expected a file that can be written", what));
}

Archive open_archive(const std::filesystem::path& file) {
  int code = 0;
  Archive archive(zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (archive != nullptr) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string what = zip_error_strerror(&error);
  zip_error_fini(&error);
  refuse(file, what);
}

// What goes wrong here is missing in the end.
void add(zip_t* archive, const ZipEntry& entry) {
  constexpr zip_uint16_t kFirstDay = (1U << 5U) | 1U;  // 1 January 1980, as MS-DOS says it
  zip_source_t* source =
      zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), /*freep=*/0);
  if (source == nullptr) return;
  const zip_int64_t index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return;
  }
  zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, kFirstDay, 0);
}

}  // namespace

void write_zip(const std::filesystem::path& file, const std::vector<ZipEntry>& entries) {
  Archive archive = open_archive(file);
  for (const ZipEntry& entry : entries) add(archive.get(), entry);
  const bool is_complete =
      zip_get_num_entries(archive.get(), 0) == static_cast<zip_int64_t>(entries.size());
  if (!is_complete) refuse(file, zip_strerror(archive.get()));
  zip_t* const closing = archive.release();  // frees it, unless it fails
  if (zip_close(closing) == 0) return;
  archive.reset(closing);
  refuse(file, zip_strerror(closing));
}

}  // namespace doppelpack::fmi
