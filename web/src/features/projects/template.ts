// Changes of a skeleton template that a person makes in the form; each gives the whole template anew.

import { readyFor, skeletonFrom, type Ready, type Template } from '../../kinds/skeleton'

export type Edited = Template & { readonly sigmas: Readonly<Record<string, number>> }

/** A ready-made template, whose places and sigmas need not be written: they follow from its names. */
export function fromReady({ points, edges, pairs }: Ready): Edited {
  return { points, edges, pairs, places: {}, sigmas: {} }
}

export function withPoints(template: Edited, names: readonly string[]): Edited {
  const known = settled(template)
  return { ...known, points: [...known.points, ...names.filter((name, i) => !known.points.includes(name) && names.indexOf(name) === i)] }
}

/** A name that is taken leaves all as it was. */
export function renamedPoint(template: Edited, index: number, name: string): Edited {
  const was = template.points[index]
  if (was === undefined || name === '' || template.points.includes(name)) return template
  return mapped(settled(template), (one) => (one === was ? name : one))
}

/** Without a point, and without the lines and pairs that it was in. */
export function withoutPoint(template: Edited, index: number): Edited {
  const gone = template.points[index]
  return mapped(settled(template), (one) => (one === gone ? null : one))
}

/** A line between two points; the line goes where it is there. */
export function toggledEdge(template: Edited, a: number, b: number): Edited {
  const [from, to] = [template.points[a], template.points[b]]
  if (from === undefined || to === undefined || a === b) return template
  const rest = template.edges.filter((edge) => !(edge.includes(from) && edge.includes(to)))
  return { ...template, edges: rest.length < template.edges.length ? rest : [...rest, [from, to]] }
}

/** Two points as the left and the right of one thing; null takes a point out of its pair. */
export function paired(template: Edited, index: number, other: string | null): Edited {
  const name = template.points[index]
  if (name === undefined || name === other) return template
  const rest = template.pairs.filter((pair) => !pair.includes(name) && (other === null || !pair.includes(other)))
  if (other === null) return { ...template, pairs: rest }
  const inOrder: [string, string] = template.points.indexOf(other) < index ? [other, name] : [name, other]
  return { ...template, pairs: [...rest, inOrder] }
}

/** A point of the picture at another place in the unit square. */
export function movedPoint(template: Edited, index: number, x: number, y: number): Edited {
  const name = template.points[index]
  const within = (at: number): number => Math.round(Math.min(Math.max(at, 0), 1) * 100) / 100
  return name === undefined ? template : { ...template, places: { ...template.places, [name]: [within(x), within(y)] } }
}

/** With the places and sigmas written out that so far followed from the names: other names have others. */
function settled(template: Edited): Edited {
  const { places } = skeletonFrom(template)
  const written = Object.fromEntries(template.points.map((name, i) => [name, [round(places[i]?.x ?? 0), round(places[i]?.y ?? 0)] as const]))
  return { ...template, places: written, sigmas: { ...readyFor(template.points)?.sigmas, ...template.sigmas } }
}

function mapped(template: Edited, to: (name: string) => string | null): Edited {
  const kept = (name: string): string[] => [to(name)].filter((one) => one !== null)
  const rows = (all: Template['edges']) => all.flatMap(([a, b]) => {
    const [from, until] = [to(a), to(b)]
    return from === null || until === null ? [] : [[from, until] as const]
  })
  const named = <V>(all: Readonly<Record<string, V>>): Record<string, V> => Object.fromEntries(Object.entries(all).flatMap(([name, value]) => kept(name).map((one) => [one, value] as const)))
  return { points: template.points.flatMap(kept), edges: rows(template.edges), pairs: rows(template.pairs), places: named(template.places), sigmas: named(template.sigmas) }
}

function round(at: number): number {
  return Math.round(at * 100) / 100
}
