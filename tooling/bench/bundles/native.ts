// native promises
async function main(): Promise<void> {
  const timeout = AbortSignal.timeout(1000);
  await Promise.all([10, 20, 30].map((ms) => nap(ms, timeout)));
}

function nap(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("too late", { cause: signal.reason }));
    });
  });
}

void main();
