/** Counts the listeners that are added to a target, and removed from it, from now on. */
export function countListeners(target: EventTarget): { added: number; removed: number } {
  const counts = { added: 0, removed: 0 };
  const add = target.addEventListener.bind(target);
  const remove = target.removeEventListener.bind(target);
  target.addEventListener = (...args: Parameters<typeof add>) => {
    counts.added++;
    add(...args);
  };
  target.removeEventListener = (...args: Parameters<typeof remove>) => {
    counts.removed++;
    remove(...args);
  };
  return counts;
}
