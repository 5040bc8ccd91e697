// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

// What becomes of files that are no text or no YAML, and of names of files that are not there.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "bad_input.hpp"

namespace doppelpack::sim {
namespace {

namespace fs = std::filesystem;
using test::kData;
using BadFile = test::BadInput;

TEST_F(BadFile, refuses_what_is_no_readable_text_file) {
  EXPECT_EQ(error_of(folder_ / "none.yaml"), " found no such file, expected a YAML file");
  EXPECT_EQ(error_of(folder_.path()), " found a folder, expected a YAML file");
  EXPECT_EQ(error_of("/dev/zero"), " found no regular file, expected a YAML file");
  EXPECT_EQ(error_of_text(""), " found an empty file, expected a YAML file");
  EXPECT_EQ(error_of_text("# nothing\n"),
            " found nothing, expected a product, inverter, cell, scenario, compat, acceptance, "
            "campaign or power stage file");
  EXPECT_EQ(error_of_text("- a\n"),
            "1: found a list, expected a product, inverter, cell, scenario, compat, acceptance, "
            "campaign or power stage file");
  EXPECT_EQ(error_of_text("{}\n"),
            "1: found an empty map, expected a product, inverter, cell, scenario, compat, "
            "acceptance, campaign or power stage file");
  EXPECT_EQ(error_of_text("packs: x\n"),
            "1: packs: found the first key 'packs', expected product, inverter, cell, scenario, "
            "compat, acceptance, campaign or power_stage");
}

TEST_F(BadFile, refuses_an_unreadable_file) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const fs::path file = write("file.yaml", "product: x\n");
  fs::permissions(file, fs::perms::none);
  EXPECT_EQ(error_of(file), " found Permission denied, expected a readable YAML file");
}

TEST_F(BadFile, refuses_a_pipe_without_waiting_for_it) {
  const fs::path pipe = folder_ / "pipe.yaml";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(error_of(pipe), " found no regular file, expected a YAML file");
}

TEST_F(BadFile, refuses_bytes_that_are_no_text) {
  using namespace std::string_literals;
  EXPECT_EQ(error_of_text("a: 1\nb: \0\n"s), "2: found the byte 0x00, expected UTF-8 text");
  EXPECT_EQ(error_of_text("a: 1\nb: \xff\n"), "2: found the byte 0xFF, expected UTF-8 text");
  EXPECT_EQ(error_of_text("\x7f\x45\x4c\x46\x02"), "1: found the byte 0x7F, expected UTF-8 text");
  EXPECT_EQ(error_of_text("a: \xc0\xaf\n"), "1: found the byte 0xC0, expected UTF-8 text");
  EXPECT_EQ(error_of_text("a: \xed\xa0\x80\n"), "1: found the byte 0xED, expected UTF-8 text");
  EXPECT_EQ(error_of_text("a: \xf5\x80\x80\x80\n"), "1: found the byte 0xF5, expected UTF-8 text");
  EXPECT_EQ(error_of_text("a: \xe2\x82"), "1: found the byte 0xE2, expected UTF-8 text");
  EXPECT_EQ(error_of_text("a: \x1b[31m\n"), "1: found the byte 0x1B, expected UTF-8 text");
}

TEST_F(BadFile, refuses_a_file_that_is_too_large_before_reading_it) {
  const fs::path file = write("file.yaml", "");
  fs::resize_file(file, 10'000'000'000);  // takes no room on the disk
  EXPECT_EQ(error_of(file), " found 10000000000 bytes, expected at most 1000000");
}

TEST_F(BadFile, refuses_what_would_grow_without_bound) {
  const auto repeated = [](const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
  };
  EXPECT_EQ(error_of_text(repeated("- ", 100'000)), "1: found more than 32 levels, expected fewer");
  EXPECT_EQ(error_of_text(repeated("[", 100'000) + repeated("]", 100'000)).substr(0, 8),
            "1: found");
  EXPECT_EQ(error_of_text("a: [" + repeated("1, ", 100'000) + "]").substr(0, 30),
            "1: found more than 20000 value");
  EXPECT_EQ(error_of_text("a: &x [*x, *x]\n"),
            "1: a: found an anchor (&), expected a value without one");
  EXPECT_EQ(error_of_text("a: *x\n").substr(0, 10), "1: found a");
}

TEST_F(BadFile, refuses_what_is_no_plain_yaml) {
  EXPECT_EQ(error_of_text("product: x\ntitle: [1, 2\nbms: 3\n"),
            "3: found a syntax error (end of sequence flow not found), expected YAML");
  EXPECT_EQ(error_of_text("product: x\n---\nproduct: y\n"),
            "2: found a second document, expected one per file");
  EXPECT_EQ(error_of_text("? [a, b]\n: 1\n"), "1: found a list or map as a key, expected a word");
  EXPECT_EQ(error_of_text("product: x\ntitle: a\ntitle: b\n"),
            "3: title: found the key a second time, expected it once (first on line 2)");
  EXPECT_EQ(error_of_text("product: x\npack:\n  link: 1\n  cell: 2\n  link: 3\n"),
            "5: pack.link: found the key a second time, expected it once (first on line 3)");
}

TEST_F(BadFile, keeps_strange_texts_on_one_short_line) {
  const std::string error = error_of_text("product: \"a\\nb\\tc " + std::string(500, 'x') + "\"\n");
  EXPECT_LT(error.size(), 300U);
  EXPECT_NE(error.find("'a b c xxx"), std::string::npos) << error;
}

// ---- names that do not exist ----

TEST(BadName, gets_near_misses_and_the_list) {
  const auto error = [](const auto& load) -> std::string {
    try {
      load();
    } catch (const DataError& refused) {
      return refused.what();
    }
    return "accepted";
  };
  EXPECT_EQ(
      error([] { load_product("us5000", kData); }),
      "found no product 'us5000' (did you mean pylontech-us5000?), expected a path or one of: "
      "dyness-bx51100, dyness-tower, dyness-tower-bdu, generic-16s, pylontech-force-h2, "
      "pylontech-us2000c, "
      "pylontech-us3000c, pylontech-us5000, "
      "residential-6k5 or telecom-48v");
  EXPECT_TRUE(
      error([] {
        load_inverter("zzz", kData);
      }).starts_with("found no inverter 'zzz', expected a path or one of: deye, deye-v33, "));
  EXPECT_NE(error([] { load_scenario("over-charg", kData); }).find("(did you mean over-charge"),
            std::string::npos);
  EXPECT_EQ(error([] { load_scenario("none/of/it.yaml", kData); }),
            "found no file 'none/of/it.yaml', expected the path of a scenario file");
  EXPECT_EQ(error([] { load_product("generic-16s", "/nowhere"); }),
            "found no product 'generic-16s', expected a path or one of: none in /nowhere/products");
}

}  // namespace
}  // namespace doppelpack::sim
