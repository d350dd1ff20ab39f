import { describe, expect, test } from "vitest";
import { LinkedList, type Linked } from "../src/linked-list.js";

class Node implements Linked<Node> {
  before: Node | null = null;
  after: Node | null = null;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function listOf(...names: string[]): { list: LinkedList<Node>; nodes: Node[] } {
  const list = new LinkedList<Node>();
  const nodes = names.map((name) => new Node(name));
  for (const node of nodes) list.push(node);
  return { list, nodes };
}

function namesIn(list: LinkedList<Node>): string {
  let names = "";
  for (let node = list.first; node !== null; node = node.after) names += node.name;
  return names;
}

describe("a linked list", () => {
  test("keeps the order of pushing", () => {
    const { list } = listOf("a", "b", "c");
    expect(namesIn(list)).toBe("abc");
    expect(list.size).toBe(3);
  });

  test.each([
    [0, "bcd"],
    [1, "acd"],
    [3, "abc"],
  ])("lets member %i out, wherever it stands", (index, rest) => {
    const { list, nodes } = listOf("a", "b", "c", "d");
    const node = nodes[index] as Node;
    list.remove(node);
    expect(namesIn(list)).toBe(rest);
    expect(list.size).toBe(3);
    expect([node.before, node.after]).toEqual([null, null]);
    list.push(node);
    expect(namesIn(list)).toBe(rest + node.name);
  });

  test("gives out the first, until there is none", () => {
    const { list } = listOf("a", "b");
    expect([list.shift()?.name, list.shift()?.name, list.shift()]).toEqual(["a", "b", null]);
    expect(list.size).toBe(0);
    list.push(new Node("c"));
    expect(namesIn(list)).toBe("c");
  });
});
