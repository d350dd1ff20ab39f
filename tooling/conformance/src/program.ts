// The programs of the vectors, as types. `vectors/README.md` says what each statement means.

/** Statements, run one after another. */
export type Body = readonly Statement[];

/** Statements that both flavors know. */
export type EitherStatement =
  | { readonly op: "log"; readonly m: string }
  | { readonly op: "sleep"; readonly d: number }
  | { readonly op: "checkpoint" }
  | { readonly op: "raise"; readonly m: string }
  | { readonly op: "finally"; readonly body: Body; readonly final: Body }
  | { readonly op: "catch"; readonly body: Body; readonly handler: Body }
  | { readonly op: "cancel"; readonly id: string }
  | { readonly op: "set"; readonly id: string };

export interface ScopeStatement {
  readonly op: "scope";
  readonly id: string;
  /** Seconds from now; null for none. */
  readonly deadline: number | null;
  readonly shield: boolean;
  /** Whether the scope is cancelled before it is entered. */
  readonly cancelled?: boolean;
  readonly body: Body;
}

export interface NurseryStatement {
  readonly op: "nursery";
  readonly id: string;
  readonly children: readonly Body[];
  readonly body: Body;
}

export interface StartStatement {
  readonly op: "start";
  readonly nursery: string;
  readonly value: string;
  readonly before: Body;
  readonly after: Body;
  /** Whether the child ends after `before` without having reported. */
  readonly never?: boolean;
}

/** Statements of the structured flavor alone. */
export type StructuredStatement =
  | ScopeStatement
  | NurseryStatement
  | StartStatement
  | { readonly op: "cancelled" }
  | { readonly op: "fail_after"; readonly d: number; readonly body: Body }
  | { readonly op: "spawn"; readonly nursery: string; readonly body: Body }
  | { readonly op: "shield"; readonly id: string; readonly value: boolean }
  | { readonly op: "deadline"; readonly id: string; readonly d: number }
  | { readonly op: "wait"; readonly id: string }
  | { readonly op: "send"; readonly id: string; readonly v: string }
  | { readonly op: "recv"; readonly id: string }
  | { readonly op: "close_send"; readonly id: string }
  | { readonly op: "close_recv"; readonly id: string }
  | { readonly op: "lock"; readonly id: string; readonly body: Body }
  | { readonly op: "sem"; readonly id: string; readonly body: Body }
  | { readonly op: "aio"; readonly body: Body };

/** Statements of the loop flavor alone. */
export type LoopStatement =
  | {
      readonly op: "catch_cancel";
      readonly body: Body;
      readonly handler: Body;
      readonly swallow: boolean;
    }
  | { readonly op: "task"; readonly id: string; readonly body: Body }
  | { readonly op: "cancel_task"; readonly id: string }
  | { readonly op: "await_task"; readonly id: string }
  | { readonly op: "wait_for"; readonly d: number; readonly body: Body }
  | { readonly op: "timeout"; readonly d: number; readonly body: Body }
  | { readonly op: "gather"; readonly bodies: readonly Body[]; readonly return_errors: boolean }
  | {
      readonly op: "task_group";
      readonly id: string;
      readonly children: readonly Body[];
      readonly body: Body;
    }
  | { readonly op: "shield"; readonly id: string; readonly body: Body }
  | { readonly op: "trio"; readonly body: Body; readonly cancel_after?: number };

/** Any statement. Which of them a body may hold depends on the flavor that it runs in. */
export type Statement = EitherStatement | StructuredStatement | LoopStatement;

/** Which flavor a program's main task runs in; a bridge program starts structured, inside an open loop. */
export type ProgramFlavor = "structured" | "loop" | "bridge";

/** A small concurrent program. */
export interface Program {
  readonly flavor: ProgramFlavor;
  readonly body: Body;
  readonly events?: readonly string[];
  /** Capacity by id. */
  readonly channels?: Readonly<Record<string, number>>;
  readonly locks?: readonly string[];
  /** Initial value by id. */
  readonly semaphores?: Readonly<Record<string, number>>;
}
