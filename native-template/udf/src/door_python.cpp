// The door for CPython 3.10 and later, by the stable ABI.

#include <cstdlib>
#include <cstring>

#include "python_columns.h"
#include "python_host.h"
#include "python_scalar.h"
#include "udf/module.h"

namespace udf::detail::python {
namespace {

std::string text_of(PyObject* object) {
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(object, &size);
  if (text == nullptr) throw PendingException{};
  return {text, static_cast<std::size_t>(size)};
}

Reference describe(PyObject*, PyObject* const*, Py_ssize_t) { return text_object(Registry::get().description()); }

Reference configure(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 2) throw UsageError({"configure() takes the name of a config and the path of its file"});
  detail::configure(text_of(arguments[0]), text_of(arguments[1]));
  return none();
}

Reference prepare(PyObject*, PyObject* const*, Py_ssize_t) {
  detail::prepare();
  return none();
}

/// An exception of `type` with attributes: `code`, and those that are given (a null value is left out).
void raise(PyObject* type, const char* message, const char* code, const char* key = nullptr,
           const std::string& subject = "", std::int64_t row = -1) {
  const Reference text = text_object(message);
  const Reference error = checked(PyObject_CallFunctionObjArgs(type, text.get(), nullptr));
  const auto set = [&error](const char* name, const Reference& value) {
    if (PyObject_SetAttrString(error.get(), name, value.get()) != 0) throw PendingException{};
  };
  set("code", text_object(code));
  if (key != nullptr) set(key, subject.empty() ? none() : text_object(subject));
  if (key != nullptr && std::strcmp(key, "function") == 0) {
    set("row", row < 0 ? none() : checked(PyLong_FromLongLong(row)));
  }
  PyErr_SetObject(type, error.get());
}

/// Raises in Python what is in flight in C++; call it in a catch block only.
void raise_in_python(PyObject* module) {
  try {
    throw;
  } catch (const PendingException&) {
  } catch (const RowError& error) {
    const Reference type = checked(PyObject_GetAttrString(module, "RowError"));
    raise(type.get(), error.what(), "UDF_ROW_ERROR", "function", error.function(), error.row());
  } catch (const StateError& error) {
    const Reference type = checked(PyObject_GetAttrString(module, "ConfigError"));
    raise(type.get(), error.what(), "UDF_CONFIG_ERROR", "config", error.config());
  } catch (const UsageError& error) {
    raise(PyExc_TypeError, error.what(), "UDF_USAGE_ERROR");
  } catch (const std::exception& error) {
    raise(PyExc_RuntimeError, error.what(), "UDF_MODULE_ERROR");
  }
}

template <Reference (*body)(PyObject*, PyObject* const*, Py_ssize_t)>
PyObject* method(PyObject* module, PyObject* const* arguments, Py_ssize_t count) noexcept {
  try {
    return body(module, arguments, count).release();
  } catch (...) {
    try {
      raise_in_python(module);
    } catch (const PendingException&) {
    }
    return nullptr;
  }
}

int add_exception(PyObject* module, const char* name, const char* doc) {
  const std::string full = std::string(module_name) + "." + name;
  const Reference made = checked(PyErr_NewExceptionWithDoc(full.c_str(), doc, PyExc_Exception, nullptr));
  return PyModule_AddObjectRef(module, name, made.get());
}

int execute(PyObject* module) noexcept {
  try {
    Registry::get();  // a registration that makes no sense fails here
    if (add_exception(module, "RowError", "A function refused a row: code, function, row.") != 0) return -1;
    return add_exception(module, "ConfigError", "A config file cannot be used: code, config.");
  } catch (const PendingException&) {
    return -1;
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_ImportError, error.what());
    return -1;
  }
}

PyMethodDef methods[] = {
    {"describe", &method<describe>, METH_FASTCALL, "The module's functions, as JSON."},
    {"configure", &method<configure>, METH_FASTCALL, "configure(name, path): where a config file lies."},
    {"prepare", &method<prepare>, METH_FASTCALL, "Reads all config files now."},
    {"call", &method<call>, METH_FASTCALL, "call(index, *arguments): one row."},
    {"columns", &method<columns>, METH_FASTCALL, "columns(index, *arrays): whole columns, as Arrow capsules."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(&execute)},
    {0, nullptr},
};

PyModuleDef definition = {
    {1, nullptr}, nullptr, 0, nullptr, nullptr, nullptr, 0, methods, slots, nullptr, nullptr, nullptr,
};

/// Why this Python cannot load the module; null when it can.
const char* refusal() {
  const char* const version = Py_GetVersion();
  if (std::strstr(version, "free-threading") != nullptr) {
    return "free-threaded Python has no stable ABI; use the usual build of Python";
  }
  char* minor = nullptr;
  const long major = std::strtol(version, &minor, 10);
  if (major != 3 || std::strtol(minor + 1, nullptr, 10) < 10) return "Python 3.10 or later is needed";
  return nullptr;
}

}  // namespace
}  // namespace udf::detail::python

void* udf::detail::python_init() noexcept {
  using namespace python;
  if (const char* const reason = refusal()) {
    PyErr_SetString(PyExc_ImportError, reason);
    return nullptr;
  }
  definition.name = module_name;
  return PyModuleDef_Init(&definition);
}
