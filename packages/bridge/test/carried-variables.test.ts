import { ContextVar, run as runStructured, sleep } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { CarriedVariables, showCarried } from "../src/carried-variables.js";

const variable = new ContextVar("carried", { defaultValue: "none" });

test("the code of a loop has what the block began with", async () => {
  await runStructured(
    function* () {
      variable.set("of the block");
      const variables = new CarriedVariables();
      variables.begin();
      expect(variables.areToBeCarried).toBe(false);
      expect(variables.snapshot).toBe(variables.inLoop);
    },
    { host: new VirtualHost() },
  );
});

test("what is set since then is carried into what a call starts, and not out of it", async () => {
  const host = new VirtualHost();
  const seen: string[] = [];
  await runStructured(
    function* () {
      const variables = new CarriedVariables();
      variables.begin();
      showCarried(() => variables);
      variable.set("of the call");
      expect(variables.areToBeCarried).toBe(true);
      const see = (where: string) => (): void => void seen.push(`${where}: ${variable.get()}`);
      host.soon(variables.carry(() => AsyncLocalStorage.bind(see("inside"))));
      host.soon(see("outside"));
      yield* sleep(1);
      variables.end();
      variables.end();
      host.soon(see("after the end"));
      yield* sleep(1);
    },
    { host },
  );
  showCarried(() => undefined);
  expect(seen).toEqual(["inside: of the call", "outside: none", "after the end: none"]);
});
