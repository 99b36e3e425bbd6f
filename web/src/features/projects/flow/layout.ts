// Where the boxes and arrows of a workflow stand: columns by the longest way from the start, arrows back below.
import { startOf, waysOf, type Edge, type Flow } from './policy'

export const BOX = { width: 176, height: 92, gapX: 150, gapY: 36 } as const

export interface Box { name: string; x: number; y: number }
/** Ways between the same two stages are one arrow. `skip`: taken after skips. */
export interface Arrow { from: string; to: string; ways: Edge[]; skip: number | null; path: string; label: { x: number; y: number } }
export interface Drawing { boxes: Box[]; arrows: Arrow[]; width: number; height: number }

export function draw(flow: Flow): Drawing {
  const names = Object.keys(flow.stages)
  const joined = new Map<string, { from: string; to: string; ways: Edge[]; skip: number | null }>()
  const join = (from: string, to: string) => {
    const key = `${from} ${to}`
    const found = joined.get(key) ?? { from, to, ways: [], skip: null }
    joined.set(key, found)
    return found
  }
  for (const [from, stage] of Object.entries(flow.stages)) {
    for (const way of waysOf(stage)) if (flow.stages[way.to]) join(from, way.to).ways.push(way)
    const { then, after } = stage.skip ?? {}
    if (then && flow.stages[then]) join(from, then).skip = after ?? 1
  }
  const column = columns(names, startOf(flow), [...joined.values()])
  const rows = new Map<number, number>()
  const boxes = names.map((name): Box => {
    const at = column.get(name) ?? 0
    const row = rows.get(at) ?? 0
    rows.set(at, row + 1)
    return { name, x: at * (BOX.width + BOX.gapX), y: row * (BOX.height + BOX.gapY) }
  })
  const tall = Math.max(...boxes.map((box) => box.y)) + BOX.height
  const of = new Map(boxes.map((box) => [box.name, box]))
  let above = 0
  let below = 0
  const arrows = [...joined.values()].map((one): Arrow => {
    const a = of.get(one.from) as Box
    const b = of.get(one.to) as Box
    const [ax, ay, bx, by] = [a.x + BOX.width, a.y + BOX.height / 2, b.x, b.y + BOX.height / 2]
    const steps = (b.x - a.x) / (BOX.width + BOX.gapX)
    if (steps === 1) return { ...one, path: `M${ax} ${ay} C${ax + 60} ${ay} ${bx - 60} ${by} ${bx} ${by}`, label: { x: (ax + bx) / 2, y: (ay + by) / 2 - 8 } }
    const [from, to] = [a.x + BOX.width / 2, b.x + BOX.width / 2]
    if (steps > 1) {
      above += 1
      const y = -28 * above
      return { ...one, path: `M${from + 40} ${a.y} C${from + 40} ${y} ${from + 60} ${y} ${from + 90} ${y} L${to - 60} ${y} C${to - 20} ${y} ${to - 20} ${y} ${to - 20} ${b.y}`, label: { x: (from + to) / 2, y: y - 5 } }
    }
    below += 1
    const y = tall + 26 * below
    return { ...one, path: `M${from - 30} ${a.y + BOX.height} C${from - 30} ${y} ${from - 40} ${y} ${from - 70} ${y} L${to + 60} ${y} C${to + 20} ${y} ${to + 20} ${y} ${to + 20} ${b.y + BOX.height}`, label: { x: (from + to) / 2, y: y - 5 } }
  })
  const top = above * 28 + (above ? 20 : 0)
  return { boxes: boxes.map((box) => ({ ...box, y: box.y + top })), arrows: arrows.map((one) => ({ ...one, label: { x: one.label.x, y: one.label.y + top }, path: moved(one.path, top) })), width: Math.max(...boxes.map((box) => box.x)) + BOX.width, height: tall + top + below * 26 + 12 }
}

/** The column of each stage: one more than the last of those that lead to it, ways back left out. */
function columns(names: readonly string[], start: string, edges: readonly { from: string; to: string }[]): Map<string, number> {
  const found = new Map<string, number>()
  const visit = (name: string, depth: number, path: readonly string[]) => {
    if (path.includes(name) || (found.get(name) ?? -1) >= depth) return
    found.set(name, depth)
    for (const edge of edges) if (edge.from === name) visit(edge.to, depth + 1, [...path, name])
  }
  visit(start, 0, [])
  for (const name of names) if (!found.has(name)) found.set(name, 0)
  return found
}

function moved(path: string, by: number): string {
  return path.replace(/(-?[\d.]+) (-?[\d.]+)/g, (_, x: string, y: string) => `${x} ${Number(y) + by}`)
}
