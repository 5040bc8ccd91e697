// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/core_identity_json.hpp"

#include <nlohmann/json.hpp>

namespace doppelpack::sim {

nlohmann::ordered_json to_value(const CoreIdentity& core) {
  return {{"name", core.name},
          {"version", core.version},
          {"library", core.library},
          {"sha256", core.sha256},
          {"is_isolated", core.is_isolated}};
}

}  // namespace doppelpack::sim
