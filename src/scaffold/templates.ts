import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { UdfError } from "../core/error.ts";
import { suggestion } from "../core/nearest.ts";

/** A template: the shared module, and for all but `flights` a folder whose files come instead of the example's own. */
export type Template = { name: string; base: string; overlay?: string };

export const templateNames = ["flights", "blank"] as const;

/** Throws TEMPLATE_UNKNOWN. */
export function findTemplate(name: string): Template {
  const known = templateNames.find((template) => template === name);
  if (!known) {
    throw new UdfError("TEMPLATE_UNKNOWN", {
      what: `there is no template "${name}"`,
      next: suggestion(name, templateNames),
    });
  }
  const base = templateFolder();
  return known === "flights" ? { name, base } : { name, base, overlay: path.join(base, known) };
}

/** `native-template/` of this package: two folders up from src/scaffold/, one up from dist/. */
function templateFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const found = ["..", path.join("..", "..")]
    .map((up) => path.resolve(here, up, "native-template"))
    .find((folder) => existsSync(path.join(folder, "template.json")));
  if (found) return found;
  throw new UdfError("TEMPLATE_UNKNOWN", {
    what: "this installation of native-udf has no native-template folder",
    where: here,
    next: "Install native-udf again.",
  });
}

const templateFileSchema = z.strictObject({
  /** Files of npm packages that are copied into a new module: `from` in the package, `to` in the module. */
  data: z.array(z.strictObject({ package: z.string(), version: z.string(), from: z.string(), to: z.string() })),
});
export type TemplateData = z.infer<typeof templateFileSchema>["data"];

/** The data that a module of this template starts with, out of template.json; blank brings its own as files. */
export function readTemplateData(template: Template): TemplateData {
  if (template.overlay) return [];
  return templateFileSchema.parse(JSON.parse(readFileSync(path.join(template.base, "template.json"), "utf8"))).data;
}
