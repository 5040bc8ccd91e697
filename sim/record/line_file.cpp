// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/line_file.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  const std::string reason = std::generic_category().message(error != 0 ? error : EIO);
  throw DataError({path.string(), 0, ""}, "cannot be written: " + reason);
}

}  // namespace

LineFile::LineFile(std::filesystem::path path) : path_(std::move(path)) {
  errno = 0;
  stream_.open(path_, std::ios::binary | std::ios::trunc);
  if (!stream_) fail(path_, errno);
}

void LineFile::write(std::string_view line) {
  errno = 0;
  stream_.write(line.data(), static_cast<std::streamsize>(line.size()));
  stream_.flush();
  if (!stream_) fail(path_, errno);
}

void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw DataError({folder.string(), 0, ""}, "cannot be created: " + error.message());
}

void replace_file(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path temporary = path.string() + ".tmp";
  LineFile(temporary).write(content);
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) fail(path, error.value());
}

}  // namespace doppelpack::sim
