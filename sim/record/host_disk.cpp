// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "sim/data_error.hpp"
#include "sim/disk.hpp"

namespace doppelpack::sim {

namespace {

class HostFile : public DiskFile {
 public:
  explicit HostFile(std::filesystem::path path)
      : path_(std::move(path)),
        file_(open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (file_ < 0) fail();
  }
  ~HostFile() override {
    if (file_ >= 0) close(file_);
  }
  HostFile(const HostFile&) = delete;
  HostFile& operator=(const HostFile&) = delete;

  void append(std::string_view bytes) override {
    write_all(bytes,
              [this](std::string_view rest) { return write(file_, rest.data(), rest.size()); });
  }
  void overwrite(std::uint64_t offset, std::string_view bytes) override {
    write_all(bytes, [&](std::string_view rest) {
      const std::uint64_t at = offset + (bytes.size() - rest.size());
      return pwrite(file_, rest.data(), rest.size(), static_cast<off_t>(at));
    });
  }
  void cut(std::uint64_t length) override {
    if (ftruncate(file_, static_cast<off_t>(length)) != 0) fail();
  }

 private:
  template <class Write>
  void write_all(std::string_view bytes, const Write& write_some) {
    while (!bytes.empty()) {
      const ssize_t count = write_some(bytes);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail();
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  [[noreturn]] void fail() const {
    throw DataError({path_.string(), 0, ""},
                    "cannot be written: " + std::generic_category().message(errno));
  }

  std::filesystem::path path_;
  int file_;
};

class HostDisk : public Disk {
 public:
  std::unique_ptr<DiskFile> create(const std::filesystem::path& file) override {
    return std::make_unique<HostFile>(file);
  }
};

}  // namespace

std::shared_ptr<Disk> host_disk() {
  return std::make_shared<HostDisk>();
}

}  // namespace doppelpack::sim
