import type { FunctionDescription } from "../core/manifest.ts";
import { freeNames } from "./free-names.ts";
import { pythonText } from "./python-names.ts";
import { leftOutOfGroups, type Named, origin, type StubContext, text } from "./stub-context.ts";

/** What the namespace has beside the functions. */
const docs = {
  register:
    "Make the functions known to the session's SQL: name() and <module>_name(), and of an aggregate name_of_lists().",
  ship: "Send the artifact and its configs to the session now. The functions do it by themselves.",
  options: "How many seconds a batch of rows may take, and whether errors show the values of their row.",
};
const session = { name: "session", type: "_SparkSession | None", value: "None" };
const calls = [
  { name: "register", doc: docs.register, parameters: [session] },
  { name: "ship", doc: docs.ship, parameters: [session] },
  {
    name: "options",
    doc: docs.options,
    parameters: [
      { name: "time_limit_seconds", type: "float | None", value: "None" },
      { name: "show_values", type: "bool", value: "False" },
    ],
  },
] as const;
const own: ReadonlySet<string> = new Set(calls.map(({ name }) => name));

type OnSpark = { local: string; described: FunctionDescription; parameters: string[] };

/** The functions as `<module>.spark` has them: an aggregate by the arguments of its rows, `register` as `register_`. */
function onSpark(functions: readonly Named<FunctionDescription>[], { manifest }: StubContext): OnSpark[] {
  const names = freeNames(
    functions.map(({ local }) => local),
    own,
  );
  return functions.map(({ local, described, parameters }, index) => {
    const original = manifest.functions[index] ?? described;
    const described_ = original.kind === "aggregate" ? { ...original, doc: groupDoc(original) } : original;
    return { local: names[index] ?? local, described: described_, parameters };
  });
}

function groupDoc(description: FunctionDescription): string {
  const left = leftOutOfGroups(description);
  const lines = [description.doc, "For the rows of a group: groupBy(…).agg(…).", left];
  return lines.filter(Boolean).join("\n");
}

/** The part of `<module>.py` that is for Spark; nothing of it runs until `spark` is asked for. */
export function sparkStub(functions: readonly Named<FunctionDescription>[], context: StubContext): string {
  const described = context.manifest.functions.map(({ doc: _doc, ...rest }) => `    ${text(JSON.stringify(rest))},\n`);
  return `

_spark_functions = [_json.loads(_text) for _text in (
${described.join("")})]
_on_spark = _OnSpark(_opened, _spark_functions, __name__, __file__, ${text(origin(context))})


class _SparkFunctions:
    """The functions over columns of Spark. The artifact and its configs go to the executors by themselves."""

${calls.map(sparkCall).join("")}${onSpark(functions, context).map(sparkFunction).join("")}`;
}

type Call = (typeof calls)[number];

function sparkCall({ name, doc, parameters }: Call): string {
  const list = parameters.map((each) => `${each.name}=${each.value}`);
  return `
    @staticmethod
    def ${name}(${list.join(", ")}):
        """${doc}"""
        _on_spark.${name}(${parameters.map((each) => each.name).join(", ")})
`;
}

function sparkCallTypes({ name, doc, parameters }: Call): string {
  const list = parameters.map((each) => `${each.name}: ${each.type} = ${each.value}`);
  return `    @staticmethod\n    def ${name}(${list.join(", ")}) -> None:\n        """${doc}"""\n\n`;
}

function sparkFunction({ local, described, parameters }: OnSpark): string {
  const list = parametersOf({ described, parameters }, (name, optional) => (optional ? `${name}=None` : name));
  const given = parametersOf({ described, parameters }, (name) => name);
  return `
    @staticmethod
    def ${local}(${list.join(", ")}):
${pythonText.docstring(described, "        ")}        return _on_spark.column(${text(described.name)}, [${given.join(", ")}])
`;
}

type Parameters = Pick<OnSpark, "described" | "parameters">;

function parametersOf({ described, parameters }: Parameters, show: (name: string, optional: boolean) => string) {
  return parameters.map((name, index) => show(name, described.arguments[index]?.default !== undefined));
}

/** The part of `<module>.pyi` that is for Spark. Without pyspark its columns are Any, and nothing else changes. */
export function sparkTypes(functions: readonly Named<FunctionDescription>[], context: StubContext): string {
  return `
class _SparkFunctions:
    """The functions over columns of Spark. The artifact and its configs go to the executors by themselves."""

${calls.map(sparkCallTypes).join("")}${onSpark(functions, context).map(sparkFunctionTypes).join("")}
spark: _SparkFunctions
"""The functions over columns of Spark; needs pyspark."""
`;
}

function sparkFunctionTypes({ local, described, parameters }: OnSpark): string {
  const list = parametersOf({ described, parameters }, (name, optional) =>
    optional ? `${name}: _Column | str | None = None` : `${name}: _Column | str`,
  );
  const docstring = pythonText.docstring(described, "        ");
  const signature = `    @staticmethod\n    def ${local}(${list.join(", ")}) -> _Column:`;
  return docstring ? `${signature}\n${docstring}\n` : `${signature} ...\n`;
}
