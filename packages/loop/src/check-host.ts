import { ArgumentError, describe, type Host } from "@trestle/host";

/** Gives what a loop can live on; throws ArgumentError for anything else. */
export function checkHost(host: Host): Host {
  if (typeof host?.soon === "function") return host;
  throw new ArgumentError(
    `Cannot make an event loop with ${describe(host)} as 'host': a Host is wanted.\nLeave it out for the platform's own, or give a VirtualHost of @trestle/testing.`,
  );
}
