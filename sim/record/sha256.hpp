// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// SHA-256 of what is added piece by piece.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // of libcrypto: only one source needs its headers

namespace doppelpack::sim {

class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  /// Of everything so far, lower-case; adding may go on.
  std::string hex() const;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  using Digest = std::unique_ptr<evp_md_ctx_st, Free>;
  static Digest make_digest();

  Digest digest_;
};

}  // namespace doppelpack::sim
