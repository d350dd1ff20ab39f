import { describe, expect, test } from "vitest";
import { CancelNode, type CancelMember } from "../src/cancel-node.js";
import type { CancelCause } from "../src/cancelled.js";

const cause: CancelCause = { kind: "explicit", reason: undefined, task: undefined };

function nodeUnder(parent: CancelNode): CancelNode {
  const node = new CancelNode();
  node.attach(parent);
  return node;
}

/** A chain of nodes, the root first. */
function chain(length: number): CancelNode[] {
  const nodes = [new CancelNode()];
  while (nodes.length < length) nodes.push(nodeUnder(nodes.at(-1) as CancelNode));
  return nodes;
}

/** A member that stands at `node` and writes down each delivery. */
function memberOf(node: CancelNode, deliver: () => void): CancelMember {
  const member: CancelMember = { node, previousMember: null, nextMember: null, deliver };
  node.addMember(member);
  return member;
}

describe("the catcher of a node", () => {
  test("is the outermost cancelled node that it can see (SCOPE-10, SCOPE-20)", () => {
    const [root, middle, leaf] = chain(3) as [CancelNode, CancelNode, CancelNode];
    expect(leaf.catcher).toBe(null);
    leaf.cancel(cause);
    expect([root.catcher, middle.catcher, leaf.catcher]).toEqual([null, null, leaf]);
    root.cancel(cause);
    expect([root.catcher, middle.catcher, leaf.catcher]).toEqual([root, root, root]);
  });

  test("is looked for up to a shield, whose own cancel counts", () => {
    const [root, middle, leaf] = chain(3) as [CancelNode, CancelNode, CancelNode];
    middle.shield(true);
    root.cancel(cause);
    expect([middle.catcher, leaf.catcher]).toEqual([null, null]);
    middle.cancel(cause);
    expect([middle.catcher, leaf.catcher]).toEqual([middle, middle]);
    middle.shield(false);
    expect([middle.catcher, leaf.catcher]).toEqual([root, root]);
  });

  test("is known from the start for a node that is hung under a cancelled one", () => {
    const root = new CancelNode();
    root.cancel(cause);
    expect(nodeUnder(root).catcher).toBe(root);
  });

  test("follows a node that moves, at its refresh", () => {
    const [here, there] = [new CancelNode(), new CancelNode()];
    const moving = nodeUnder(here);
    const below = nodeUnder(moving);
    there.cancel(cause);
    moving.move(there);
    moving.refresh();
    expect([moving.catcher, below.catcher]).toEqual([there, there]);
    expect([here.children(), there.children()]).toEqual([[], [moving]]);
  });
});

test("the first cause stays (REASON-5, T112)", () => {
  const node = new CancelNode();
  node.cancel(cause);
  node.cancel({ kind: "deadline", reason: undefined, task: undefined });
  expect(node.cause).toBe(cause);
});

describe("waking", () => {
  test("goes from the outside in and in the order of coming, to those whose innermost node it is", () => {
    const log: string[] = [];
    const root = new CancelNode();
    memberOf(root, () => log.push("a"));
    const middle = nodeUnder(root);
    memberOf(middle, () => log.push("c"));
    const deeper = memberOf(root, () => log.push("not the innermost"));
    const leaf = nodeUnder(middle);
    deeper.node = leaf;
    leaf.owner = memberOf(leaf, () => log.push("owner and member"));
    leaf.removeMember(leaf.owner);
    memberOf(root, () => log.push("b"));
    root.cancel(cause);
    expect(log).toEqual(["a", "b", "c", "owner and member"]);
  });

  test("happens once for each time that the node becomes cancelled", () => {
    const log: string[] = [];
    const [root, leaf] = chain(2) as [CancelNode, CancelNode];
    memberOf(leaf, () => log.push("woken"));
    leaf.cancel(cause);
    root.cancel(cause);
    expect(log).toEqual(["woken"]);
    leaf.shield(true);
    leaf.shield(false);
    expect(log).toEqual(["woken"]);
  });

  test("happens again when a shield is lowered that had hidden the cancellation", () => {
    const log: string[] = [];
    const [root, leaf] = chain(2) as [CancelNode, CancelNode];
    memberOf(leaf, () => log.push("woken"));
    root.cancel(cause);
    leaf.shield(true);
    leaf.shield(false);
    expect(log).toEqual(["woken", "woken"]);
  });

  test("begins when the whole tree is settled, and leaves out who is safe by then", () => {
    const log: string[] = [];
    const root = new CancelNode();
    const [first, second] = [nodeUnder(root), nodeUnder(root)];
    memberOf(first, () => {
      log.push(`the other is cancelled: ${second.catcher === root}`);
      second.shield(true);
    });
    memberOf(second, () => log.push("not shielded in time"));
    root.cancel(cause);
    expect(log).toEqual(["the other is cancelled: true"]);
  });
});

describe("the tree", () => {
  test("lets nodes and members out of the middle", () => {
    const root = new CancelNode();
    const nodes = [nodeUnder(root), nodeUnder(root), nodeUnder(root)] as const;
    nodes[1].detach();
    expect(root.children()).toEqual([nodes[0], nodes[2]]);
    nodes[2].detach();
    nodes[2].detach();
    expect(root.children()).toEqual([nodes[0]]);
    const names: string[] = [];
    const members = ["a", "b", "c"].map((name) => memberOf(root, () => names.push(name)));
    root.removeMember(members[1] as CancelMember);
    const late = memberOf(root, () => names.push("d"));
    root.removeMember(members[2] as CancelMember);
    root.cancel(cause);
    expect(names).toEqual(["a", "d"]);
    expect(root.lastMember).toBe(late);
  });

  test("may be very deep: nothing recurses (SCOPE-11, T94)", () => {
    const nodes = chain(50_000);
    const log: string[] = [];
    memberOf(nodes.at(-1) as CancelNode, () => log.push("woken"));
    nodes[0]?.cancel(cause);
    expect(nodes.at(-1)?.catcher).toBe(nodes[0]);
    expect(log).toEqual(["woken"]);
  });
});
