// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// The dialect of a bus: from the product's file to the choices of the codec.
#include <gtest/gtest.h>

#include "bad_input.hpp"
#include "can_emulator/can_protocol.hpp"

namespace doppelpack::sim {
namespace {

using test::Edit;
using test::kData;
using LoadBus = test::BadInput;

const Edit kEdits[]{
    {"  address: 2", "  can_options: {frame_length: long}\n  address: 2",
     "bus.can_options.frame_length: found 'long', expected short or all8"},
    {"  address: 2", "  can_options: {frame_lenght: all8}\n  address: 2",
     "bus.can_options.frame_lenght: found the unknown key 'frame_lenght' (did you mean "
     "frame_length?), expected one of: "},
    {"  address: 2", "  can_options: all8\n  address: 2",
     "bus.can_options: found 'all8', expected a map with the keys frame_length, "},
    {"  can: pylontech-lv-can", "  can_options: {frame_length: all8}",
     "bus.can_options: found a map, expected nothing, as there is no protocol to choose for"},
    {"  rs485: pylontech-rs485", "  rs485_options: {frame_length: all8}",
     "bus.rs485_options: found a map, expected nothing, as there is no protocol to choose for"},
};

TEST_F(LoadBus, refuses_dialects_that_do_not_exist) {
  check("products/generic-16s.yaml", kEdits);
}

TEST_F(LoadBus, takes_the_defaults_where_a_product_says_nothing) {
  const Product product = load_product("generic-16s", kData);
  EXPECT_EQ(product.identity.can_choices, can_emulator::Choices{});
  EXPECT_EQ(product.identity.serial_choices, can_emulator::Choices{});
}

TEST_F(LoadBus, reads_the_choices_of_a_product) {
  std::string text = test::read_text(kData / "products" / "generic-16s.yaml");
  text.insert(text.find("  address: 2"), "  can_options: {marker: PY, frames: v1.3}\n");
  const Product product = load_product(write("generic-16s.yaml", text).string(), kData);
  ASSERT_EQ(product.can->options[1].key, "frames");
  ASSERT_EQ(product.can->options[2].key, "marker");
  EXPECT_EQ(product.identity.can_choices[0], 0);
  EXPECT_EQ(product.identity.can_choices[1], 1);
  EXPECT_EQ(product.identity.can_choices[2], 1);
}

}  // namespace
}  // namespace doppelpack::sim
