// Which statements there are, and what each must say: the format as a table. It checks the form of a program and nothing
// of what it means.
import type {
  Body,
  EitherStatement,
  LoopStatement,
  ProgramFlavor,
  Statement,
  StructuredStatement,
} from "./program.js";
import { VectorError } from "./vector-error.js";

type Kind =
  | "text"
  | "number"
  | "number or null"
  | "flag"
  | "body"
  | "bodies"
  | "loop body"
  | "structured body";
/** A field with a question mark may be left out. */
type Fields = Readonly<Record<string, Kind | `${Kind}?`>>;
type Flavor = "structured" | "loop";

const either: Readonly<Record<EitherStatement["op"], Fields>> = {
  log: { m: "text" },
  sleep: { d: "number" },
  checkpoint: {},
  raise: { m: "text" },
  finally: { body: "body", final: "body" },
  catch: { body: "body", handler: "body" },
  cancel: { id: "text" },
  set: { id: "text" },
};

const structured: Readonly<Record<StructuredStatement["op"], Fields>> = {
  cancelled: {},
  scope: {
    id: "text",
    deadline: "number or null",
    shield: "flag",
    cancelled: "flag?",
    body: "body",
  },
  fail_after: { d: "number", body: "body" },
  nursery: { id: "text", children: "bodies", body: "body" },
  spawn: { nursery: "text", body: "body" },
  start: { nursery: "text", value: "text", before: "body", after: "body", never: "flag?" },
  shield: { id: "text", value: "flag" },
  deadline: { id: "text", d: "number" },
  wait: { id: "text" },
  send: { id: "text", v: "text" },
  recv: { id: "text" },
  close_send: { id: "text" },
  close_recv: { id: "text" },
  lock: { id: "text", body: "body" },
  sem: { id: "text", body: "body" },
  aio: { body: "loop body" },
};

const loop: Readonly<Record<LoopStatement["op"], Fields>> = {
  catch_cancel: { body: "body", handler: "body", swallow: "flag" },
  task: { id: "text", body: "body" },
  cancel_task: { id: "text" },
  await_task: { id: "text" },
  wait_for: { d: "number", body: "body" },
  timeout: { d: "number", body: "body" },
  gather: { bodies: "bodies", return_errors: "flag" },
  task_group: { id: "text", children: "bodies", body: "body" },
  shield: { id: "text", body: "body" },
  trio: { body: "structured body", cancel_after: "number?" },
};

const statements: Readonly<Record<Flavor, Readonly<Record<string, Fields>>>> = {
  structured: { ...either, ...structured },
  loop: { ...either, ...loop },
};

/** Checks the form of a program's body and of all bodies within; throws a VectorError that names the place. */
export function checkBody(body: unknown, flavor: ProgramFlavor): asserts body is Body {
  checkStatements(body, flavor === "loop" ? "loop" : "structured", "program.body");
}

function checkStatements(body: unknown, flavor: Flavor, place: string): void {
  if (!Array.isArray(body)) throw new VectorError(place, "a list of statements must stand here");
  body.forEach((statement, index) => checkStatement(statement, flavor, `${place}[${index}]`));
}

function checkStatement(
  statement: unknown,
  flavor: Flavor,
  place: string,
): asserts statement is Statement {
  const given = statement as Record<string, unknown> | null;
  const op = given?.["op"];
  if (typeof op !== "string")
    throw new VectorError(place, 'a statement must stand here, with its "op"');
  const fields = Object.hasOwn(statements[flavor], op) ? statements[flavor][op] : undefined;
  if (!fields) throw new VectorError(place, `the ${flavor} flavor has no statement "${op}"`);
  for (const [name, kind] of Object.entries(fields)) {
    const value = given?.[name];
    if (value === undefined && kind.endsWith("?")) continue;
    checkField(value, kind.replace("?", "") as Kind, flavor, `${place}.${name}`);
  }
}

function checkField(value: unknown, kind: Kind, flavor: Flavor, place: string): void {
  switch (kind) {
    case "body":
      return checkStatements(value, flavor, place);
    case "loop body":
      return checkStatements(value, "loop", place);
    case "structured body":
      return checkStatements(value, "structured", place);
    case "bodies":
      if (!Array.isArray(value)) throw new VectorError(place, "a list of bodies must stand here");
      return value.forEach((body, index) => checkStatements(body, flavor, `${place}[${index}]`));
    case "text":
      return expectKind(typeof value === "string", "a text", place);
    case "number":
      return expectKind(typeof value === "number", "a number", place);
    case "number or null":
      return expectKind(typeof value === "number" || value === null, "a number or null", place);
    case "flag":
      return expectKind(typeof value === "boolean", "true or false", place);
  }
}

function expectKind(fits: boolean, wanted: string, place: string): void {
  if (!fits) throw new VectorError(place, `${wanted} must stand here`);
}
