#include <algorithm>
#include <stdexcept>

#include "describe.h"
#include "messages.h"
#include "runtime.h"
#include "state.h"
#include "udf/module.h"

namespace udf::detail {
namespace {

bool is_identifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

void check_name(const std::string& name, const std::string& where) {
  if (is_identifier(name)) return;
  throw std::logic_error(
      joined({where, ": \"", name, "\" is no name; use letters, digits and _, and begin with a letter"}));
}

void check_unique(const std::vector<Field>& fields, const std::string& where) {
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    check_name(field->name, where);
    const bool twice = std::any_of(fields.begin(), field, [&](const Field& other) { return other.name == field->name; });
    if (twice) throw std::logic_error(joined({where, ": \"", field->name, "\" is there twice"}));
  }
}

/// Of all structs in a type.
void check_fields(const Type& type) {
  if (type.kind == Kind::Struct) check_unique(type.children, joined({type.name, ": a field"}));
  for (const Field& child : type.children) check_fields(child.type);
}

void check(const Function& function) {
  check_name(function.name, "a function of UDF_MODULE");
  check_unique(function.arguments, joined({function.name, "(): an argument"}));
  for (const Field& argument : function.arguments) check_fields(argument.type);
  check_fields(function.result.type);
  if (function.state_class != nullptr && function.config.empty() && function.state_class->from_nothing == nullptr) {
    throw std::logic_error(joined({function.name, "(): its class is made from a config file; add .config(\"file\")"}));
  }
}

}  // namespace

const Registry& Registry::get() {
  static const auto* const registry = new Registry;  // lives as long as the process
  return *registry;
}

Registry::Registry() {
  Module module;
  define_module(module);
  functions_ = module.take();
  for (const auto& function : functions_) {
    check(*function);
    function->takes_nested = std::any_of(function->arguments.begin(), function->arguments.end(),
                                         [](const Field& argument) { return is_nested(argument.type.kind); });
    for (const auto& other : functions_) {
      if (other == function) break;
      if (other->name == function->name) {
        throw std::logic_error(joined({function->name, "() is registered twice in UDF_MODULE"}));
      }
    }
    if (function->state_class == nullptr) continue;
    const auto shared = std::find_if(states_.begin(), states_.end(), [&](const auto& state) {
      return state->state_class == function->state_class && state->config == function->config;
    });
    if (shared != states_.end()) {
      function->state = shared->get();
    } else {
      states_.push_back(std::make_unique<State>(function->state_class, function->config));
      function->state = states_.back().get();
    }
  }
  description_ = describe(module_name, functions_);
}

const Function& Registry::function(std::int64_t index) const {
  if (index < 0 || static_cast<std::uint64_t>(index) >= functions_.size()) {
    throw UsageError({"there is no function ", std::to_string(index), "; the module has ",
                      std::to_string(functions_.size())});
  }
  return *functions_[static_cast<std::size_t>(index)];
}

}  // namespace udf::detail
