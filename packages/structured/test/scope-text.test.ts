import { expect, test } from "vitest";
import { scopeText, type ScopeState } from "../src/scope-text.js";

const bare: ScopeState = {
  name: undefined,
  state: "entered",
  isCancelled: false,
  isShielded: false,
  deadline: Infinity,
  relativeDeadline: undefined,
  now: 100,
};

test.each<[text: string, scope: Partial<ScopeState>]>([
  ["cancel scope (entered)", {}],
  ["cancel scope 'fetch' (new)", { name: "fetch", state: "new" }],
  ["cancel scope (new, 5 ms from its entry on)", { state: "new", relativeDeadline: 5 }],
  ["cancel scope (entered, 5 ms left)", { relativeDeadline: 5, deadline: 105 }],
  ["cancel scope (entered, 0 ms left)", { deadline: 100 }],
  ["cancel scope (entered, 2 ms too late)", { deadline: 98 }],
  ["cancel scope (entered)", { deadline: 98, now: undefined }],
  [
    "cancel scope (entered, shielded, cancelled)",
    { deadline: 98, isCancelled: true, isShielded: true },
  ],
  ["cancel scope (left)", { state: "left", deadline: 98 }],
  ["cancel scope (left, cancelled)", { state: "left", isCancelled: true }],
])("'%s' is the text of a scope with %o (SCOPE-18)", (text, scope) => {
  expect(scopeText({ ...bare, ...scope })).toBe(text);
});
