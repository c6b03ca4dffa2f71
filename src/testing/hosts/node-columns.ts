import type { Type } from "../../core/types.ts";
import { flatTypes } from "../../stubs/runtime/column-types.ts";
import type { DoorColumn, DoorInput, TypeShape } from "../../stubs/runtime/loader.ts";
import { type ArrowColumn, bit, bits, formatOf } from "../values/arrow.ts";

/* Arrow's columns as the Node door has them; docs/architecture.md, "The artifact's doors". */

export function shapeOf(type: Type): TypeShape {
  if (typeof type === "string" || "decimal" in type) return type;
  if ("list" in type) return { list: { type: shapeOf(type.list.type), nullable: type.list.nullable } };
  return {
    fields: type.fields.map(({ name, type: field, nullable }) => ({
      ...{ name, column: name, type: shapeOf(field), nullable },
    })),
  };
}

export function toDoor(column: ArrowColumn, type: Type): DoorInput {
  const [mask, first, second] = column.buffers.map((text) => (text === null ? null : Buffer.from(text, "base64")));
  const values = valuesOf({ column, type, first: first ?? Buffer.alloc(0), second: second ?? Buffer.alloc(0) });
  return { values, validity: mask ? new Uint8Array(mask) : null };
}

function valuesOf(given: { column: ArrowColumn; type: Type; first: Buffer; second: Buffer }): unknown {
  const { column, type, first, second } = given;
  const offsets = () => new Int32Array(new Uint8Array(first).buffer);
  if (typeof type === "object") {
    if ("decimal" in type) return new BigInt64Array(new Uint8Array(first).buffer);
    const types = "list" in type ? [type.list.type] : type.fields.map((field) => field.type);
    const children = column.children.map((child, index) => toDoor(child, types[index] ?? "bool"));
    if ("struct" in type) return { children };
    return { offsets: offsets(), elements: column.children[0]?.length ?? 0, child: children[0] };
  }
  if (type === "string" || type === "bytes") return { offsets: offsets(), data: new Uint8Array(second) };
  if (type === "bool") return Uint8Array.from({ length: column.length }, (_, row) => (bit(first, row) ? 1 : 0));
  const values = flatTypes[type].allocate(column.length);
  new Uint8Array(values.buffer).set(first);
  return values;
}

type Result = { column: DoorColumn; type: Type; length: number };

/** A result of so many rows. */
export function fromDoor({ column, type, length }: Result): ArrowColumn {
  const { validity, values, offsets, data, child, children } = column;
  const base64 = (bytes: ArrayBufferView | undefined, size: number) =>
    bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(size, bytes.byteLength)).toString("base64") : "";
  const mask = validity ? base64(validity, Math.ceil(length / 8)) : null;
  const made = (buffers: string[], inner: ArrowColumn[] = []): ArrowColumn => ({
    ...{ format: formatOf(type), name: "", length, buffers: [mask, ...buffers], children: inner },
  });
  const starts = base64(offsets, 4 * (length + 1));
  const end = offsets?.[length] ?? 0;
  if (type === "string" || type === "bytes") return made([starts, base64(data, end)]);
  if (type === "bool" && values instanceof Uint8Array) {
    const flags = Array.from(values.subarray(0, length), (flag) => flag !== 0);
    return made([Buffer.from(bits(flags)).toString("base64")]);
  }
  if (typeof type === "string" || "decimal" in type) return made([base64(values, Number.POSITIVE_INFINITY)]);
  if ("list" in type)
    return made([starts], child ? [fromDoor({ column: child, type: type.list.type, length: end })] : []);
  return made(
    [],
    type.fields.flatMap(({ type: field }, index) => {
      const given = children?.[index];
      return given ? [fromDoor({ column: given, type: field, length })] : [];
    }),
  );
}
