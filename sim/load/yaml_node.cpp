// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "load/yaml_node.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "load/quoted.hpp"
#include "load/text_file.hpp"
#include "record/sha256.hpp"

namespace doppelpack::sim {

namespace {

constexpr std::size_t kMostLevels = 32;
constexpr std::size_t kMostNodes = 20'000;

// Builds the tree from the parser's events, so that nothing unbounded is ever built or followed.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string file) : file_(std::move(file)) { root_.where.file = file_; }

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) refuse(mark, "found a second document, expected one per file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    if (expects_key()) refuse(mark, "found an empty key, expected a word");
    add(YamlNode{YamlNode::Kind::empty, "", place(mark), {}, {}});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, "found an alias (*), expected the value itself");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    if (expects_key())
      open_key(mark, value);
    else
      add(YamlNode{YamlNode::Kind::scalar, value, place(mark), {}, {}});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, anchor, YamlNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, anchor, YamlNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  // Where a value that starts here stands: below the innermost open list or map, on its key's line.
  SourceLocation place(const YAML::Mark& mark) const {
    SourceLocation where{file_, mark.line + 1, ""};
    if (open_.empty()) return where;
    const YamlNode& parent = open_.back();
    where.field = parent.where.field;
    if (parent.kind == YamlNode::Kind::list)
      where.field += fmt::format("[{}]", parent.items.size());
    else if (parent.keys.size() > parent.items.size()) {
      where.field += (where.field.empty() ? "" : ".") + parent.keys.back();
      where.line = key_line_;
    }
    return where;
  }

  [[noreturn]] void refuse(const YAML::Mark& mark, const std::string& why) const {
    throw DataError(place(mark), why);
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != 0) refuse(mark, "found an anchor (&), expected a value without one");
  }

  bool expects_key() const {
    return !open_.empty() && open_.back().kind == YamlNode::Kind::map &&
           open_.back().keys.size() == open_.back().items.size();
  }

  void open_key(const YAML::Mark& mark, const std::string& key) {
    YamlNode& map = open_.back();
    key_line_ = mark.line + 1;
    if (const YamlNode* first = map.find(key)) {
      map.keys.push_back(key);
      refuse(mark, fmt::format("found the key a second time, expected it once (first on line {})",
                               first->where.line));
    }
    map.keys.push_back(key);
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind) {
    refuse_anchor(mark, anchor);
    if (expects_key()) refuse(mark, "found a list or map as a key, expected a word");
    if (open_.size() >= kMostLevels)
      throw DataError({file_, mark.line + 1, ""},
                      fmt::format("found more than {} levels, expected fewer", kMostLevels));
    open_.push_back(YamlNode{kind, "", place(mark), {}, {}});
  }

  void close() {
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    if (++nodes_ > kMostNodes)
      throw DataError({file_, node.where.line, ""},
                      fmt::format("found more than {} values, expected fewer", kMostNodes));
    if (open_.empty())
      root_ = std::move(node);
    else
      open_.back().items.push_back(std::move(node));
  }

  std::string file_;
  YamlNode root_;
  std::vector<YamlNode> open_;
  int key_line_ = 0;  // of the key whose value comes next
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto at = std::find(keys.begin(), keys.end(), key);
  const auto position = static_cast<std::size_t>(at - keys.begin());
  return position < items.size() ? &items[position] : nullptr;
}

YamlNode read_yaml(const std::filesystem::path& file) {
  return read_yaml_text(read_text_file(file), file.string());
}

YamlNode read_yaml_text(const std::string& text, const std::string& name) {
  std::istringstream stream(text);
  TreeBuilder builder(name);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const int line = error.mark.is_null() ? 0 : error.mark.line + 1;
    throw DataError({name, line, ""}, "found a syntax error (" + error.msg + "), expected YAML");
  }
  return builder.take();
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::empty:
      return "nothing";
    case YamlNode::Kind::scalar:
      return quote(node.text);
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return node.keys.empty() ? "an empty map" : "a map";
  }
  return "";
}

namespace {

void add_to_digest(const YamlNode& node, Sha256& digest) {
  digest.add(fmt::format("{}:{}:{};", static_cast<int>(node.kind), node.text.size(), node.text));
  for (const std::string& key : node.keys) digest.add(fmt::format("{}:{};", key.size(), key));
  digest.add(fmt::format("{}[", node.items.size()));
  for (const YamlNode& item : node.items) add_to_digest(item, digest);
}

}  // namespace

std::string digest_of(const YamlNode& node) {
  Sha256 digest;
  add_to_digest(node, digest);
  return digest.hex();
}

}  // namespace doppelpack::sim
