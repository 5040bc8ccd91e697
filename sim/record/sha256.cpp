// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "record/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <new>
#include <stdexcept>

namespace doppelpack::sim {

namespace {

void check(int is_ok) {
  if (is_ok != 1) throw std::runtime_error("libcrypto cannot compute SHA-256");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Digest Sha256::make_digest() {
  Digest digest(EVP_MD_CTX_new());
  if (digest == nullptr) throw std::bad_alloc();
  return digest;
}

Sha256::Sha256() : digest_(make_digest()) {
  check(EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr));
}

void Sha256::add(std::string_view bytes) {
  check(EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size()));
}

std::string Sha256::hex() const {
  // Finishing a digest ends it; more may be added, so a copy is finished.
  const Digest copy = make_digest();
  check(EVP_MD_CTX_copy_ex(copy.get(), digest_.get()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int count = 0;
  check(EVP_DigestFinal_ex(copy.get(), bytes.data(), &count));
  std::string hex;
  for (unsigned int i = 0; i < count; ++i) hex += fmt::format("{:02x}", bytes[i]);
  return hex;
}

}  // namespace doppelpack::sim
