// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// Where a master says that an FMU's resources are.
#pragma once

#include <filesystem>
#include <string_view>

namespace doppelpack::fmi {

/// Of a URI (RFC 3986) with the scheme "file", its percent-encoded bytes decoded; what is no such URI is
/// taken as a path. Empty for nullptr.
std::filesystem::path path_of_uri(const char* uri);

}  // namespace doppelpack::fmi
