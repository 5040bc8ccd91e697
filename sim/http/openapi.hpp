// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// openapi.yaml, as it was when the program was built.
#pragma once

#include <string_view>

namespace doppelpack::http {

extern const std::string_view kOpenapi;

}  // namespace doppelpack::http
