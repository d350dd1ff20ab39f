/** What the text of a scope is made of. */
export interface ScopeState {
  readonly name: string | undefined;
  readonly state: "new" | "entered" | "left";
  readonly isCancelled: boolean;
  readonly isShielded: boolean;
  /** The instant in milliseconds; Infinity for none. */
  readonly deadline: number;
  /** The duration in milliseconds that will count from the entry, where one was given. */
  readonly relativeDeadline: number | undefined;
  /** The time in milliseconds; undefined where there is no clock. */
  readonly now: number | undefined;
}

/** Tells in words how a scope stands: "cancel scope 'fetch' (entered, shielded, 5 ms left)". */
export function scopeText(scope: ScopeState): string {
  const parts = [
    scope.state,
    scope.isShielded ? "shielded" : "",
    scope.isCancelled ? "cancelled" : deadlineText(scope),
  ];
  const name = scope.name === undefined ? "" : ` '${scope.name}'`;
  return `cancel scope${name} (${parts.filter(Boolean).join(", ")})`;
}

function deadlineText({ state, deadline, relativeDeadline, now }: ScopeState): string {
  if (state === "new" && relativeDeadline !== undefined)
    return `${relativeDeadline} ms from its entry on`;
  if (state === "left" || deadline === Infinity || now === undefined) return "";
  return deadline < now ? `${now - deadline} ms too late` : `${deadline - now} ms left`;
}
