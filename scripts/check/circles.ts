/**
 * Circles in a directed graph: for each node that leads back to itself, one shortest way round; a way
 * round is told once, beginning with its first node in the order of the alphabet.
 *
 * A search from every node is quadratic, and a few hundred files need some milliseconds.
 */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found = new Map<string, string[]>();
  for (const start of graph.keys()) {
    const round = shortestRound(graph, start);
    if (round?.every((node) => start <= node) === true) {
      found.set(round.toSorted().join('\n'), round);
    }
  }
  return [...found.values()];
}

function shortestRound(
  graph: ReadonlyMap<string, readonly string[]>,
  start: string,
): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const to of graph.get(node) ?? []) {
      if (to === start) return wayTo(node, start, cameFrom);
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, node);
      queue.push(to);
    }
  }
  return undefined;
}

function wayTo(last: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [last];
  for (let node = last; node !== start;) {
    node = cameFrom.get(node) ?? start;
    way.unshift(node);
  }
  return way;
}
