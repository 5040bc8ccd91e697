// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "sim/condition_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "load/quoted.hpp"

namespace doppelpack::sim {

namespace {

// holds() keeps its operands in the 64 bits of one word; a level adds at most two of them.
constexpr int kMaxDepth = 30;

// Units and scales leave their mark in the last digits; a user means the printed value.
bool is_nearly_equal(double a, double b) {
  return std::fabs(a - b) <= 1e-9 * std::max(std::fabs(a), std::fabs(b));
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '/' || c == '-';
}

}  // namespace

// Recursive descent, one function per line of the grammar:
//   alternatives = conjunction {"or" conjunction}
//   conjunction  = negation {"and" negation}
//   negation     = ["not"] ( "(" alternatives ")" | comparison )
class ConditionParser {
 public:
  using Op = ConditionExpression::Op;
  using Node = ConditionExpression::Node;

  ConditionParser(std::string_view text, const SignalCatalogue& catalogue, std::vector<Node>& nodes)
      : text_(text), catalogue_(catalogue), nodes_(nodes) {}

  void parse() {
    parse_alternatives(0);
    if (position_ < text_.size()) fail("and, or or the end");
  }

 private:
  // Runs something that may refuse what stands at `start`, and adds the place to its complaint.
  template <typename Function>
  static decltype(auto) at(std::size_t start, const Function& function) {
    try {
      return function();
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("column {}: {}", start + 1, error.what()));
    }
  }

  void parse_alternatives(int depth) {
    parse_conjunction(depth);
    while (take_word("or")) {
      parse_conjunction(depth);
      nodes_.push_back({Op::logical_or});
    }
  }

  void parse_conjunction(int depth) {
    parse_negation(depth);
    while (take_word("and")) {
      parse_negation(depth);
      nodes_.push_back({Op::logical_and});
    }
  }

  void parse_negation(int depth) {
    skip_blanks();
    if (depth >= kMaxDepth) fail(fmt::format("at most {} levels of not and (", kMaxDepth - 1));
    if (take_word("not")) {
      parse_negation(depth + 1);
      nodes_.push_back({Op::logical_not});
    } else if (take("(")) {
      parse_alternatives(depth + 1);
      if (!take(")")) fail("and, or or )");
    } else {
      parse_comparison();
    }
  }

  void parse_comparison() {
    const std::size_t start = position_;
    const std::string_view name = peek_word();
    if (name.empty() || is_keyword(name)) fail("a signal, not or (");
    const Signal& signal =
        at(start, [&]() -> const Signal& { return catalogue_.all()[catalogue_.find(name)]; });
    position_ += name.size();
    const Op op = parse_operator(signal);
    skip_blanks();
    const std::size_t value_start = position_;
    const std::string_view text = take_value();
    if (text.empty()) fail("a value");
    const double value = at(value_start, [&] { return parse_value(signal, text); });
    nodes_.push_back({op, signal.reader, value});
  }

  Op parse_operator(const Signal& signal) {
    struct Spelling {
      std::string_view text;
      Op op;
    };
    // Longer ones first: "<" also begins "<=".
    static constexpr std::array kSpellings{
        Spelling{"==", Op::equal},      Spelling{"!=", Op::not_equal},
        Spelling{"<=", Op::less_equal}, Spelling{">=", Op::greater_equal},
        Spelling{"<", Op::less},        Spelling{">", Op::greater}};
    skip_blanks();
    const bool is_ordered = signal.words.empty();
    for (const auto& [text, op] : kSpellings) {
      if (!text_.substr(position_).starts_with(text)) continue;
      if (!is_ordered && op != Op::equal && op != Op::not_equal) break;
      position_ += text.size();
      return op;
    }
    fail(is_ordered ? "<, <=, >, >=, == or !="
                    : "== or !=, because " + signal.name + " is " + alternatives(signal.words));
  }

  // Up to the next connective, parenthesis or the end; blanks may stand before a unit.
  std::string_view take_value() {
    const std::size_t start = position_;
    std::size_t end = start;
    while (position_ < text_.size() && text_[position_] != '(' && text_[position_] != ')') {
      const std::string_view word = peek_word();
      if (is_keyword(word)) break;
      position_ += std::max<std::size_t>(word.size(), 1);
      end = position_;
      skip_blanks();
    }
    return text_.substr(start, end - start);
  }

  void skip_blanks() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
  }

  std::string_view peek_word() const {
    std::size_t end = position_;
    while (end < text_.size() && is_in_word(text_[end])) ++end;
    return text_.substr(position_, end - position_);
  }

  bool take_word(std::string_view word) {
    skip_blanks();
    return peek_word() == word && take(word);
  }

  bool take(std::string_view token) {
    skip_blanks();
    if (!text_.substr(position_).starts_with(token)) return false;
    position_ += token.size();
    return true;
  }

  static bool is_keyword(std::string_view word) {
    return word == "and" || word == "or" || word == "not";
  }

  [[noreturn]] void fail(const std::string& expected) const {
    const std::string_view word = peek_word();
    const std::string_view rest = word.empty() ? text_.substr(position_) : word;
    throw std::invalid_argument(fmt::format("column {}: found {}, expected {}", position_ + 1,
                                            rest.empty() ? "the end" : quote(rest), expected));
  }

  std::string_view text_;
  const SignalCatalogue& catalogue_;
  std::vector<Node>& nodes_;
  std::size_t position_ = 0;
};

ConditionExpression::ConditionExpression(std::string_view text, const SignalCatalogue& catalogue)
    : text_(text) {
  ConditionParser(text_, catalogue, nodes_).parse();
}

bool ConditionExpression::compare(const Node& node, const BenchState& state) {
  const double value = node.reader.read(state);
  const bool is_equal = is_nearly_equal(value, node.value);
  switch (node.op) {
    case Op::less:
      return value < node.value && !is_equal;
    case Op::less_equal:
      return value < node.value || is_equal;
    case Op::greater:
      return value > node.value && !is_equal;
    case Op::greater_equal:
      return value > node.value || is_equal;
    case Op::equal:
      return is_equal;
    default:
      return !is_equal;
  }
}

bool ConditionExpression::holds(const BenchState& state) const {
  std::uint64_t stack = 0;  // bit 0 is the top
  for (const Node& node : nodes_) {
    const std::uint64_t top = stack & 1U;
    const std::uint64_t below = (stack >> 1U) & 1U;
    switch (node.op) {
      case Op::logical_not:
        stack ^= 1U;
        break;
      case Op::logical_and:
        stack = (stack >> 2U) << 1U | (top & below);
        break;
      case Op::logical_or:
        stack = (stack >> 2U) << 1U | (top | below);
        break;
      default:
        stack = stack << 1U | (compare(node, state) ? 1U : 0U);
    }
  }
  return (stack & 1U) != 0;
}

}  // namespace doppelpack::sim
