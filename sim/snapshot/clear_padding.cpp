// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "snapshot/clear_padding.hpp"

#include <cereal/archives/binary.hpp>
#include <cstring>
#include <sstream>

#include "snapshot/bms_fields.hpp"

namespace doppelpack::sim {

void clear_padding(bms_config_t& config) {
  std::stringstream stream;
  cereal::BinaryOutputArchive{stream}(config);
  std::memset(&config, 0, sizeof config);
  cereal::BinaryInputArchive{stream}(config);
}

}  // namespace doppelpack::sim
