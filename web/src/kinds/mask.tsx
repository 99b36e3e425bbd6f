// A mask: the pixels that a thing covers, in the picture after EXIF orientation.

import type { Gesture, Point } from '../engine/gesture'
import type { CanvasKind, Paint, Size } from '../engine/kind'
import { isList, isRecord, problem, shown } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Annotation, Facts, Json, Problem } from '../engine/types'
import { clicks, drawLine, sketch } from './clicks'
import { coarseRingsOf, coverOf } from './covers'
import { isMade, known, type Mask, maskOf, pixels } from './masks'
import { ringsOf } from './outlines'
import { painted } from './painted'
import { placed, toPoint } from './rings'
import { sides } from './sides'
import { both, boxOf, COLUMN, combine, decode, encode, has, LARGEST_PX, meet, type Pixels, pixelsOf, sizeOf } from './runs'
import { inRing } from './strokes'

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape !== null) return [shape]
  const mask = value as Mask // box and counts have their types, just tested
  const outside = boxProblems(mask, facts)
  return outside.length > 0 ? outside : [...runProblems(mask)]
}

/** What keeps a value from being a box and runs; the first thing only, as reading stops there. */
function misshapen(value: Json): Problem | null {
  if (!isRecord(value)) return problem('', value, 'a mapping', 'Give box and counts.')
  const { box, counts, ...more } = value
  const [extra] = Object.keys(more)
  if (extra !== undefined) return problem(extra, more[extra], 'no such key', `Remove ${shown(extra)}.`)
  if (box === undefined) return problem('box', null, 'a value', 'Give the box as [left, top, width, height].')
  if (!isList(box)) return problem('box', box, 'a list', 'Give the box as [left, top, width, height].')
  if (box.length !== 4) return problem('box', box, 'a list of length 4', 'Give the box as [left, top, width, height].')
  const side = box.findIndex((at) => !Number.isInteger(at))
  if (side >= 0) return problem(`box[${side}]`, box[side], 'a whole number', 'Give the box in whole pixels.')
  if (counts === undefined) return problem('counts', null, 'a value', 'Give the compressed run lengths.')
  return typeof counts === 'string' ? null : problem('counts', counts, 'text', 'Compress the run lengths as COCO does.')
}

function boxProblems({ box }: Mask, { width, height }: Facts): Problem[] {
  return [width, height].flatMap((known, axis) => {
    const size = Math.min(known ?? LARGEST_PX, LARGEST_PX)
    const [at, length] = [box[axis] ?? 0, box[axis + 2] ?? 0]
    if (at < 0 || at >= size) return [problem(`box[${axis}]`, at, `0 to ${size - 1}`, 'Keep the mask inside the image; pixels count after EXIF orientation.')]
    return length > 0 && length <= size - at ? [] : [problem(`box[${axis + 2}]`, length, `1 to ${size - at}`, 'Give the box that the runs fill, inside the image.')]
  })
}

const checked = new WeakMap<Mask, readonly Problem[]>()

/** Remembered: all shapes of a picture are checked after each change of one. Runs that were just encoded are sound. */
function runProblems(mask: Mask): readonly Problem[] {
  if (isMade(mask)) return []
  const known = checked.get(mask) ?? findRunProblems(mask)
  checked.set(mask, known)
  return known
}

function findRunProblems({ box, counts }: Mask): Problem[] {
  const [left, top, width, height] = box
  const runs = decode(counts)
  if (runs === null || encode(runs) !== counts || runs.slice(1).includes(0)) return [problem('counts', counts, "COCO's compressed run lengths", 'Encode the mask as pycocotools does.')]
  const total = runs.reduce((sum, run) => sum + run, 0)
  if (total !== width * height) return [problem('counts', `${total} pixels`, `runs of ${width * height} pixels together`, 'Give the runs of the box, column by column.')]
  const tight = boxOf(pixelsOf(box, runs))
  if (tight === null) return [problem('counts', counts, 'at least one pixel', 'Paint something, or remove the mask.')]
  const isTight = tight[0] === left && tight[1] === top && tight[2] === width && tight[3] === height
  return isTight ? [] : [problem('box', box, `the smallest box, ${shown(tight)}`, 'Crop the runs to the pixels that are on.')]
}

const shared = new WeakMap<Mask, WeakMap<Mask, number>>()

/** How many pixels two masks have in common. Remembered: all masks are asked after each change of one. */
function common(a: Mask, b: Mask): number {
  if (!meet(a.box, b.box)) return 0
  const known = shared.get(a) ?? new WeakMap<Mask, number>()
  shared.set(a, known)
  const count = known.get(b) ?? sizeOf(combine(pixels(a), pixels(b), (inA, inB) => inA && inB))
  known.set(b, count)
  return count
}

interface Owed {
  readonly index: number
  readonly problem: Problem
}

/** Without instances each label has one mask, and without overlap each pixel belongs to one; the later is at fault. */
function checkTogether(annotations: readonly Annotation[], field: Field): Owed[] {
  return [...(paint.isOnePerLabel(field) ? repeated(annotations) : []), ...(paint.isExclusive(field) ? overlapping(annotations) : [])]
}

function repeated(annotations: readonly Annotation[]): Owed[] {
  const first = new Map<string | null, Annotation>()
  return annotations.flatMap((annotation, index) => {
    const other = first.get(annotation.label ?? null)
    if (other === undefined) first.set(annotation.label ?? null, annotation)
    return other === undefined ? [] : [{ index, problem: problem('', annotation.label, 'one mask for each label', 'Paint it onto the other mask of this label, and remove this one.') }]
  })
}

function overlapping(annotations: readonly Annotation[]): Owed[] {
  const masks = annotations.map(({ value }) => (mask.isShape(value) ? (value as Mask) : null))
  return masks.flatMap((later, index) => {
    const count = later === null ? 0 : masks.slice(0, index).reduce((sum, earlier) => sum + (earlier === null ? 0 : common(earlier, later)), 0)
    return count === 0 ? [] : [{ index, problem: problem('', `${count} pixels`, 'pixels that belong to one mask only', 'Erase from one of the two what both cover.') }]
  })
}

function moveBy(mask: Mask, by: Point, { width, height }: Size): Mask {
  const [left, top, wide, high] = mask.box
  const x = Math.round(Math.min(Math.max(by.x, -left), width - left - wide))
  const y = Math.round(Math.min(Math.max(by.y, -top), height - top - high))
  const moved: Mask = { ...mask, box: [left + x, top + y, wide, high] }
  // A drag asks for it in each frame: what is known of the mask is known of the moved one.
  return runProblems(mask).length === 0 ? known(moved, Float64Array.from(pixels(mask), (at) => at + x * COLUMN + y)) : moved
}

/** What a ring of corners holds; a gesture previews its corners, since pixels need only be found at its end. */
interface Outlined {
  readonly corners: readonly (readonly [number, number])[]
}

type Preview = Mask & Partial<Outlined>

/** With more begins and ends of runs the rings are no longer traced, which takes 10 ms then, but the pixels themselves drawn. */
const MOST_TRACED = 6_000

const NOTHING: Mask = { box: [0, 0, 1, 1], counts: '1' }

function previewed(corners: Outlined['corners']): Preview {
  return { ...NOTHING, corners }
}

function ended(preview: Preview | null, size: Size): Mask | null {
  return preview?.corners ? maskOf(inRing(preview.corners.map(toPoint), size)) : null
}

function* outline(start: Point, size: Size): Gesture<Mask> {
  return ended(yield* clicks<Preview>(start, size, { least: 3, closes: true, made: previewed }), size)
}

function* rectangle(start: Point, size: Size): Gesture<Mask> {
  let preview = spanning(start, start, size)
  for (;;) {
    const input = yield preview
    if (input.type === 'cancel') return null
    if (input.type === 'up' || input.type === 'finish') return ended(preview, size)
    if (input.type === 'move') preview = spanning(start, input.point, size)
  }
}

function spanning(a: Point, b: Point, size: Size): Preview {
  const [[left, top], [right, bottom]] = [placed(a, size), placed(b, size)]
  return previewed([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
}

const paint: Paint<Mask> = {
  paint: painted,
  isExclusive: (field) => field.options['overlap'] === false,
  isOnePerLabel: (field) => field.options['instances'] === false,
  ways: [
    { id: 'outline', title: 'Paint inside an outline', key: 'Shift+L', icon: 'polygon', draw: outline },
    { id: 'rectangle', title: 'Paint a rectangle', key: 'Shift+R', icon: 'box', draw: rectangle },
  ],
}

export type { Mask }

export const mask: CanvasKind<Mask> = {
  name: 'mask',
  version: 1,
  title: 'Mask',
  surface: 'canvas',
  tool: { title: 'Mask', key: 'M', icon: 'brush' },
  check,
  isShape: (value) => misshapen(value) === null && runProblems(value as Mask).length === 0,
  draw: outline,
  clicks: 'many',
  outline: (value) => {
    const [left, top, width, height] = value.box
    const found = pixels(value)
    const region = { type: 'region' as const, left, top, right: left + width, bottom: top + height, holds: ({ x, y }: Point) => has(found, x, y) }
    if (found.length <= MOST_TRACED) return [{ ...region, rings: ringsOf(found) }]
    return [{ ...region, rings: coarseRingsOf(found, value.box), cover: (level) => coverOf(found, value.box, level) }]
  },
  sketch: (preview: Preview) => sketch(preview.corners ?? [], true),
  handles: () => [],
  moveHandle: (value) => value,
  moveBy,
  paint,
  slice: {
    draw: drawLine,
    isOpen: (field) => !paint.isOnePerLabel(field),
    parts: (value, line) => sides(pixels(value), value.box, line).map(maskOf).filter((part) => part !== null),
  },
  unite: (values) => maskOf(values.reduce<Pixels>((all, value) => both(all, pixels(value)), [])),
  checkTogether,
}
