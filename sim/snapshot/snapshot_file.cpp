// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include <fmt/format.h>

#include <cereal/archives/portable_binary.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "record/core_identity_json.hpp"
#include "record/line_file.hpp"
#include "record/sha256.hpp"
#include "sim/data_error.hpp"
#include "sim/snapshot.hpp"
#include "sim/version.hpp"
#include "snapshot/state_fields.hpp"

namespace doppelpack::sim {

namespace {

using Json = nlohmann::ordered_json;

// Raise it when the bytes change their meaning; what they are is in the layout.
constexpr int kSnapshotFormat = 1;
constexpr std::string_view kSnapshotKind = "doppelpack snapshot";

std::string sha256_of(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

std::string to_bytes(const Snapshot& snapshot) {
  std::ostringstream stream;
  cereal::PortableBinaryOutputArchive archive(stream);
  archive(snapshot);
  return stream.str();
}

[[noreturn]] void refuse_snapshot(const std::filesystem::path& file, const std::string& field,
                                  const std::string& found_and_expected) {
  throw DataError({file.string(), 1, field}, found_and_expected);
}

Json read_header(const std::string& line, const std::filesystem::path& file) {
  const Json header = Json::parse(line, nullptr, false);
  if (!header.is_object() || header.value("kind", "") != kSnapshotKind)
    refuse_snapshot(file, "", fmt::format("found no header, expected a {}", kSnapshotKind));
  const int format = header.value("format", 0);
  if (format != kSnapshotFormat || header.value("layout", "") != DOPPELPACK_SNAPSHOT_LAYOUT)
    refuse_snapshot(
        file, "format",
        fmt::format("found format {} of doppelpack {}, expected format {} with the "
                    "layout of this program, {}",
                    format, header.value("doppelpack", "?"), kSnapshotFormat, kVersion));
  return header;
}

void check_content(const Json& header, const std::string& content,
                   const std::filesystem::path& file) {
  const std::string expected = header.value("sha256", "");
  const std::string found = sha256_of(content);
  if (found != expected)
    refuse_snapshot(file, "sha256",
                    fmt::format("found {} bytes with {}, expected {} with {}", content.size(),
                                found, header.value("bytes", 0), expected));
}

}  // namespace

std::string fingerprint(const Scenario& scenario) {
  std::ostringstream stream;
  cereal::PortableBinaryOutputArchive archive(stream);
  archive(scenario.key, scenario.sha256, scenario.product.sha256, scenario.inverter.sha256,
          scenario.seed, scenario.initial, scenario.stacked);
  for (const Companion& companion : scenario.companions)
    archive(companion.product.sha256, companion.initial);
  return sha256_of(stream.str());
}

void write_snapshot(const Snapshot& snapshot, const std::filesystem::path& file) {
  const std::string content = to_bytes(snapshot);
  const Json header{{"kind", kSnapshotKind},
                    {"format", kSnapshotFormat},
                    {"layout", DOPPELPACK_SNAPSHOT_LAYOUT},
                    {"doppelpack", kVersion},
                    {"scenario", snapshot.scenario},
                    {"fingerprint", snapshot.fingerprint},
                    {"t_s", to_seconds(snapshot.t_ns)},
                    {"core", to_value(snapshot.core)},
                    {"bytes", content.size()},
                    {"sha256", sha256_of(content)}};
  replace_file(file, header.dump() + "\n" + content);
}

Snapshot read_snapshot(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw DataError({file.string(), 0, ""}, "found no file that can be read, expected a snapshot");
  std::string line;
  std::getline(stream, line);
  const Json header = read_header(line, file);
  const std::string content{std::istreambuf_iterator<char>(stream), {}};
  check_content(header, content, file);
  Snapshot snapshot;
  try {
    std::istringstream bytes(content);
    cereal::PortableBinaryInputArchive archive(bytes);
    archive(snapshot);
  } catch (const std::exception& error) {
    refuse_snapshot(file, "", fmt::format("found {}, expected a state", error.what()));
  }
  return snapshot;
}

}  // namespace doppelpack::sim
