// The door for CPython 3.10 and later, by the stable ABI.

#include <cstdlib>
#include <cstring>
#include <vector>

#include "log_place.h"
#include "python_columns.h"
#include "python_host.h"
#include "python_scalar.h"
#include "udf/module.h"
#include "watch.h"

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

Reference watch(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 1 && count != 2) throw UsageError({"watch() takes the path of a file, and what makes it tell standard error too"});
  detail::watch(text_of(arguments[0]), count == 2);
  return none();
}

Reference place(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 1) throw UsageError({"place() takes a text"});
  set_log_place(text_of(arguments[0]));
  return none();
}

Reference rows_before(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  const Function& function = function_at(arguments, count);
  std::int64_t rows = -1;
  if (count != 2 || !read_int64(arguments[1], rows) || rows < 0) {
    throw UsageError({"rows_before() takes the index of a function and a number of rows"});
  }
  function.watched.rows.store(rows, std::memory_order_relaxed);
  return none();
}

/// An exception with attributes, until it is raised.
class Raised {
 public:
  Raised(PyObject* type, const char* message, const char* code)
      : type_(type), error_(checked(PyObject_CallFunctionObjArgs(type, text_object(message).get(), nullptr))) {
    set("code", text_object(code));
  }

  void set(const char* name, const Reference& value) {
    if (PyObject_SetAttrString(error_.get(), name, value.get()) != 0) throw PendingException{};
  }

  void raise() { PyErr_SetObject(type_, error_.get()); }

 private:
  PyObject* type_;
  const Reference error_;
};

Reference tuple_of(const std::vector<std::uint64_t>& numbers) {
  Reference tuple = checked(PyTuple_New(static_cast<Py_ssize_t>(numbers.size())));
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    Reference number = checked(PyLong_FromLongLong(static_cast<long long>(numbers[index])));
    if (PyTuple_SetItem(tuple.get(), static_cast<Py_ssize_t>(index), number.release()) != 0) throw PendingException{};
  }
  return tuple;
}

/// Raises in Python what is in flight in C++; call it in a catch block only.
void raise_in_python(PyObject* module) {
  try {
    throw;
  } catch (const PendingException&) {
  } catch (const RowError& error) {
    const Reference type = checked(PyObject_GetAttrString(module, "RowError"));
    Raised raised(type.get(), error.what(), "UDF_ROW_ERROR");
    raised.set("function", text_object(error.function()));
    raised.set("row", error.row() < 0 ? none() : checked(PyLong_FromLongLong(error.row())));
    raised.set("frames", tuple_of(error.frames()));
    raised.raise();
  } catch (const StateError& error) {
    const Reference type = checked(PyObject_GetAttrString(module, "ConfigError"));
    Raised raised(type.get(), error.what(), "UDF_CONFIG_ERROR");
    raised.set("config", error.config().empty() ? none() : text_object(error.config()));
    raised.raise();
  } catch (const UsageError& error) {
    Raised(PyExc_TypeError, error.what(), "UDF_USAGE_ERROR").raise();
  } catch (const std::exception& error) {
    Raised(PyExc_RuntimeError, error.what(), "UDF_MODULE_ERROR").raise();
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
    if (add_exception(module, "RowError", "A function refused a row: code, function, row, frames.") != 0) return -1;
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
    {"watch", &method<watch>, METH_FASTCALL, "watch(path, aloud): writes where this process crashes to a file; with a second argument to standard error too."},
    {"place", &method<place>, METH_FASTCALL, "place(text): what lines of the log say after their level."},
    {"rows_before", &method<rows_before>, METH_FASTCALL, "rows_before(index, rows): how many rows come before the next batch, for what is told of a crash."},
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
