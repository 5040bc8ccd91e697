// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

#include "sim/data_error.hpp"

namespace doppelpack::sim {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, int line, const std::string& why) {
  throw DataError({file.string(), line, ""}, why);
}

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

// Length of the UTF-8 character that starts at i; 0 when it is none (RFC 3629, table 3-7 of Unicode).
std::size_t character_length(std::string_view text, std::size_t i) {
  const unsigned first = byte_at(text, i);
  const unsigned second = byte_at(text, i + 1);
  const auto follows = [&](std::size_t k) { return (byte_at(text, i + k) & 0xC0U) == 0x80U; };
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return follows(1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    const bool is_short_or_surrogate =
        (first == 0xE0U && second < 0xA0U) || (first == 0xEDU && second > 0x9FU);
    return follows(1) && follows(2) && !is_short_or_surrogate ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    const bool is_outside =
        (first == 0xF0U && second < 0x90U) || (first == 0xF4U && second > 0x8FU);
    return follows(1) && follows(2) && follows(3) && !is_outside ? 4 : 0;
  }
  return 0;
}

bool is_control(unsigned byte) {
  return (byte < 0x20U && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7FU;
}

void check_characters(const fs::path& file, std::string_view text) {
  int line = 1;
  for (std::size_t i = 0; i < text.size();) {
    const unsigned byte = byte_at(text, i);
    const std::size_t length = character_length(text, i);
    if (length == 0 || is_control(byte))
      refuse(file, line, fmt::format("found the byte 0x{:02X}, expected UTF-8 text", byte));
    if (byte == '\n') ++line;
    i += length;
  }
}

void check_kind_and_size(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found)
    refuse(file, 0, "found no such file, expected a YAML file");
  if (error) refuse(file, 0, "found " + error.message() + ", expected a readable YAML file");
  if (fs::is_directory(status)) refuse(file, 0, "found a folder, expected a YAML file");
  if (!fs::is_regular_file(status)) refuse(file, 0, "found no regular file, expected a YAML file");
  const std::uintmax_t bytes = fs::file_size(file, error);
  if (!error && bytes > kLargestFile_bytes)
    refuse(file, 0, fmt::format("found {} bytes, expected at most {}", bytes, kLargestFile_bytes));
}

}  // namespace

std::string read_text_file(const fs::path& file) {
  check_kind_and_size(file);
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    const std::string reason = errno != 0 ? std::strerror(errno) : "an error";
    refuse(file, 0, "found " + reason + ", expected a readable YAML file");
  }
  std::string text(kLargestFile_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kLargestFile_bytes)
    refuse(file, 0,
           fmt::format("found more than {} bytes, expected at most so many", kLargestFile_bytes));
  if (text.empty()) refuse(file, 0, "found an empty file, expected a YAML file");
  check_characters(file, text);
  return text;
}

}  // namespace doppelpack::sim
