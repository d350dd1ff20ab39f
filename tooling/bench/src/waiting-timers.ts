/** How many timers of the platform are set, once all that is ready now has been done. */
export async function waitingTimers(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
