// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where a recording goes. Calls may take as long as they like: they are made by the recording's own
// thread. Everything is handed to the operating system at once, so what has been written survives
// the end of this process, however it comes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace doppelpack::sim {

/// A file that was created empty. Everything throws DataError, for instance when the disk is full.
class DiskFile {
 public:
  DiskFile() = default;
  virtual ~DiskFile() = default;
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  virtual void append(std::string_view bytes) = 0;
  /// From this offset on, at most the present length; may make it longer.
  virtual void overwrite(std::uint64_t offset, std::string_view bytes) = 0;
  virtual void cut(std::uint64_t length) = 0;
};

class Disk {
 public:
  Disk() = default;
  virtual ~Disk() = default;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// Throws DataError.
  virtual std::unique_ptr<DiskFile> create(const std::filesystem::path& file) = 0;
};

/// The files of this machine.
std::shared_ptr<Disk> host_disk();

}  // namespace doppelpack::sim
