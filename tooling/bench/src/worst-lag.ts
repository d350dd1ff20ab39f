const INTERVAL = 10;

/** The longest lag of a timer of 10 ms that is set again and again, in milliseconds; told when the first one has rung after the end. */
export function worstLag(isOver: () => boolean): Promise<number> {
  let worst = 0;
  return new Promise((resolve) => {
    const set = (): void => {
      const due = performance.now() + INTERVAL;
      setTimeout(() => {
        worst = Math.max(worst, performance.now() - due);
        if (isOver()) resolve(worst);
        else set();
      }, INTERVAL);
    };
    set();
  });
}

/** How late such a timer rings at worst while some work goes on. */
export async function worstLagDuring(work: () => Promise<unknown>): Promise<number> {
  let over = false;
  const worst = worstLag(() => over);
  try {
    await work();
  } finally {
    over = true;
  }
  return worst;
}
