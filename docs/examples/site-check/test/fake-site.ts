// A site without a network: each address has a script, which is a structured function. On virtual time a page may take an
// hour, or for ever.
import { sleep, sleepForever, type Operation } from "@trestle/structured";
import type { ReadPage } from "../src/ask.js";
import { resolveLink } from "../src/link-target.js";
import { PageError } from "../src/page-error.js";
import type { Answer, Purpose } from "../src/read-page.js";

export const SITE = "http://site.test";

/** What an address does; `time` counts from 1 how often it was asked. */
export type Script = (address: string, time: number) => Operation<Answer>;

/** Answers after `ms` with a document that has these links, one a line, and these anchors. */
export function page(
  links: readonly string[] = [],
  options: { ms?: number; anchors?: readonly string[] } = {},
): Script {
  return function* (address) {
    yield* sleep(options.ms ?? 0);
    return {
      kind: "document",
      whole: true,
      anchors: new Set(options.anchors),
      links: links.map((text, index) => ({
        text,
        line: index + 1,
        target: resolveLink(text, address),
      })),
    };
  };
}

export function file(): Script {
  return function* () {
    return { kind: "file" };
  };
}

export function redirect(to: string): Script {
  return function* (address) {
    return { kind: "redirect", to: resolveLink(to, address) };
  };
}

export function fails(reason: string): Script {
  return function* () {
    throw new PageError(reason, { passing: false });
  };
}

/** Fails in passing so many times, then does as `then` says. */
export function failsAtFirst(times: number, then: Script): Script {
  return function* (address, time) {
    if (time <= times) throw new PageError("503 Service Unavailable", { passing: true });
    return yield* then(address, time);
  };
}

export function hangs(): Script {
  return () => sleepForever();
}

/** Gets pages from scripts; what has no script is not there. */
export function fakeSite(
  scripts: Readonly<Record<string, Script>>,
  log: (message: string) => void = () => {},
): ReadPage {
  const times = new Map<string, number>();
  return function* (address: string, purpose: Purpose): Operation<Answer> {
    const label = address.startsWith(SITE) ? address.slice(SITE.length) : address;
    const time = (times.get(address) ?? 0) + 1;
    times.set(address, time);
    log(`${purpose === "read" ? "ask" : "probe"} ${label}`);
    try {
      const answer = yield* (scripts[label] ?? fails("404 Not Found"))(address, time);
      log(`got ${label}`);
      return answer;
    } catch (error) {
      log(`${(error as Error).name} ${label}`);
      throw error;
    }
  };
}
