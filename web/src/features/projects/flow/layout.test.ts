import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { BOX, draw, type Drawing, type Point } from './layout'
import type { Flow, Stage } from './policy'
import { TEMPLATES } from './templates'

const ROOT = resolve(import.meta.dirname, '../../../../..')

/** Every policy that the guide shows in full, by where it stands. */
function ofDocs(): [string, Flow][] {
  return ['workflow', 'programme', 'review'].flatMap((page) => {
    const text = readFileSync(resolve(ROOT, `docs/guide/${page}.md`), 'utf8')
    const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => parse(block ?? '') as Partial<Flow> | null)
    return blocks.flatMap((flow, i): [string, Flow][] => (flow?.stages ? [[`${page} ${i}`, flow as Flow]] : []))
  })
}

/** The demo's policy: what Python writes there reads as JSON but for the commas behind the last entries. */
function ofDemo(): Flow {
  const [, written] = /^POLICY = (\{[\s\S]*?^\})/m.exec(readFileSync(resolve(ROOT, 'src/karat/demo/story.py'), 'utf8')) ?? []
  return JSON.parse((written ?? '').replaceAll(/,(\s*[\]}])/g, '$1')) as Flow
}
const DEMO = ofDemo()
const accept: Stage = { do: 'resolve', by: 'consensus', method: 'default' }
/** Skips to an expert, two reviews, adjudication, ways back from each: as much as a real project has. */
const LARGE: Flow = {
  start: 'label',
  stages: {
    label: { do: 'label', skip: { after: 2, then: 'expert' }, next: [{ to: 'decide', when: { differ: { below: 0.8 } } }, { to: 'review', share: 0.2 }, { to: 'accept' }] },
    expert: { do: 'label', next: [{ to: 'second' }] },
    review: { do: 'review', next: { accepted: 'second', fixed: 'accept', rejected: 'label' } },
    second: { do: 'review', next: { accepted: 'accept', fixed: 'review', rejected: 'label' } },
    decide: { do: 'adjudicate', next: [{ to: 'accept' }, { to: 'review' }] },
    accept,
  },
}

/** Flows of every form, the same ones each time: each stage leads to some others, itself among them. */
function* invented(count: number): Generator<Flow> {
  let seed = 7
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below
  for (let n = 0; n < count; n += 1) {
    const names = Array.from({ length: 2 + random(6) }, (_, i) => `s${i}`)
    yield { start: 's0', stages: Object.fromEntries(names.map((name) => [name, { do: 'review' as const, next: Array.from({ length: random(4) }, () => ({ to: `s${random(names.length)}` })) }])) }
  }
}

/** Arrows that run through a box, or along its edge where they do not belong. */
function crossings({ boxes, arrows }: Drawing): string[] {
  const within = (p: Point, q: Point, { x, y }: Point, air: number) => Math.max(p.x, q.x) > x + air && Math.min(p.x, q.x) < x + BOX.width - air && Math.max(p.y, q.y) > y + air && Math.min(p.y, q.y) < y + BOX.height - air
  return arrows.flatMap((arrow) => boxes.flatMap((box) => {
    const isOwn = box.name === arrow.from || box.name === arrow.to
    const hit = arrow.points.slice(1).some((q, i) => within(arrow.points[i] as Point, q, box, isOwn ? 1 : -4))
    return hit ? [`${arrow.from} → ${arrow.to} through ${box.name}`] : []
  }))
}

describe('a drawing', () => {
  it.each([...Object.entries(TEMPLATES), ...ofDocs(), ['demo', DEMO], ['large', LARGE]] as [string, Flow][])('of %s has no arrow through a box, and no name on a box or on another', (_, flow) => {
    const drawing = draw(flow)
    expect(crossings(drawing)).toEqual([])
    for (const { label } of drawing.arrows) expect(drawing.boxes.some((box) => label.x > box.x && label.x < box.x + BOX.width && label.y > box.y && label.y < box.y + BOX.height)).toBe(false)
    const labels = drawing.arrows.map(({ label }) => label)
    expect(labels.filter((one, i) => labels.slice(0, i).some((other) => Math.abs(one.x - other.x) < 90 && Math.abs(one.y - other.y) < 16))).toEqual([])
  })

  it('of any flow at all has none', () => {
    for (const flow of invented(400)) expect(crossings(draw(flow)), JSON.stringify(flow)).toEqual([])
  })

  it('has every stage once, those further on to the right, within its size', () => {
    for (const flow of [...Object.values(TEMPLATES), DEMO, LARGE]) {
      const { boxes, arrows, width, height } = draw(flow)
      expect(boxes.map((box) => box.name)).toEqual(Object.keys(flow.stages))
      expect(new Set(boxes.map((box) => `${box.x} ${box.y}`)).size).toBe(boxes.length)
      expect(boxes.find((box) => box.name === 'accept')?.x).toBe(Math.max(...boxes.map((box) => box.x)))
      for (const { points, label } of arrows) for (const { x, y } of [...points, label]) expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true)
    }
  })

  it('joins ways between the same two stages', () => {
    expect(draw(TEMPLATES.two).arrows.filter((arrow) => arrow.from === 'second').map((arrow) => [arrow.to, arrow.ways.length])).toEqual([['accept', 2], ['label', 1]])
  })

  it('begins and ends at the boxes that it joins', () => {
    for (const flow of invented(50)) {
      const { boxes, arrows } = draw(flow)
      const at = (name: string, { x, y }: Point) => boxes.some((box) => box.name === name && x >= box.x && x <= box.x + BOX.width && y >= box.y && y <= box.y + BOX.height)
      for (const { from, to, points } of arrows) expect([at(from, points[0] as Point), at(to, points.at(-1) as Point)]).toEqual([true, true])
    }
  })
})
