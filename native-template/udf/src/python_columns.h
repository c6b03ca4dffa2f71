#pragma once

#include <memory>
#include <vector>

#include "arrow.h"
#include "messages.h"
#include "one_row.h"
#include "python_host.h"
#include "python_scalar.h"

namespace udf::detail::python {

inline constexpr const char* schema_capsule = "arrow_schema";
inline constexpr const char* array_capsule = "arrow_array";

/// Lets other Python threads run while a kernel works.
class WithoutLock {
 public:
  WithoutLock() : thread_(PyEval_SaveThread()) {}
  ~WithoutLock() { PyEval_RestoreThread(thread_); }
  WithoutLock(const WithoutLock&) = delete;
  WithoutLock& operator=(const WithoutLock&) = delete;

 private:
  PyThreadState* thread_;
};

/// Asks an object for its capsules, a tuple of schema and array, which own the memory.
inline Reference capsules_of(PyObject* object, const Place& place) {
  PyObject* const method = PyObject_GetAttrString(object, "__arrow_c_array__");
  if (method == nullptr) {
    PyErr_Clear();
    throw UsageError({place.text(), " must be an Arrow array (with __arrow_c_array__), not ", kind_of(object),
                      "; join a chunked one by combine_chunks()"});
  }
  const Reference owned(method);
  Reference capsules = checked(PyObject_CallNoArgs(method));
  if (PyTuple_Size(capsules.get()) != 2) {
    PyErr_Clear();
    throw UsageError({place.text(), ": __arrow_c_array__ gave no pair of capsules"});
  }
  return capsules;
}

template <class Struct>
const Struct* in_capsule(const Reference& capsules, Py_ssize_t index, const char* name) {
  void* const pointer = PyCapsule_GetPointer(PyTuple_GetItem(capsules.get(), index), name);
  if (pointer == nullptr) throw PendingException{};
  return static_cast<const Struct*>(pointer);
}

/// Frees a struct that nobody has taken out of its capsule.
template <class Struct>
void destroy(PyObject* capsule, const char* name) {
  const std::unique_ptr<Struct> owned(static_cast<Struct*>(PyCapsule_GetPointer(capsule, name)));
  if (owned && owned->release != nullptr) owned->release(owned.get());
}

/// Arrow results until they are in capsules.
template <class Struct>
class Exported {
 public:
  Exported() : owned_(std::make_unique<Struct>()) {}
  Exported(const Exported&) = delete;
  Exported& operator=(const Exported&) = delete;
  ~Exported() {
    if (owned_ && owned_->release != nullptr) owned_->release(owned_.get());
  }
  Struct& get() { return *owned_; }
  Reference capsule(const char* name, void (*destructor)(PyObject*)) {
    Reference made = checked(PyCapsule_New(owned_.get(), name, destructor));
    owned_.release();  // the capsule's now
    return made;
  }

 private:
  std::unique_ptr<Struct> owned_;
};

/// `columns(index, *arrays)`: a pair of capsules.
inline Reference columns(PyObject*, PyObject* const* arguments, Py_ssize_t count) {
  const Function& function = function_at(arguments, count);
  check_count(function, static_cast<std::size_t>(count - 1));
  std::vector<Reference> owners;
  std::vector<ArrowColumn> inputs;
  for (std::size_t index = 0; index + 1 < static_cast<std::size_t>(count); ++index) {
    owners.push_back(capsules_of(arguments[index + 1], Place::argument(function, index)));
    inputs.push_back({in_capsule<ArrowSchema>(owners.back(), 0, schema_capsule),
                      in_capsule<ArrowArray>(owners.back(), 1, array_capsule)});
  }
  Exported<ArrowSchema> schema;
  Exported<ArrowArray> array;
  {
    const WithoutLock unlocked;
    call_arrow(function, inputs, schema.get(), array.get());
  }
  Reference first = schema.capsule(schema_capsule, [](PyObject* it) { destroy<ArrowSchema>(it, schema_capsule); });
  Reference second = array.capsule(array_capsule, [](PyObject* it) { destroy<ArrowArray>(it, array_capsule); });
  Reference pair = checked(PyTuple_New(2));
  PyTuple_SetItem(pair.get(), 0, first.release());
  PyTuple_SetItem(pair.get(), 1, second.release());
  return pair;
}

}  // namespace udf::detail::python
