// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The doppelpack authors

#include "fmi/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "record/markup.hpp"
#include "sim/version.hpp"

namespace doppelpack::fmi {

namespace {

using sim::escaped_markup;

struct UnitRow {
  std::string_view name;
  std::string_view base;  ///< attributes of BaseUnit
};
constexpr std::array<UnitRow, 7> kUnits{{
    {"A", R"(A="1")"},
    {"V", R"(kg="1" m="2" s="-3" A="-1")"},
    {"W", R"(kg="1" m="2" s="-3")"},
    {"Ah", R"(A="1" s="1" factor="3600")"},
    {"J", R"(kg="1" m="2" s="-2")"},
    {"degC", R"(K="1" offset="273.15")"},
    {"s", R"(s="1")"},
}};
constexpr std::array<std::string_view, 5> kCausalities{"parameter", "input", "output", "local",
                                                       "independent"};

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, escaped_markup(value));
}

// A number in the words of XML Schema: of a Boolean or an integer, or the shortest that reads the same.
std::string number(const Variable& variable, double value) {
  if (variable.type == VariableType::boolean) return value != 0.0 ? "true" : "false";
  if (variable.type == VariableType::integer) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

std::string type_name(const Variable& variable) {
  std::string name = variable.name;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

std::string_view variability_of(const Variable& variable) {
  if (variable.causality == Causality::parameter) return "fixed";
  return variable.type == VariableType::real ? "continuous" : "discrete";
}

std::string_view causality_of(const Variable& variable) {
  return kCausalities[static_cast<std::size_t>(variable.causality)];
}

// min, max and start belong to the variable itself or to its type, as the version wants it.
std::string range_of(const Variable& variable) {
  std::string text;
  if (!variable.unit.empty()) text += attribute("unit", variable.unit);
  if (variable.min) text += attribute("min", number(variable, *variable.min));
  if (variable.max) text += attribute("max", number(variable, *variable.max));
  return text;
}

std::string units() {
  std::string xml = "  <UnitDefinitions>\n";
  for (const UnitRow& unit : kUnits)
    xml += fmt::format("    <Unit name=\"{}\"><BaseUnit {}/></Unit>\n", unit.name, unit.base);
  return xml + "  </UnitDefinitions>\n";
}

std::string items(const Variable& variable, int depth) {
  std::string xml;
  for (std::size_t i = 0; i < variable.words.size(); ++i)
    xml += fmt::format("{:{}}<Item name=\"{}\" value=\"{}\"/>\n", "", depth,
                       escaped_markup(variable.words[i]), i);
  return xml;
}

std::string type_definitions(FmiVersion version, const VariableTable& variables) {
  std::string xml;
  for (const Variable& variable : variables.all()) {
    if (variable.type != VariableType::enumeration) continue;
    const std::string name = attribute("name", type_name(variable));
    if (version == FmiVersion::two) {
      xml += fmt::format(
          "    <SimpleType{}>\n      <Enumeration>\n{}      </Enumeration>\n"
          "    </SimpleType>\n",
          name, items(variable, 8));
    } else {
      xml += fmt::format("    <EnumerationType{}>\n{}    </EnumerationType>\n", name,
                         items(variable, 6));
    }
  }
  return xml.empty() ? "" : "  <TypeDefinitions>\n" + xml + "  </TypeDefinitions>\n";
}

constexpr std::string_view kLogCategories =
    "  <LogCategories>\n"
    "    <Category name=\"logStatusError\" description=\"what was refused, and why\"/>\n"
    "  </LogCategories>\n";

std::string experiment(double step_s) {
  return fmt::format("  <DefaultExperiment startTime=\"0\" stepSize=\"{}\"/>\n", step_s);
}

// ---- FMI 2 ----

std::string typed_2(const Variable& variable) {
  std::string inside = range_of(variable);
  if (variable.is_settable()) inside += attribute("start", number(variable, variable.start));
  switch (variable.type) {
    case VariableType::real:
      return "<Real" + inside + "/>";
    case VariableType::integer:
      return "<Integer" + inside + "/>";
    case VariableType::boolean:
      return "<Boolean" + inside + "/>";
    case VariableType::enumeration:
      break;
  }
  return "<Enumeration" + attribute("declaredType", type_name(variable)) + "/>";
}

std::string variables_2(const VariableTable& variables) {
  std::string xml = "  <ModelVariables>\n";
  for (const Variable& variable : variables.all()) {
    for (std::uint32_t i = 0; i < variable.size; ++i) {
      const std::string index = variable.is_array ? fmt::format("[{}]", i + 1) : "";
      xml += fmt::format("    <ScalarVariable{} valueReference=\"{}\"{}{}{}>{}</ScalarVariable>\n",
                         attribute("name", variable.name + index), variable.first + i,
                         attribute("causality", causality_of(variable)),
                         attribute("variability", variability_of(variable)),
                         attribute("description", variable.help), typed_2(variable));
    }
  }
  return xml + "  </ModelVariables>\n";
}

// Elements are listed in the order of their references, so the index is the next number.
std::string structure_2(const VariableTable& variables) {
  std::string unknowns;
  for (const Variable& variable : variables.all())
    if (variable.causality == Causality::output)
      for (std::uint32_t i = 0; i < variable.size; ++i)
        unknowns += fmt::format("      <Unknown index=\"{}\"/>\n", variable.first + i + 1);
  return fmt::format(
      "  <ModelStructure>\n    <Outputs>\n{0}    </Outputs>\n    <InitialUnknowns>\n{0}"
      "    </InitialUnknowns>\n  </ModelStructure>\n",
      unknowns);
}

std::string common_attributes(const DescriptionFacts& facts) {
  return attribute("modelName", facts.model) + attribute("description", facts.title) +
         attribute("version", sim::kVersion) + attribute("license", "Apache-2.0") +
         attribute("generationTool", fmt::format("doppelpack {}", sim::kVersion)) +
         attribute("variableNamingConvention", "structured");
}

std::string describe_2(const DescriptionFacts& facts) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<fmiModelDescription fmiVersion=\"2.0\"{}{}>\n"
      "  <CoSimulation{} canHandleVariableCommunicationStepSize=\"true\" "
      "canNotUseMemoryManagementFunctions=\"true\" canGetAndSetFMUstate=\"true\"/>\n",
      common_attributes(facts), attribute("guid", facts.token),
      attribute("modelIdentifier", facts.identifier));
}

// ---- FMI 3 ----

std::string_view element_3(VariableType type) {
  switch (type) {
    case VariableType::real:
      return "Float64";
    case VariableType::integer:
      return "Int32";
    case VariableType::boolean:
      return "Boolean";
    case VariableType::enumeration:
      break;
  }
  return "Enumeration";
}

std::string starts(const Variable& variable) {
  std::string text = number(variable, variable.start);
  for (std::uint32_t i = 1; i < variable.size; ++i) text += " " + number(variable, variable.start);
  return text;
}

std::string variable_3(const Variable& variable) {
  const std::string_view element = element_3(variable.type);
  std::string xml = fmt::format("    <{}{} valueReference=\"{}\"{}{}{}{}", element,
                                attribute("name", variable.name), variable.first,
                                attribute("causality", causality_of(variable)),
                                attribute("variability", variability_of(variable)),
                                attribute("description", variable.help), range_of(variable));
  if (variable.type == VariableType::enumeration)
    xml += attribute("declaredType", type_name(variable));
  if (variable.is_settable()) xml += attribute("start", starts(variable));
  if (!variable.is_array) return xml + "/>\n";
  return xml + fmt::format("><Dimension start=\"{}\"/></{}>\n", variable.size, element);
}

std::string variables_3(const VariableTable& variables) {
  std::string xml = "  <ModelVariables>\n";
  for (const Variable& variable : variables.all()) xml += variable_3(variable);
  return xml + "  </ModelVariables>\n";
}

std::string structure_3(const VariableTable& variables) {
  std::string xml = "  <ModelStructure>\n";
  for (const char* element : {"Output", "InitialUnknown"})
    for (const Variable& variable : variables.all())
      if (variable.causality == Causality::output)
        xml += fmt::format("    <{} valueReference=\"{}\"/>\n", element, variable.first);
  return xml + "  </ModelStructure>\n";
}

std::string describe_3(const DescriptionFacts& facts) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<fmiModelDescription fmiVersion=\"3.0\"{}{}>\n"
      "  <CoSimulation{} canHandleVariableCommunicationStepSize=\"true\" "
      "canGetAndSetFMUState=\"true\"/>\n",
      common_attributes(facts), attribute("instantiationToken", facts.token),
      attribute("modelIdentifier", facts.identifier));
}

}  // namespace

std::string describe(FmiVersion version, const DescriptionFacts& facts,
                     const VariableTable& variables) {
  const bool is_two = version == FmiVersion::two;
  return (is_two ? describe_2(facts) : describe_3(facts)) + units() +
         type_definitions(version, variables) + std::string(kLogCategories) +
         experiment(facts.step_s) + (is_two ? variables_2(variables) : variables_3(variables)) +
         (is_two ? structure_2(variables) : structure_3(variables)) + "</fmiModelDescription>\n";
}

}  // namespace doppelpack::fmi
