// The children that are to end with this process. Nothing can be waited for when a process ends, so they get SIGTERM and no more;
// and where it is killed nobody tells them at all. One listener, while there is such a child.
import { processWide } from "@trestle/host";

/** Something that is told when this process ends. */
export interface Dependent {
  processEnds(): void;
}

interface Living {
  readonly children: Set<Dependent>;
  readonly tell: () => void;
}

const living = processWide<Living>("@trestle/io:children", 1, () => {
  const children = new Set<Dependent>();
  return {
    children,
    tell: () => {
      for (const child of children) child.processEnds();
    },
  };
});

/** Has a child told when this process ends. */
export function addLiving(child: Dependent): void {
  if (living.children.size === 0) process.on("exit", living.tell);
  living.children.add(child);
}

/** It has ended, or may stay. */
export function removeLiving(child: Dependent): void {
  if (living.children.delete(child) && living.children.size === 0) process.off("exit", living.tell);
}
